"""The city that workflow tests complain to: one for the whole test process."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from sealing.vault import Vault
from storage.database import Database
from tests.workflows.city import City


@pytest.fixture(scope="session")
async def city(
    engine: WorkflowEnvironment, database_url: str, master_keys: MasterKeys
) -> AsyncIterator[City]:
    database = Database(database_url, "test-city")
    yield City(engine, database, Vault(SealingKeys.derived(master_keys)))
    await database.close()

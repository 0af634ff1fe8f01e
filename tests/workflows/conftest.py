"""One worker per test process, on the real server with time skipping and the real database."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from temporalio.testing import WorkflowEnvironment

from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from sealing.vault import Vault
from settings import Settings
from storage.database import Database
from storage.migrate import upgrade
from tests.workflows.city import City
from worker import workers


@pytest.fixture(scope="session")
async def city(
    environment: WorkflowEnvironment, database_url: str, master_keys: MasterKeys
) -> AsyncIterator[City]:
    upgrade(database_url)
    keys = SealingKeys.derived(master_keys)
    database = Database(database_url, "test-worker")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        for worker in workers(environment.client, database, keys, {}, Settings()):
            await stack.enter_async_context(worker)
        yield City(environment, database, Vault(keys))

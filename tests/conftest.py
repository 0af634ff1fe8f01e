"""The real servers that tests run against, one pair per test process; no test doubles of either."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.notices import Notices
from runtime.embedded.postgres import EmbeddedPostgres
from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from settings import Settings
from storage.database import Database
from storage.migrate import upgrade
from tests.servers import running_postgres, skipping_temporal
from worker import workers


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def master_keys() -> MasterKeys:
    return MasterKeys.generate()


@pytest.fixture(scope="session")
async def environment(
    anyio_backend: str, master_keys: MasterKeys
) -> AsyncIterator[WorkflowEnvironment]:
    """One for the whole test process: each complaint has its own virtual clock."""
    async with skipping_temporal(master_keys) as environment:
        yield environment


@pytest.fixture(scope="session")
async def engine(
    environment: WorkflowEnvironment, database_url: str, master_keys: MasterKeys
) -> AsyncIterator[WorkflowEnvironment]:
    """The server with the workers behind it, one set for all: a client bears no second one."""
    upgrade(database_url)
    database = Database(database_url, "test-worker")
    keys = SealingKeys.derived(master_keys)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        for worker in workers(
            environment.client, database, keys, Notices(database, {}, keys), Settings()
        ):
            await stack.enter_async_context(worker)
        yield environment


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """Empty, and one for the whole test process."""
    with running_postgres(tmp_path_factory.mktemp("postgres")) as running:
        yield running.server


@pytest.fixture(scope="session")
def database_url(postgres: EmbeddedPostgres) -> str:
    """A fresh database of an ordinary role, without any tables yet."""
    postgres.ensure_database()
    return postgres.url()

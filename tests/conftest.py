"""The real servers that tests run against, one pair per test process; no test doubles of either."""

import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from runtime.embedded.postgres import EmbeddedPostgres
from runtime.master_key import MasterKeys
from runtime.plugin import HotlinePlugin
from runtime.tether import tethered
from workflows.visibility import KEYS

DYNAMIC_CONFIG = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    "history.transferProcessorMaxPollRPS=2000",
    "history.timerProcessorMaxPollRPS=2000",
    "history.visibilityProcessorMaxPollRPS=2000",
    'history.timerProcessorMaxTimeShift="1ms"',
    'history.workflowIdReuseMinimalInterval="0s"',
    "matching.enableFairness=true",
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
)


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
    """A Temporal server whose workflows skip time when told to, with a client that has our plugin.

    Nothing skips by itself: a complaint that is left alone for a moment would run to its last rung.
    The plugin is on the client: give it to no worker again. A day of one-minute retries needs more
    skips than the server's default of 200.
    """
    flags = [flag for value in DYNAMIC_CONFIG for flag in ("--dynamic-config-value", value)]
    async with await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False, max_session_skip_count=20_000),
        plugins=[HotlinePlugin(master_keys)],
        search_attributes=KEYS,
        dev_server_existing_path=str(Path(sys.executable).parent / "temporal"),
        dev_server_extra_args=flags,
        dev_server_startup_timeout=timedelta(seconds=30),
    ) as environment:
        yield environment


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server that forgets durability, ends with this process, and is empty."""
    folder = tmp_path_factory.mktemp("postgres")
    server = EmbeddedPostgres(folder / "server", ("fsync=off", "max_connections=200"))
    server.prepare()
    command = tethered(server.command(), signal.SIGINT, server.system_user)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    server.wait_until_it_answers()
    yield server
    process.send_signal(signal.SIGINT)
    process.wait(10)


@pytest.fixture(scope="session")
def database_url(postgres: EmbeddedPostgres) -> str:
    """A fresh database of an ordinary role, without any tables yet."""
    postgres.ensure_database()
    return postgres.url()

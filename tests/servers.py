"""The real servers, started for a test and stopped after it; a test may stop one in between."""

import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

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


@asynccontextmanager
async def skipping_temporal(master_keys: MasterKeys) -> AsyncIterator[WorkflowEnvironment]:
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


class RunningPostgres:
    """A PostgreSQL server that forgets durability and ends with this process."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedPostgres(folder / "server", ("fsync=off", "max_connections=200"))
        self.server.prepare()
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = tethered(self.server.command(), signal.SIGINT, self.server.system_user)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True
            )
        self.server.wait_until_it_answers()

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(10)
            self._process = None


@contextmanager
def running_postgres(folder: Path) -> Iterator[RunningPostgres]:
    running = RunningPostgres(folder)
    running.start()
    try:
        yield running
    finally:
        running.stop()

"""`hotline up`: the whole system in one terminal.

Starts what is not configured elsewhere (Temporal, PostgreSQL), prepares it, and keeps worker, codec
server and API running until it is told to stop.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from subprocess import CalledProcessError

import httpx

from cli.demo_keys import demo_keys
from runtime.client import configured_address, configured_namespace, connect
from runtime.embedded.ports import PortTaken, require_free
from runtime.embedded.postgres import DatabaseVanished, EmbeddedPostgres
from runtime.embedded.temporal import LOOPBACK, EmbeddedTemporal
from runtime.leftovers import end_leftovers
from runtime.logs import set_up_logging
from runtime.master_key import MasterKeyRefused, MasterKeys
from runtime.only_one import AlreadyRunning, only_one
from runtime.shutdown import run_process
from runtime.supervisor import Service, StepFailed, Supervisor
from runtime.ui_links import saved_views
from runtime.workers import until_a_worker_polls
from settings import Settings
from workflows.queues import COMPLAINTS

SERVERS = ("postgres", "temporal")
PROCESSES = ("worker", "codec", "api")
FOR_THE_WORKER_ONLY = "HOTLINE_METRICS_ADDRESS"  # one port, one process that can serve it
LONGEST_START_SECONDS = 120

REFUSALS = (
    AlreadyRunning,
    PortTaken,
    StepFailed,
    MasterKeyRefused,
    DatabaseVanished,
    CalledProcessError,
    OSError,
)


def up() -> None:
    """Start everything, and keep it running until Ctrl-C."""
    settings = Settings.load()
    set_up_logging(settings)
    run_process(_up(settings))


async def _up(settings: Settings) -> int:
    os.umask(0o077)  # databases, keys and logs are nobody else's
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        with only_one(settings.data):
            await _Start(settings).run()
    except REFUSALS as refusal:
        print(f"hotline: {refusal}", file=sys.stderr)
        return 1
    return 0


class _Start:
    """One run of the system on one data folder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._supervisor = Supervisor(settings.data, _say)
        self._temporal = (
            EmbeddedTemporal(
                settings.data / "temporal",
                settings.temporal_port,
                settings.ui_port,
                settings.codec_port,
            )
            if configured_address() is None
            else None
        )
        self._postgres = (
            EmbeddedPostgres(settings.data / "postgres") if settings.database_url is None else None
        )
        self._environment = self._environment_of_children()

    async def run(self) -> None:
        for name in end_leftovers(self._settings.data / "run"):
            _say(name, "left over from a killed start, ended")
        require_free(self._ports())
        master_keys = MasterKeys.load(self._settings)
        try:
            await self._start_servers()
            await self._supervisor.do(self._process("migrate"))
            await self._supervisor.do(self._process("bootstrap"))
            keys = await self._keys_to_try_it_with()
            begin = datetime.now(UTC)
            for name in PROCESSES:
                self._supervisor.keep(self._process(name))
            await _until(self._api_is_ready, "the API is not ready; see its log")
            await self._until_the_worker_works(master_keys, begin)
            self._announce(keys)
            await asyncio.Event().wait()
        finally:
            print("stopping", flush=True)
            await self._supervisor.stop(PROCESSES)
            await self._supervisor.stop(SERVERS)
            print("stopped", flush=True)

    async def _start_servers(self) -> None:
        if self._postgres is not None:
            self._postgres.prepare()  # here a failure ends the start; later it is tried again
            self._supervisor.keep(
                Service(
                    "postgres",
                    tuple(self._postgres.command()),
                    self._environment,
                    parting=signal.SIGINT,  # ends sessions at once, and cleanly
                    system_user=self._postgres.system_user,
                    prepare=self._postgres.prepare,
                )
            )
        if self._temporal is not None:
            command, prepare = tuple(self._temporal.command()), self._temporal.prepare
            self._supervisor.keep(Service("temporal", command, self._environment, prepare=prepare))
        if self._postgres is not None:
            await _until(self._postgres.answers, "PostgreSQL does not answer; see its log")
            self._postgres.ensure_database()

    def _process(self, name: str) -> Service:
        environment = self._environment
        if name != "worker":
            environment = {k: v for k, v in environment.items() if k != FOR_THE_WORKER_ONLY}
        command = (sys.executable, "-m", "cli.main", name)
        # The worker lets running activities end first.
        return Service(name, command, environment, grace_seconds=35 if name == "worker" else 10)

    def _ports(self) -> dict[str, tuple[str, int]]:
        settings = self._settings
        ports = {
            "HOTLINE_API_PORT": (settings.api_host, settings.api_port),
            "HOTLINE_CODEC_PORT": (settings.codec_host, settings.codec_port),
        }
        if self._temporal is not None:
            ports["HOTLINE_TEMPORAL_PORT"] = (LOOPBACK, settings.temporal_port)
            ports["HOTLINE_UI_PORT"] = (LOOPBACK, settings.ui_port)
        return ports

    def _environment_of_children(self) -> dict[str, str]:
        found = {"HOTLINE_DATA": str(self._settings.data)}
        if self._postgres is not None:
            found["HOTLINE_DATABASE_URL"] = self._postgres.url()
        if self._temporal is not None:
            found["TEMPORAL_ADDRESS"] = self._temporal.address
        return {**os.environ, **found}

    def _api_is_ready(self) -> bool:
        host, port = self._settings.api_host, self._settings.api_port
        ready = httpx.URL(scheme="http", host=host, port=port, path="/readyz")
        try:
            return httpx.get(ready, timeout=5, trust_env=False).is_success
        except httpx.HTTPError:
            return False

    async def _until_the_worker_works(self, master_keys: MasterKeys, begin: datetime) -> None:
        """Before that, the first complaint of an impatient user would hear 202."""
        unmeasured = self._settings.model_copy(update={"metrics_address": None})
        client = await connect(unmeasured, master_keys, role="up", lazy=True)
        try:
            async with asyncio.timeout(LONGEST_START_SECONDS):
                await until_a_worker_polls(client, COMPLAINTS, begin)
        except TimeoutError:
            raise StepFailed("the worker does not poll; see its log") from None

    async def _keys_to_try_it_with(self) -> dict[str, str]:
        """None for a database that others can reach."""
        if self._postgres is None:
            return {}
        return await demo_keys(self._settings, self._postgres.url())

    def _announce(self, keys: dict[str, str]) -> None:
        settings = self._settings
        lines = [("API", f"http://{settings.api_host}:{settings.api_port}/docs")]
        if self._temporal is not None:
            ui = self._temporal.ui_url
            lines.append(("Temporal UI", ui))
            lines.extend(
                saved_views(ui, configured_namespace(), datetime.now().astimezone()).items()
            )
        else:
            lines.append(("Temporal", str(configured_address())))
        lines.append(("Logs", str(settings.data / "log")))
        print("\nHotline is up; Ctrl-C stops it.\n")
        for name, address in lines:
            print(f"  {name:<12} {address}")
        if keys:
            print(f"\nKeys to try it with, also in {settings.data / 'demo-keys.json'}\n")
        for name, secret in keys.items():
            print(f"  {name:<12} {secret}")
        print(flush=True)


async def _until(holds: Callable[[], bool], otherwise: str) -> None:
    """Each try is short, so that Ctrl-C is heard during a slow start too."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + LONGEST_START_SECONDS
    while not await asyncio.to_thread(holds):
        if clock() > deadline:
            raise StepFailed(otherwise)
        await asyncio.sleep(0.1)


def _say(name: str, line: str) -> None:
    print(f"{name:<9} | {line}", flush=True)

"""Keeps child processes running: starts them tethered, restarts what dies, stops all in order."""

import asyncio
import signal
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CalledProcessError

from runtime.leftovers import forget, remember
from runtime.tether import tethered

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 5.0
STEADY_AFTER_SECONDS = 10.0
LARGEST_LOG_BYTES = 20_000_000
LINES_SHOWN = 5


@dataclass(frozen=True)
class Service:
    """A child process: how to start it, and how to ask it to end."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)  # may hold keys
    parting: signal.Signals = signal.SIGTERM
    system_user: str | None = None
    grace_seconds: float = 10
    prepare: Callable[[], None] = lambda: None  # before every start, so it must bear repetition


class StepFailed(Exception):
    """A step of the start ended with an error; its last lines have been shown."""


class Supervisor:
    """One per data folder, which its caller has locked."""

    def __init__(self, folder: Path, say: Callable[[str, str], None]) -> None:
        self._logs, self._pids = folder / "log", folder / "run"
        self._say = say
        self._kept: dict[str, asyncio.Task[None]] = {}
        for path in (self._logs, self._pids):
            path.mkdir(parents=True, exist_ok=True)

    async def do(self, step: Service) -> None:
        """Runs a step to its end."""
        begin = self._rotate(step)
        process = await self._start(step)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await self._end(step, process)
            raise
        finally:
            forget(self._pids, step.name)
        if code:
            self._show_tail(step, begin)
            raise StepFailed(f"{step.name} failed, see {self._log(step)}")

    def keep(self, service: Service) -> None:
        """Runs a service until `stop`."""
        self._kept[service.name] = asyncio.create_task(self._keep(service), name=service.name)

    async def stop(self, names: Iterable[str]) -> None:
        """Ends these services together and returns when the last is gone."""
        tasks = [self._kept.pop(name) for name in names if name in self._kept]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, service: Service) -> None:
        pause = FIRST_PAUSE_SECONDS
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                await self._run(service)
            except (OSError, CalledProcessError) as error:
                self._say(service.name, f"cannot be started: {error}")
            if clock() - began > STEADY_AFTER_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _run(self, service: Service) -> None:
        begin = self._rotate(service)
        process = await self._start(service)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await self._end(service, process)
            forget(self._pids, service.name)
            raise
        self._say(service.name, f"{_ending(code)}, starting it again")
        if code > 0:
            self._show_tail(service, begin)

    async def _start(self, service: Service) -> asyncio.subprocess.Process:
        service.prepare()
        command = tethered(service.command, service.parting, service.system_user)
        with self._log(service).open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=service.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A terminal's Ctrl-C reaches the supervisor's whole group; it alone should act.
                start_new_session=True,
            )
        remember(self._pids, service.name, process.pid, service.command, service.parting)
        return process

    async def _end(self, service: Service, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        process.send_signal(service.parting)
        try:
            async with asyncio.timeout(service.grace_seconds):
                await process.wait()
        except TimeoutError:
            self._say(service.name, "does not end, killed")
            process.kill()
            await process.wait()

    def _log(self, service: Service) -> Path:
        return self._logs / f"{service.name}.log"

    def _rotate(self, service: Service) -> int:
        """Where the new output begins; a log grown large is put aside first."""
        log = self._log(service)
        size = log.stat().st_size if log.exists() else 0
        if size <= LARGEST_LOG_BYTES:
            return size
        log.rename(log.with_suffix(".log.1"))
        return 0

    def _show_tail(self, service: Service, begin: int) -> None:
        with self._log(service).open("rb") as log:
            log.seek(begin)
            lines = log.read().decode(errors="replace").splitlines()
        for line in lines[-LINES_SHOWN:]:
            self._say(service.name, line)


def _ending(code: int) -> str:
    return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

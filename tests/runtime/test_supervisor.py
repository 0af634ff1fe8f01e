"""Children come back after any death, and go when their supervisor goes."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from runtime.embedded.postgres import DatabaseVanished, EmbeddedPostgres
from runtime.embedded.temporal import EmbeddedTemporal
from runtime.leftovers import end_leftovers, remember
from runtime.only_one import AlreadyRunning, only_one
from runtime.supervisor import Service, StepFailed, Supervisor

NAP = (sys.executable, "-c", "import time; time.sleep(60)")

# The supervisor of this script dies by -9; what becomes of its child?
DOOMED = f"""
import asyncio, os
from pathlib import Path
from runtime.supervisor import Service, Supervisor

async def main(folder):
    Supervisor(folder, print).keep(Service("nap", {NAP!r}, dict(os.environ)))
    await asyncio.sleep(60)

import sys
asyncio.run(main(Path(sys.argv[1])))
"""


class Said(list[str]):
    def __call__(self, name: str, line: str) -> None:
        self.append(f"{name}: {line}")


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
async def supervisor(tmp_path: Path, said: Said) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(tmp_path, said)
    yield supervisor
    await supervisor.stop(["nap", "postgres", "temporal"])


def _service(name: str, command: tuple[str, ...], system_user: str | None = None) -> Service:
    parting = signal.SIGINT if name == "postgres" else signal.SIGTERM
    return Service(name, command, dict(os.environ), parting, system_user)


async def _pid(folder: Path, name: str, other_than: int = 0) -> int:
    """The pid on file once the child has left its tether behind."""
    file = folder / "run" / f"{name}.pid"
    async with asyncio.timeout(20):
        while True:
            if file.exists() and (record := file.read_text()):
                pid = int(record.partition('"pid": ')[2].partition(",")[0])
                if pid != other_than and "runtime.tether" not in _command(pid):
                    return pid
            await asyncio.sleep(0.02)


def _command(pid: int) -> list[str]:
    try:
        return psutil.Process(pid).cmdline() or ["runtime.tether"]
    except psutil.NoSuchProcess:
        return ["runtime.tether"]


async def _eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.05)


async def test_a_killed_child_comes_back(
    supervisor: Supervisor, tmp_path: Path, said: Said
) -> None:
    supervisor.keep(_service("nap", NAP))
    first = await _pid(tmp_path, "nap")

    os.kill(first, signal.SIGKILL)

    assert await _pid(tmp_path, "nap", other_than=first)
    assert said == ["nap: ended by SIGKILL, starting it again"]


async def test_what_cannot_be_started_is_tried_again(
    supervisor: Supervisor, tmp_path: Path, said: Said
) -> None:
    def refuse_once() -> None:
        if not said:
            raise PermissionError("closed")

    service = Service("nap", NAP, dict(os.environ), prepare=refuse_once)
    supervisor.keep(service)

    assert await _pid(tmp_path, "nap")
    assert said == ["nap: cannot be started: closed"]


async def test_a_failing_step_shows_its_last_words(supervisor: Supervisor, said: Said) -> None:
    with pytest.raises(StepFailed):
        await supervisor.do(_service("nap", (sys.executable, "-c", "import sys; sys.exit('no')")))

    assert said == ["nap: no"]


async def test_stopping_leaves_nothing_behind(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.keep(_service("nap", NAP))
    pid = await _pid(tmp_path, "nap")

    await supervisor.stop(["nap"])

    assert not psutil.pid_exists(pid)
    assert list((tmp_path / "run").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's tether is Linux's")
async def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    doomed = subprocess.Popen([sys.executable, "-c", DOOMED, str(tmp_path)])
    child = await _pid(tmp_path, "nap")

    doomed.kill()
    doomed.wait()

    await _eventually(lambda: not psutil.pid_exists(child))


def test_leftovers_are_ended_and_strangers_are_not(tmp_path: Path) -> None:
    with subprocess.Popen(NAP) as leftover, subprocess.Popen(NAP) as stranger:
        remember(tmp_path, "leftover", leftover.pid, NAP, signal.SIGTERM)
        remember(tmp_path, "stranger", stranger.pid, ("another", "command"), signal.SIGTERM)
        (tmp_path / "torn.pid").write_text('{"pid": 1')

        ended = end_leftovers(tmp_path)
        survived = stranger.poll() is None
        stranger.kill()

    assert ended == ["leftover"]
    assert survived


def test_a_second_supervisor_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyRunning, match=str(os.getpid())):
        only_one(tmp_path).__enter__()
    with only_one(tmp_path):
        pass


async def test_postgresql_recovers_from_kill_9(supervisor: Supervisor, tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres")
    server.prepare()
    supervisor.keep(_service("postgres", tuple(server.command()), server.system_user))
    await asyncio.to_thread(server.wait_until_it_answers)
    server.ensure_database()
    first = await _pid(tmp_path, "postgres")

    os.kill(first, signal.SIGKILL)
    await _pid(tmp_path, "postgres", other_than=first)

    await _eventually(server.answers)
    server.ensure_database()


def test_a_database_that_is_gone_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres")
    server.prepare()
    (tmp_path / "postgres" / "data").rename(tmp_path / "elsewhere")

    with pytest.raises(DatabaseVanished, match="backup"):
        server.prepare()

    assert not (tmp_path / "postgres" / "data").exists()


async def test_temporal_recovers_from_kill_9(
    supervisor: Supervisor, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    server = EmbeddedTemporal(tmp_path / "temporal", free_port(), free_port(), free_port())
    server.prepare()
    supervisor.keep(_service("temporal", tuple(server.command())))
    await _eventually(server.answers)
    first = await _pid(tmp_path, "temporal")

    os.kill(first, signal.SIGKILL)
    await _pid(tmp_path, "temporal", other_than=first)

    await _eventually(server.answers)

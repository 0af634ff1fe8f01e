"""`hotline up`, whole: real servers, real processes, and `kill -9` of each and of all."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx
import psutil
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.xdist_group("up")]

CHILDREN = ("postgres", "temporal", "worker", "codec", "api")
PATIENCE_SECONDS = 120


class System:
    """One data folder and its ports; started as often as a test likes."""

    def __init__(self, folder: Path, ports: Mapping[str, int]) -> None:
        self.folder = folder
        self.ports = ports
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith(("HOTLINE", "TEMPORAL"))
        }
        settings = {f"HOTLINE_{name}_PORT": str(port) for name, port in ports.items()}
        self._environment = {**inherited, **settings, "HOTLINE_DATA": str(folder)}
        self._started: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "up"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._started.append(process)
        return process

    def start_and_wait(self) -> subprocess.Popen[str]:
        process = self.start()
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("Hotline is up"):
                return process
        raise AssertionError(said)

    def pids(self) -> dict[str, int]:
        files = (self.folder / "run").glob("*.pid")
        return {file.stem: json.loads(file.read_text())["pid"] for file in files}

    def wait_until_whole(self, before: Mapping[str, int]) -> None:
        """Every child runs, none of those killed among them, and the API answers."""
        _eventually(lambda: self.pids().keys() == set(CHILDREN))
        _eventually(lambda: all(map(psutil.pid_exists, self.pids().values())))
        _eventually(lambda: not any(self.pids().get(name) == pid for name, pid in before.items()))
        _eventually(self._serves)

    def _serves(self) -> bool:
        try:
            api = httpx.get(f"http://127.0.0.1:{self.ports['API']}/healthz")
            codec = httpx.post(f"http://127.0.0.1:{self.ports['CODEC']}/decode", json={})
            with socket.create_connection(("127.0.0.1", self.ports["TEMPORAL"]), timeout=1):
                return api.is_success and codec.is_success
        except (OSError, httpx.HTTPError):
            return False

    def end(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def system(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[System]:
    system = System(tmp_path, {name: free_port() for name in ("API", "TEMPORAL", "UI", "CODEC")})
    yield system
    system.end()


def _eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_each_process_comes_back_after_kill_9(system: System) -> None:
    system.start_and_wait()
    for name in CHILDREN:
        pid = system.pids()[name]

        os.kill(pid, signal.SIGKILL)

        system.wait_until_whole({name: pid})


def test_the_next_start_takes_over_after_everything_was_killed(system: System) -> None:
    supervisor = system.start_and_wait()
    before = system.pids()
    supervisor.kill()
    for pid in before.values():
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)

    system.start_and_wait()

    system.wait_until_whole(before)


def test_the_next_start_takes_over_after_the_supervisor_was_killed(system: System) -> None:
    supervisor = system.start_and_wait()
    before = system.pids()
    supervisor.kill()

    system.start_and_wait()

    system.wait_until_whole(before)


def test_a_second_start_says_that_one_is_running(system: System) -> None:
    first = system.start_and_wait()
    second = system.start()
    said, _ = second.communicate(timeout=20)

    assert second.returncode == 1
    assert said == f"hotline: already running on {system.folder} (process {first.pid})\n"
    assert first.poll() is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_quietly(system: System, number: signal.Signals) -> None:
    process = system.start_and_wait()
    pids = system.pids()

    process.send_signal(number)
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert said.endswith("stopping\nstopped\n")
    assert not any(map(psutil.pid_exists, pids.values()))
    assert system.pids() == {}


@pytest.mark.parametrize("moment", ["postgres", "migrate", "bootstrap", "worker"])
def test_it_stops_cleanly_in_the_middle_of_a_start(system: System, moment: str) -> None:
    process = system.start()
    _eventually((system.folder / "run" / f"{moment}.pid").exists)

    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 0, said
    assert said.endswith("stopping\nstopped\n")
    assert system.pids() == {}


@pytest.mark.parametrize("name", ["API", "TEMPORAL", "UI", "CODEC"])
def test_a_taken_port_is_named_with_its_setting(system: System, name: str) -> None:
    with socket.create_server(("127.0.0.1", system.ports[name])):
        said, _ = system.start().communicate(timeout=20)

    assert f"port {system.ports[name]} is taken" in said
    assert f"HOTLINE_{name}_PORT" in said

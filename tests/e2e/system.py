"""`hotline up` as a user starts it: a data folder, free ports, real processes, and `kill -9`."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

from runtime.embedded.postgres import DATABASE, ROLE, EmbeddedPostgres
from tests.ports import free_ports

CHILDREN = ("postgres", "temporal", "worker", "codec", "api")
PATIENCE_SECONDS = 60


def eventually(holds: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.1)


class System:
    """One data folder and its ports; started as often as a test likes."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.said = folder.with_name(f"{folder.name}.out")
        self.ports = dict(zip(("API", "TEMPORAL", "UI", "CODEC"), free_ports(4), strict=True))
        own = {f"HOTLINE_{name}_PORT": str(port) for name, port in self.ports.items()}
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith(("HOTLINE", "TEMPORAL"))
        }
        self._environment = {
            **inherited,
            **own,
            "HOTLINE_DATA": str(folder),
            "HOTLINE_PACK": "demo-fast",
            **settings,
        }
        self.supervisor: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.ports['API']}"

    @property
    def codec(self) -> str:
        return f"http://127.0.0.1:{self.ports['CODEC']}"

    @property
    def temporal(self) -> str:
        return f"127.0.0.1:{self.ports['TEMPORAL']}"

    @property
    def database_url(self) -> str:
        return EmbeddedPostgres(self.folder / "postgres").url()

    def spawn(self) -> subprocess.Popen[bytes]:
        """Another `hotline up` on the same folder; its words are appended to `said`."""
        with self.said.open("ab") as out:
            return subprocess.Popen(
                _hotline("up"), env=self._environment, stdout=out, stderr=subprocess.STDOUT
            )

    def start(self) -> None:
        before = self.said.stat().st_size if self.said.exists() else 0
        self.supervisor = process = self.spawn()

        def is_up() -> bool:
            said = self.said.read_bytes()[before:].decode()
            assert process.poll() is None, said
            return "Hotline is up" in said

        eventually(is_up, "the system's start")

    def run(self, *words: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """A `hotline` command with this system's settings."""
        return subprocess.run(
            _hotline(*words),
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def pids(self) -> dict[str, int]:
        found = {}
        for file in (self.folder / "run").glob("*.pid"):
            with suppress(ValueError, FileNotFoundError):  # just being written, or taken away
                found[file.stem] = int(json.loads(file.read_text())["pid"])
        return found

    def kill(self, *names: str) -> dict[str, int]:
        """`kill -9`; returns who it was."""
        killed = {name: self.pids()[name] for name in names}
        for pid in killed.values():
            os.kill(pid, signal.SIGKILL)
        return killed

    def kill_all(self) -> None:
        assert self.supervisor is not None
        pids = self.pids()
        self.supervisor.kill()
        self.supervisor.wait()
        for pid in pids.values():
            if psutil.pid_exists(pid):
                os.kill(pid, signal.SIGKILL)

    def stop(self, names: Iterable[str] = CHILDREN) -> None:
        """Keeps processes from running without ending them: the supervisor sees nothing amiss."""
        for name in names:
            os.kill(self.pids()[name], signal.SIGSTOP)

    def go_on(self, names: Iterable[str] = CHILDREN) -> None:
        for name in names:
            os.kill(self.pids()[name], signal.SIGCONT)

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """PostgreSQL is gone and cannot come back, for all that the supervisor tries."""
        version = self.folder / "postgres" / "data" / "PG_VERSION"
        away = version.with_name("PG_VERSION.away")
        version.rename(away)
        server = psutil.Process(self.pids()["postgres"])
        for process in (server, *server.children(recursive=True)):
            process.kill()
        try:
            yield
        finally:
            away.rename(version)
        self.wait_until_whole()

    def wait_until_whole(self, before: Mapping[str, int] | None = None) -> None:
        """Every child runs, none of those killed among them, and everything answers."""
        killed = before or {}
        eventually(lambda: self.pids().keys() == set(CHILDREN), "all children")
        eventually(
            lambda: not any(self.pids().get(name) == pid for name, pid in killed.items()),
            "the killed are replaced",
        )
        eventually(self._serves, "everything answers")

    def _serves(self) -> bool:
        try:
            ready = httpx.get(f"{self.api}/readyz", timeout=5)
            codec = httpx.post(f"{self.codec}/decode", json={}, timeout=5)
        except httpx.HTTPError:
            return False
        return ready.is_success and codec.is_success

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read the ledger's tables directly."""
        socket_folder = self.database_url.partition("host=")[2]
        with psycopg.connect(host=socket_folder, user=ROLE, dbname=DATABASE) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def end(self) -> None:
        if self.supervisor is None or self.supervisor.poll() is not None:
            return
        self.supervisor.send_signal(signal.SIGTERM)
        try:
            self.supervisor.wait(60)
        except subprocess.TimeoutExpired:
            self.kill_all()


def _hotline(*words: str) -> list[str]:
    return [sys.executable, "-m", "cli.main", *words]

"""The demonstration's own system: `hotline up` on free ports, with a folder that is made anew."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from itertools import islice
from pathlib import Path

from runtime.leftovers import end_leftovers
from runtime.only_one import only_one
from runtime.tether import tethered

PACK = "demo-fast"
PORTS = (18_000, 19_000)
LONGEST_START_SECONDS, LONGEST_END_SECONDS = 120, 60


class DemoFailed(Exception):
    """The demonstration cannot go on; the message says why."""


class DemoSystem:
    """Whatever the environment configures, this system is embedded and its data are its own."""

    def __init__(self, folder: Path, notices: str) -> None:
        """`notices` is the TOML of webhook destinations."""
        self.folder = folder
        self._notices = notices
        self._ports = dict(zip(("API", "TEMPORAL", "UI", "CODEC"), _free_ports(4), strict=True))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self._ports['API']}"

    @property
    def ui(self) -> str:
        return f"http://localhost:{self._ports['UI']}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def keys(self) -> dict[str, str]:
        """The secrets that `hotline up` makes for trying it, by role."""
        found: dict[str, str] = json.loads((self.folder / "demo-keys.json").read_text())
        return found

    async def start(self) -> None:
        self._make_anew()
        output = self.log / "up.log"
        self._process = self._spawn(output)
        async with asyncio.timeout(LONGEST_START_SECONDS):
            while b"Hotline is up" not in output.read_bytes():
                if self._process.poll() is not None:
                    raise DemoFailed(output.read_text(errors="replace").strip())
                await asyncio.sleep(0.1)

    def _spawn(self, output: Path) -> subprocess.Popen[bytes]:
        with output.open("wb") as log:
            return subprocess.Popen(
                tethered([sys.executable, "-m", "cli.main", "up"]),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C is the demonstration's, which then stops it
            )

    async def wait(self) -> None:
        """Until it ends by itself, which it does not."""
        while self._process is not None and self._process.poll() is None:
            await asyncio.sleep(0.5)

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(LONGEST_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _make_anew(self) -> None:
        """A demonstration begins with nothing; another one that runs is left alone."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with only_one(self.folder):
            end_leftovers(self.folder / "run")
            shutil.rmtree(self.folder)
        self.log.mkdir(parents=True, mode=0o700)
        notices = self.folder / "notices.toml"
        notices.touch(mode=0o600)
        notices.write_text(self._notices, encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HOTLINE_", "TEMPORAL_"))
        }
        ports = {f"HOTLINE_{name}_PORT": str(port) for name, port in self._ports.items()}
        return {
            **inherited,
            **ports,
            "HOTLINE_DATA": str(self.folder),
            "HOTLINE_PACK": PACK,
            "HOTLINE_NOTICES": str(self.folder / "notices.toml"),
        }


def _free_ports(count: int) -> list[int]:
    """Below those that the system gives out by itself: Temporal takes several of them unasked."""
    return list(islice(filter(_is_free, range(*PORTS)), count))


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True

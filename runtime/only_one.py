"""One supervisor per data folder: two Temporal servers on one SQLite file would destroy it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another supervisor holds the data folder."""

    def __init__(self, folder: Path, pid: str) -> None:
        super().__init__(f"already running on {folder} (process {pid or 'unknown'})")


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Holds the folder; the kernel lets go of it when the process ends, however it ends."""
    with (folder / "supervisor.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(folder, lock.read().strip()) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield

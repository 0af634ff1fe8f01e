"""A PostgreSQL server of the run's own, in a folder that goes with it."""

import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.embedded.postgres import EmbeddedPostgres
from runtime.tether import tethered
from storage.migrate import upgrade


@contextmanager
def database_url() -> Iterator[str]:
    """Of a database with all tables and no rows. Nothing of it outlives a crash, nor needs to."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", ("fsync=off",))
        server.prepare()
        command = tethered(server.command(), signal.SIGINT, server.system_user)
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
            try:
                server.wait_until_it_answers()
                server.ensure_database()
                upgrade(server.url())
                yield server.url()
            finally:
                process.send_signal(signal.SIGINT)

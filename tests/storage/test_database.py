import os
import signal
import socket
import time
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from storage.database import Database, DatabaseDown


@pytest.fixture
async def mute() -> AsyncIterator[Database]:
    """A server that takes connections and never says a word."""
    with socket.create_server(
        ("127.0.0.1", 0)
    ) as server:  # connected by the kernel, never accepted
        port = server.getsockname()[1]
        database = Database(f"postgresql+psycopg://hotline@127.0.0.1:{port}/hotline", "tests")
        yield database
        await database.close()


async def test_work_is_committed_at_the_end_and_rolled_back_by_an_error(
    database: Database, number: str
) -> None:
    async with database.transaction() as session:
        await session.execute(text(f'CREATE TABLE "t{number}" (a int)'))
    with pytest.raises(LookupError):  # noqa: PT012
        async with database.transaction() as session:
            await session.execute(text(f'INSERT INTO "t{number}" VALUES (1)'))
            raise LookupError

    async with database.transaction() as session:
        assert await session.scalar(text(f'SELECT count(*) FROM "t{number}"')) == 0
        await session.execute(text(f'DROP TABLE "t{number}"'))


async def test_a_process_names_itself_and_speaks_utc(database: Database) -> None:
    async with database.transaction() as session:
        assert await session.scalar(text("SHOW application_name")) == "hotline-tests"
        assert await session.scalar(text("SHOW timezone")) == "UTC"


async def test_a_server_that_does_not_answer_is_down_within_seconds(mute: Database) -> None:
    started = time.monotonic()

    with pytest.raises(DatabaseDown):
        await mute.ping()

    assert time.monotonic() - started < 4


async def test_a_database_that_hangs_is_given_up_at_once_and_found_again_later(
    database: Database,
) -> None:
    async with database.transaction() as session:
        backend = await session.scalar(text("SELECT pg_backend_pid()"))
    started = time.monotonic()

    os.kill(backend, signal.SIGSTOP)
    try:
        with pytest.raises(DatabaseDown):
            async with database.transaction(longest_seconds=0.3) as session:
                await session.execute(text("SELECT 1"))
    finally:
        os.kill(backend, signal.SIGCONT)

    assert time.monotonic() - started < 2
    await database.ping()


async def test_an_error_shows_the_statement_without_its_values(database: Database) -> None:
    with pytest.raises(ProgrammingError) as failed:
        async with database.transaction() as session:
            await session.execute(text("SELECT :phone FROM nowhere"), {"phone": "13800138000"})

    assert "13800138000" not in str(failed.value)

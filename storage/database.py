"""The engine of one process, and the only place that commits.

Database           engine, sessions, readiness
DatabaseDown       what every outage looks like from outside
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg.errors import Diagnostic
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from storage.connection import PromptConnection

Session = AsyncSession
"""What `Database.transaction` gives; the layers above do not import SQLAlchemy."""

OUTAGES = (OperationalError, InterfaceError, PoolTimeout, TimeoutError)
LONGEST_SECONDS = 10


class DatabaseDown(Exception):
    """PostgreSQL cannot be reached, went away in the middle, or has no room for another session."""


class Database:
    """One per process. Connecting is lazy, so that a process may start before its database."""

    def __init__(self, url: str, application_name: str, pool_size: int = 10) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=2,
            pool_pre_ping=True,
            hide_parameters=True,  # a failed statement must not put its values into a log
            connect_args=_connect_args(application_name),
        )
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(
        self, longest_seconds: float | None = LONGEST_SECONDS
    ) -> AsyncIterator[AsyncSession]:
        """One unit of work: committed at the end, rolled back by any error.

        Raises `DatabaseDown` for an outage, and a database that takes longer than `longest_seconds`
        is one (None: it may take its time); then the work may or may not have been committed.
        """
        try:
            async with asyncio.timeout(longest_seconds), self._sessions.begin() as session:
                yield session
        except OUTAGES as outage:
            raise DatabaseDown(type(outage).__name__) from outage

    async def ping(self) -> None:
        """Raises `DatabaseDown` within about two seconds where the database does not answer."""
        async with self.transaction() as session:
            await session.execute(text("SELECT 1"))

    async def rewrite(self, table: str) -> int:
        """Writes the table's files anew without its dead rows; locks the table for that long.

        Returns how many dead rows had to be kept, because a transaction that is still open could
        see them.
        """
        kept: list[int] = []

        def hear(notice: Diagnostic) -> None:
            count = re.search(r"[0-9]+", notice.message_detail or "")
            if count is not None:
                kept.append(int(count[0]))

        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                driver = (await connection.get_raw_connection()).driver_connection
                assert isinstance(driver, PromptConnection)
                driver.add_notice_handler(hear)
                await connection.execute(text(f"VACUUM (FULL, VERBOSE) {table}"))
                driver.remove_notice_handler(hear)
        except OUTAGES as outage:
            raise DatabaseDown(type(outage).__name__) from outage
        assert kept, "PostgreSQL counts the rows it keeps"
        return sum(kept)

    async def close(self) -> None:
        await self._engine.dispose()


def _connect_args(application_name: str) -> dict[str, Any]:
    return {
        "async_creator_fn": PromptConnection.connect,
        "application_name": f"hotline-{application_name}",
        "connect_timeout": 2,  # the driver's least
        "options": "-c timezone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
        "tcp_user_timeout": 5000,
    }

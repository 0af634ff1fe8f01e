"""The driver's connection, but one that can be given up at once."""

import asyncio
from typing import Any, TypeVar

from psycopg import AsyncConnection
from psycopg.abc import PQGen
from psycopg.waiting import wait_async

Answer = TypeVar("Answer")


class PromptConnection(AsyncConnection[Any]):
    """The driver asks the server to cancel, and waits ten seconds for a server that hangs.

    Here whoever stops waiting closes the connection instead: an outage must not hold up the law.
    """

    async def wait(
        self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None
    ) -> Answer:
        try:
            return await wait_async(gen, self.pgconn.socket, interval=interval, timeout=timeout)
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise

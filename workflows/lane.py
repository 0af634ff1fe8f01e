"""A lane: effects that drain in order beside the main line and never hold it up.

All that waits goes in one batch, one batch at a time. A lane ends with the workflow; a bug in it
surfaces in the main line, which watches `failed`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from temporalio import workflow

T = TypeVar("T")

BATCH = 40
"""At most this many at once: a batch must stay well under a payload's two megabytes."""


class Lane(Generic[T]):
    """Sends what is added, in order; `send` returns once it has been taken for good."""

    def __init__(self, send: Callable[[tuple[T, ...]], Awaitable[None]]) -> None:
        self._send = send
        self._waiting: list[T] = []
        self._task = asyncio.create_task(self._drain())

    def add(self, items: list[T]) -> None:
        self._waiting += items

    @property
    def waiting(self) -> tuple[T, ...]:
        return tuple(self._waiting)

    @property
    def empty(self) -> bool:
        return not self._waiting

    @property
    def failed(self) -> bool:
        return self._task.done()

    def raise_failure(self) -> None:
        if self._task.done():
            self._task.result()

    def stop(self) -> None:
        self._task.cancel()

    async def _drain(self) -> None:
        while True:
            await workflow.wait_condition(lambda: bool(self._waiting))
            batch = tuple(self._waiting[:BATCH])
            await self._send(batch)
            del self._waiting[: len(batch)]

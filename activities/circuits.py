"""Circuit breakers before what a local activity reaches for.

A local activity keeps its complaint's main line waiting for up to a second. Behind an open circuit
it fails at once, and the lane falls to its regular activity, which needs no breaker.
"""

from asyncio import CancelledError
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory


class Circuits:
    """After `failures` in a row a circuit rests for `rest` seconds.

    Only `outages` count, and attempts that were cut off for taking too long: a fault of one
    complaint must not open the circuit for all.
    """

    def __init__(self, *outages: type[BaseException], failures: int = 3, rest: float = 5) -> None:
        counted = (*outages, CancelledError)
        self._breakers = AsyncCircuitBreakerFactory(
            failures, rest, exclude=[(BaseException, lambda error: not isinstance(error, counted))]
        )

    @asynccontextmanager
    async def around(self, name: str) -> AsyncIterator[None]:
        """Guards a local attempt; a regular one passes."""
        if not activity.info().is_local:
            yield
            return
        breaker = await self._breakers.get_breaker(name)
        try:
            async with breaker:
                yield
        except OpenedState:
            raise ApplicationError(
                f"{name} rests", type="CircuitOpen", category=ApplicationErrorCategory.BENIGN
            ) from None

"""The ledger lane's activity: writes what the workflow decided into the legal file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from domain.batch import LedgerBatch
from storage import ledger
from storage.database import Database
from storage.errors import LedgerError

CIRCUIT = "ledger"


class Ledger:
    """The lane tries first as a local activity, which must not keep a workflow task waiting.

    So after `failures` local attempts in a row have found no database, the next ones are refused at
    once for `rest` seconds; the regular activity tries for as long as it takes.
    """

    def __init__(self, database: Database, failures: int = 3, rest: float = 5) -> None:
        self._database = database
        self._breakers = AsyncCircuitBreakerFactory(failures, rest, exclude=[LedgerError])

    @activity.defn(name="append")
    async def append(self, batch: LedgerBatch) -> LedgerBatch:
        """Returns the batch it wrote: of a local activity the history keeps only the result.

        Raises `DatabaseDown`, and `LedgerGap` or `LedgerConflict`, which retry until a person has
        looked: the complaint's law goes on meanwhile.
        """
        if activity.info().is_local:
            async with self._circuit(), self._database.transaction() as session:
                await ledger.append(session, batch)
        else:
            async with self._database.transaction() as session:
                await ledger.append(session, batch)
        return batch

    @asynccontextmanager
    async def _circuit(self) -> AsyncIterator[None]:
        breaker = await self._breakers.get_breaker(CIRCUIT)
        try:
            async with breaker:
                yield
        except OpenedState:
            raise ApplicationError(
                "the ledger rests", type="LedgerRests", category=ApplicationErrorCategory.BENIGN
            ) from None

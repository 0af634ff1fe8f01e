"""The ledger lane's activity: writes what the workflow decided into the legal file."""

from temporalio import activity

from activities.circuits import Circuits
from domain.batch import LedgerBatch
from storage import ledger
from storage.database import Database, DatabaseDown


class Ledger:
    """`failures` and `rest` (seconds) are those of the circuit before the database."""

    def __init__(self, database: Database, failures: int = 3, rest: float = 5) -> None:
        self._database = database
        self._circuits = Circuits(DatabaseDown, failures=failures, rest=rest)

    @activity.defn(name="append")
    async def append(self, batch: LedgerBatch) -> LedgerBatch:
        """Returns the batch it wrote: of a local activity the history keeps only the result.

        Raises `DatabaseDown`, and `LedgerGap` or `LedgerConflict`, which go on failing until a
        person has looked: the complaint's law goes on meanwhile.
        """
        async with self._circuits.around("ledger"), self._database.transaction() as session:
            await ledger.append(session, batch)
        return batch

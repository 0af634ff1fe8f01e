"""The ledger lane's activity: writes what the workflow decided into the legal file."""

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from domain.batch import LedgerBatch
from storage import ledger
from storage.database import Database, DatabaseDown


class Ledger:
    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="append")
    async def append(self, batch: LedgerBatch) -> LedgerBatch:
        """Returns the batch it wrote, so that the history names what stands in the file.

        An outage is asked about again and again, in one line each and without a stack trace.
        `LedgerGap` or `LedgerConflict` go on failing, loudly, until a person has looked: the
        complaint's law goes on meanwhile.
        """
        try:
            async with self._database.transaction() as session:
                await ledger.append(session, batch)
        except DatabaseDown as down:
            activity.logger.warning("complaint %s: the ledger cannot be reached", batch.number)
            raise ApplicationError(
                "the ledger cannot be reached",
                type="DatabaseDown",
                category=ApplicationErrorCategory.BENIGN,
            ) from down
        return batch

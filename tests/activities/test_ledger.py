import time
from collections.abc import AsyncIterator

import pytest
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from activities.ledger import Ledger
from domain.batch import LedgerBatch
from domain.event import EventKind
from storage import events
from storage.database import Database
from storage.errors import LedgerConflict
from tests.storage.files import batch, event, file_of


@pytest.fixture
async def gone() -> AsyncIterator[Database]:
    """A database that nobody serves."""
    database = Database("postgresql+psycopg://hotline@/hotline?host=/nowhere", "tests")
    yield database
    await database.close()


async def append(ledger: Ledger, one: LedgerBatch) -> LedgerBatch:
    written = await ActivityEnvironment().run(ledger.append, one)
    assert isinstance(written, LedgerBatch)
    return written


async def test_the_batch_that_was_written_is_returned(database: Database, number: str) -> None:
    given = batch(number, *file_of(number, 2))

    assert await append(Ledger(database), given) == given

    async with database.transaction() as session:
        assert [one.event for one in await events.of(session, number)] == list(given.events)


async def test_a_conflict_in_one_file_keeps_no_other_from_the_ledger(
    database: Database, number: str
) -> None:
    ledger = Ledger(database)
    await append(ledger, batch(number, event(number, 1)))
    for _ in range(5):
        with pytest.raises(LedgerConflict):
            await append(ledger, batch(number, event(number, 1, EventKind.CLOSED)))

    other = batch(number + "0", event(number + "0", 1))
    assert await append(ledger, other) == other


async def test_an_outage_is_noticed_in_about_a_second_and_told_without_a_stack_trace(
    gone: Database, number: str
) -> None:
    started = time.monotonic()

    with pytest.raises(ApplicationError) as down:
        await append(Ledger(gone), batch(number, event(number, 1)))

    assert time.monotonic() - started < 1
    assert down.value.type == "DatabaseDown"
    assert down.value.category is ApplicationErrorCategory.BENIGN

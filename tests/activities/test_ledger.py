import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.ledger import Ledger
from domain.batch import LedgerBatch
from domain.event import EventKind
from storage import events
from storage.database import Database, DatabaseDown
from storage.errors import LedgerConflict
from tests.storage.files import batch, event, file_of


@pytest.fixture
async def gone() -> AsyncIterator[Database]:
    """A database that nobody serves."""
    database = Database("postgresql+psycopg://hotline@/hotline?host=/nowhere", "tests")
    yield database
    await database.close()


async def append(ledger: Ledger, one: LedgerBatch, local: bool) -> LedgerBatch:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, is_local=local)
    written = await environment.run(ledger.append, one)
    assert isinstance(written, LedgerBatch)
    return written


@pytest.mark.parametrize("local", [True, False])
async def test_the_batch_that_was_written_is_returned(
    database: Database, number: str, local: bool
) -> None:
    given = batch(number, *file_of(number, 2))

    assert await append(Ledger(database), given, local) == given

    async with database.transaction() as session:
        assert [one.event for one in await events.of(session, number)] == list(given.events)


async def test_after_three_local_failures_the_next_are_refused_at_once(
    gone: Database, number: str
) -> None:
    ledger = Ledger(gone)
    given = batch(number, event(number, 1))
    for _ in range(3):
        with pytest.raises(DatabaseDown):
            await append(ledger, given, local=True)

    with pytest.raises(ApplicationError) as refused:
        await append(ledger, given, local=True)

    assert refused.value.type == "CircuitOpen"
    with pytest.raises(DatabaseDown):  # the regular lane is never held back
        await append(ledger, given, local=False)


async def test_a_circuit_that_has_rested_lets_the_database_prove_itself(
    database: Database, gone: Database, number: str
) -> None:
    ledger = Ledger(gone, failures=1, rest=0.05)
    given = batch(number, event(number, 1))
    with pytest.raises(DatabaseDown):
        await append(ledger, given, local=True)
    ledger._database = database
    await asyncio.sleep(0.1)

    assert await append(ledger, given, local=True) == given


async def test_a_fault_in_one_file_closes_the_ledger_to_no_other(
    database: Database, number: str
) -> None:
    ledger = Ledger(database)
    await append(ledger, batch(number, event(number, 1)), local=True)
    for _ in range(5):
        with pytest.raises(LedgerConflict):
            await append(ledger, batch(number, event(number, 1, EventKind.CLOSED)), local=True)

    other = batch(number + "0", event(number + "0", 1))
    assert await append(ledger, other, local=True) == other


async def test_an_outage_is_noticed_in_about_a_second(gone: Database, number: str) -> None:
    started = time.monotonic()

    with pytest.raises(DatabaseDown):
        await append(Ledger(gone), batch(number, event(number, 1)), local=True)

    assert time.monotonic() - started < 1

import anyio
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from domain.event import EventKind
from domain.vocabulary import Role, Stage
from storage import labels, ledger
from storage.database import Database
from storage.errors import LedgerConflict, LedgerGap
from storage.tables import ComplaintRow, EventRow, OrderRow
from tests.storage.files import ENGINE, at, batch, event, file_of, order, state


async def append(database: Database, *batches: object) -> None:
    for one in batches:
        async with database.transaction() as session:
            await ledger.append(session, one)  # type: ignore[arg-type]


async def sequences(database: Database, number: str) -> list[int]:
    async with database.transaction() as session:
        query = select(EventRow.sequence).where(EventRow.number == number)
        return list(await session.scalars(query.order_by(EventRow.sequence)))


async def test_the_projection_is_the_newest_state(database: Database, number: str) -> None:
    first = event(number, 1, state=state(number, orders=(order(number),)))
    second = event(
        number,
        2,
        EventKind.DISPATCHED,
        state=state(number, stage=Stage.HANDLING, unit="subdistrict-1", orders=(order(number),)),
    )

    await append(database, batch(number, first), batch(number, second))

    async with database.transaction() as session:
        row = await session.get(ComplaintRow, number)
        lead = await session.get(OrderRow, f"{number}.1.1")
    assert row is not None
    assert (row.stage, row.unit, row.sequence, row.as_of) == ("handling", "subdistrict-1", 2, at(2))
    assert lead is not None
    assert lead.next_due_at == at(24)


async def test_the_same_batch_twice_is_written_once(database: Database, number: str) -> None:
    whole = batch(number, *file_of(number, 3))

    await append(database, whole, whole, batch(number, *file_of(number, 2)))

    assert await sequences(database, number) == [1, 2, 3]


async def test_a_batch_that_was_half_known_is_completed(database: Database, number: str) -> None:
    await append(database, batch(number, *file_of(number, 2)), batch(number, *file_of(number, 5)))

    assert await sequences(database, number) == [1, 2, 3, 4, 5]


async def test_twenty_attempts_at_once_write_one_file(database: Database, number: str) -> None:
    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(append, database, batch(number, *file_of(number, 4)))

    assert await sequences(database, number) == [1, 2, 3, 4]


async def test_another_event_under_the_same_sequence_is_an_error(
    database: Database, number: str
) -> None:
    await append(database, batch(number, event(number, 1)))

    with pytest.raises(LedgerConflict) as refused:
        await append(database, batch(number, event(number, 1, EventKind.CLOSED)))

    assert (refused.value.number, refused.value.sequence) == (number, 1)


async def test_an_event_never_comes_before_its_predecessor(database: Database, number: str) -> None:
    with pytest.raises(LedgerGap):
        await append(database, batch(number, event(number, 1), event(number, 3)))

    assert await sequences(database, number) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind = 'closed' WHERE number = :number",
        "DELETE FROM events WHERE number = :number",
        "TRUNCATE events",
    ],
)
async def test_no_event_is_ever_changed_or_deleted(
    database: Database, number: str, statement: str
) -> None:
    await append(database, batch(number, event(number, 1)))

    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as session:
            await session.execute(text(statement), {"number": number})

    assert await sequences(database, number) == [1]


async def test_what_a_person_decides_is_kept_beside_the_guess(
    database: Database, number: str
) -> None:
    clerk = ENGINE.model_copy(update={"role": Role.HOTLINE, "key": "desk", "person": "8001"})
    guess = event(number, 1, EventKind.CLASSIFIED, body={"category": "noise"})
    decision = event(
        number, 2, EventKind.CLASSIFIED, actor=clerk, body={"category": "heat", "was": "noise"}
    )

    await append(database, batch(number, guess, decision))

    async with database.transaction() as session:
        (label,) = await labels.of(session, number)
    assert (label.guessed, label.decided, label.decided_by) == ("noise", "heat", "8001")


async def test_no_character_that_a_sender_may_use_stops_the_ledger(
    database: Database, number: str
) -> None:
    odd = "\x00 😀 \ufffe \\u0000"
    told = event(number, 1, body={"name": odd}, state=state(number, category=odd, waiting_on=odd))

    await append(database, batch(number, told), batch(number, told))

    async with database.transaction() as session:
        row = await session.get(EventRow, (number, 1))
    assert row is not None
    assert row.body == {"name": odd}


async def test_a_step_that_two_batches_share_is_projected_whole(
    database: Database, number: str
) -> None:
    clocks = [
        event(number, sequence, EventKind.CLOCK_SET, body={"clock": clock, "explanation": []})
        for sequence, clock in ((1, "dispatch"), (3, "citizen"))
    ]
    registered = event(number, 2, state=state(number))

    for line in (clocks[0], registered, clocks[1]):
        await append(database, batch(number, line))

    async with database.transaction() as session:
        row = await session.get(ComplaintRow, number)
    assert row is not None
    assert (row.sequence, row.as_of, set(row.deadlines)) == (3, at(3), {"dispatch", "citizen"})

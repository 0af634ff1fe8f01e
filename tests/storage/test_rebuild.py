from collections.abc import Sequence

import pytest
from sqlalchemy import text

from domain.event import Event, EventKind
from domain.vocabulary import OrderState, Stage
from storage import complaints, events, ledger, orders
from storage.database import Database
from storage.rebuild import Finding, rebuild
from tests.storage.files import at, batch, event, order, state


def told(number: str) -> list[Event]:
    lead = order(number)
    done = order(number, state=OrderState.COMPLETED, completed_at=at(2))
    clock = {"clock": "citizen", "explanation": [{"day": "2026-09-25", "counted": 1}]}
    handling = {"stage": Stage.HANDLING, "unit": lead.unit, "next_due_at": at(24)}
    return [
        event(number, 1, state=state(number)),
        event(number, 2, EventKind.CLOCK_SET, body=clock),
        event(number, 3, EventKind.DISPATCHED, state=state(number, orders=(lead,), **handling)),
        event(number, 4, EventKind.COMPLETED, state=state(number, orders=(done,), **handling)),
    ]


async def write(database: Database, number: str, file: Sequence[Event]) -> None:
    async with database.transaction() as session:
        await ledger.append(session, batch(number, *file))


async def run(
    database: Database, number: str, history: Sequence[Event] | None = None, check: bool = False
) -> Finding:
    async with database.transaction() as session:
        return await rebuild(session, number, history, check)


async def execute(database: Database, statement: str, number: str) -> None:
    async with database.transaction() as session:
        await session.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        await session.execute(text(statement), {"n": number})
        await session.execute(text("ALTER TABLE events ENABLE TRIGGER USER"))


async def test_the_fold_of_the_events_equals_the_projection(
    database: Database, number: str
) -> None:
    for line in told(number):
        await write(database, number, [line])

    from_events = await run(database, number, check=True)
    from_history = await run(database, number, told(number), check=True)

    assert (from_events.differences, from_history.differences) == ((), ())
    assert from_events.digest == from_history.digest
    assert (from_events.from_history, from_history.from_history) == (False, True)
    assert from_history.acknowledged == 4


@pytest.mark.parametrize("from_history", [True, False])
@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM complaints WHERE number = :n",
        "DELETE FROM orders WHERE number = :n",
        "UPDATE complaints SET stage = 'closed' WHERE number = :n",
        "UPDATE complaints SET deadlines = '{}' WHERE number = :n",
        "UPDATE orders SET unit = 'other' WHERE number = :n",
        "UPDATE orders SET id = id || '9' WHERE number = :n",
        "UPDATE complaints SET state = '{\"number\": 1}' WHERE number = :n",
    ],
)
async def test_a_damaged_projection_is_reported_and_then_put_right(
    database: Database, number: str, damage: str, from_history: bool
) -> None:
    await write(database, number, told(number))
    history = told(number) if from_history else None
    sound = (await run(database, number, history, check=True)).digest
    await execute(database, damage, number)

    assert (await run(database, number, history, check=True)).differences
    assert (await run(database, number, history, check=True)).differences  # it changed nothing
    rebuilt = await run(database, number, history)

    assert rebuilt.differences
    assert rebuilt.digest == sound
    assert (await run(database, number, history, check=True)).differences == ()


async def test_events_that_an_older_backup_lost_come_back_from_the_history(
    database: Database, number: str
) -> None:
    await write(database, number, told(number)[:2])

    reported = await run(database, number, told(number), check=True)
    await run(database, number, told(number))

    assert "events 3 to 4 are missing" in reported.differences
    async with database.transaction() as session:
        assert [line.event for line in await events.of(session, number)] == told(number)
    await write(database, number, [event(number, 5, EventKind.FROZEN)])  # and the lane goes on


async def test_what_was_written_but_not_yet_acknowledged_is_no_difference(
    database: Database, number: str
) -> None:
    await write(database, number, told(number))

    finding = await run(database, number, told(number)[:3])

    assert finding.differences == ()
    assert finding.acknowledged == 3
    async with database.transaction() as session:
        lead = await orders.get(session, f"{number}.1.1")
    assert lead is not None
    assert lead.order.state is OrderState.COMPLETED


async def test_two_truths_are_reported_and_neither_is_chosen(
    database: Database, number: str
) -> None:
    await write(database, number, told(number))
    other = [*told(number)[:3], event(number, 4, EventKind.CLOSED, state=state(number))]

    finding = await run(database, number, other)

    assert finding.beyond_repair
    assert finding.differences == ("event 4 differs from the history's",)
    async with database.transaction() as session:
        read = await complaints.get(session, number)
    assert read is not None
    assert read.state.stage is Stage.HANDLING


async def test_nothing_is_rebuilt_from_a_broken_chain(database: Database, number: str) -> None:
    await write(database, number, told(number))
    await execute(database, "UPDATE events SET body = '{}' WHERE number = :n", number)

    finding = await run(database, number)

    assert finding.beyond_repair
    assert "the chain breaks at 2" in finding.differences[0]


async def test_a_projection_without_any_event_is_taken_away(
    database: Database, number: str
) -> None:
    await write(database, number, told(number))
    await execute(database, "DELETE FROM events WHERE number = :n", number)

    assert (await run(database, number)).differences == ("no event stands behind the projection",)

    async with database.transaction() as session:
        assert await complaints.get(session, number) is None

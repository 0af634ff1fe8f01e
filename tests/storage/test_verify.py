import pytest
from sqlalchemy import text

from domain.chain import GENESIS, link
from storage import events, ledger
from storage.database import Database
from storage.verify import Verdict, verify, verify_one
from tests.storage.files import at, batch, event, file_of


async def write(database: Database, number: str, length: int) -> None:
    async with database.transaction() as session:
        await ledger.append(session, batch(number, *file_of(number, length)))


async def tamper(database: Database, statement: str, **values: object) -> None:
    """What only someone with the database's own password can do."""
    async with database.transaction() as session:
        await session.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        await session.execute(text(statement), values)
        await session.execute(text("ALTER TABLE events ENABLE TRIGGER USER"))


async def verdict(database: Database, number: str) -> Verdict:
    async with database.transaction() as session:
        return await verify_one(session, number)


async def test_each_event_stands_on_the_one_before(database: Database, number: str) -> None:
    await write(database, number, 2)

    async with database.transaction() as session:
        first, second = await events.of(session, number)

    assert first.previous_hash == GENESIS
    assert second.previous_hash == first.hash == link(GENESIS, first.event)
    assert second.hash == link(first.hash, second.event)


async def test_a_file_that_nobody_touched_is_whole(database: Database, number: str) -> None:
    await write(database, number, 5)

    assert await verdict(database, number) == Verdict(number, 5)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'closed'",
        "acted_at = acted_at + interval '1 microsecond'",
        "received_at = acted_at",
        "due_at = acted_at",
        """actor = '{"role": "engine", "key": "other"}'""",
        """body = '{"a": 1}'""",
        "state = NULL",
        "hash = repeat('0', 64)",
        "previous_hash = repeat('1', 64)",
    ],
)
async def test_whatever_is_changed_breaks_the_chain_there(
    database: Database, number: str, change: str
) -> None:
    await write(database, number, 5)

    await tamper(
        database, f"UPDATE events SET {change} WHERE number = :n AND sequence = 3", n=number
    )

    assert (await verdict(database, number)).broken_at == 3


@pytest.mark.parametrize("lost", [1, 3, 5])
async def test_a_line_that_is_taken_out_is_missed(
    database: Database, number: str, lost: int
) -> None:
    await write(database, number, 5)

    await tamper(
        database, "DELETE FROM events WHERE number = :n AND sequence = :s", n=number, s=lost
    )

    assert (await verdict(database, number)).broken_at == lost


async def test_a_file_that_vanished_is_missed(database: Database, number: str) -> None:
    await write(database, number, 5)

    await tamper(database, "DELETE FROM events WHERE number = :n", n=number)

    assert (await verdict(database, number)).broken_at == 1


async def test_the_break_of_one_file_is_no_break_of_another(
    database: Database, number: str
) -> None:
    await write(database, number, 3)
    await write(database, number + "0", 3)
    await tamper(database, "UPDATE events SET due_at = acted_at WHERE number = :n", n=number)

    async with database.transaction() as session:
        verdicts = {one.number: one.broken_at async for one in verify(session)}

    assert (verdicts[number], verdicts[number + "0"]) == (1, None)


def test_a_field_that_a_later_model_adds_breaks_no_old_chain(number: str) -> None:
    told = event(number, 1, due_at=None)

    assert link(GENESIS, told) == link(GENESIS, told.model_copy(update={"received_at": None}))
    assert link(GENESIS, told) != link(GENESIS, told.model_copy(update={"received_at": at(1)}))

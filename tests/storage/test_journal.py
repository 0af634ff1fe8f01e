from dataclasses import replace
from datetime import timedelta

import anyio
import pytest

from storage import journal
from storage.database import Database
from storage.journal import Entered, Entry
from tests.storage.files import START, at

GRACE = timedelta(seconds=5)


@pytest.fixture
def entry(number: str) -> Entry:
    return Entry(
        number=number,
        act_id=f"act-{number}",
        kind=journal.SUBMISSION,
        key_id="channel-1",
        idempotency_key=f"key-{number}",
        body_hash="hash",
        body={"matter": {"text": "sealed:v1:AAAA"}},
        received_at=START,
    )


def act(entry: Entry, name: str) -> Entry:
    key = f"{entry.number}-{name}"
    return replace(entry, kind="interim", act_id=key, idempotency_key=key)


async def enter(database: Database, entry: Entry) -> Entered:
    async with database.transaction() as session:
        return await journal.enter(session, entry, GRACE)


async def heads(database: Database, number: str, hours: float = 1) -> list[int]:
    """What a relay may take now, of this test's complaint."""
    async with database.transaction() as session:
        claimed = await journal.claim(session, at(hours), limit=1000)
        return [row.id for row in claimed if row.number == number]


async def test_of_twenty_identical_posts_at_once_one_creates(
    database: Database, entry: Entry
) -> None:
    entered: list[Entered] = []

    async def post(number: str) -> None:
        entered.append(await enter(database, replace(entry, number=number)))

    async with anyio.create_task_group() as posts:
        for draw in range(20):  # each request draws a number before it knows of the others
            posts.start_soon(post, f"{entry.number}{draw}")

    assert sum(one.created for one in entered) == 1
    assert len({one.row.number for one in entered}) == 1


async def test_of_twenty_posts_of_one_external_id_at_once_one_creates(
    database: Database, entry: Entry
) -> None:
    entered: list[Entered] = []

    async def post(key: str) -> None:
        told = replace(entry, channel="letter", external_id=entry.number, idempotency_key=key)
        entered.append(await enter(database, told))

    async with anyio.create_task_group() as posts:
        for key in range(20):
            posts.start_soon(post, f"{entry.number}-{key}")

    assert sum(one.created for one in entered) == 1
    assert len({one.row.id for one in entered}) == 1


async def test_the_first_answer_is_kept_for_every_repeat(database: Database, entry: Entry) -> None:
    first = await enter(database, entry)
    async with database.transaction() as session:
        assert await journal.settle(session, first.row.id, 201, {"stage": "registered"})
        assert not await journal.settle(session, first.row.id, 409, {"stage": "closed"})

    again = await enter(database, entry)

    assert not again.created
    assert (again.row.state, again.row.status) == ("delivered", 201)
    assert again.row.response == {"stage": "registered"}


async def test_the_relay_takes_only_the_oldest_pending_act_of_a_complaint(
    database: Database, entry: Entry
) -> None:
    first, second = [(await enter(database, one)).row.id for one in (entry, act(entry, "second"))]

    assert await heads(database, entry.number) == [first]
    async with database.transaction() as session:
        assert await journal.has_earlier_pending(session, second)
        await journal.settle(session, first, 201, {})
        assert not await journal.has_earlier_pending(session, second)
    assert await heads(database, entry.number) == [second]


async def test_a_fresh_act_is_left_to_the_request_that_brought_it(
    database: Database, entry: Entry
) -> None:
    await enter(database, entry)

    assert await heads(database, entry.number, hours=1 / 3600) == []


async def test_an_act_that_was_tried_waits_before_it_is_tried_again(
    database: Database, entry: Entry
) -> None:
    first = (await enter(database, entry)).row.id

    assert await heads(database, entry.number) == [first]
    assert await heads(database, entry.number) == []
    assert await heads(database, entry.number, hours=1.1) == [first]


async def test_two_relays_never_take_the_same_act(database: Database, entry: Entry) -> None:
    await enter(database, entry)
    taken: list[int] = []

    async def relay() -> None:
        taken.extend(await heads(database, entry.number))

    async with anyio.create_task_group() as relays:
        for _ in range(5):
            relays.start_soon(relay)

    assert len(taken) == 1


async def test_the_journal_knows_a_complaint_before_the_workflow_does(
    database: Database, entry: Entry
) -> None:
    await enter(database, entry)
    await enter(database, act(entry, "later"))

    async with database.transaction() as session:
        found = await journal.submission(session, entry.number)

    assert found is not None
    assert found.body == entry.body


def repeat(entry: Entry, name: str) -> Entry:
    """A submission under a number of its own that only repeats the entry's complaint."""
    own = f"{entry.number}-{name}"
    return replace(entry, number=own, act_id=own, idempotency_key=own, attach_to=entry.number)


async def test_a_repeat_stands_in_the_line_of_the_complaint_that_it_goes_to(
    database: Database, entry: Entry
) -> None:
    ids = [
        (await enter(database, one)).row.id
        for one in (entry, repeat(entry, "r1"), repeat(entry, "r2"), act(entry, "later"))
    ]

    for place, id_ in enumerate(ids):
        async with database.transaction() as session:
            waiting = [await journal.has_earlier_pending(session, one) for one in ids[place:]]
            claimed = await journal.claim(session, at(place + 1), limit=1000)
        assert waiting == [False, *[True] * (len(ids) - place - 1)]
        assert [row.id for row in claimed if row.id in ids] == [id_]
        async with database.transaction() as session:
            await journal.settle(session, id_, 200, {})


async def test_an_act_on_a_repeat_waits_behind_it(database: Database, entry: Entry) -> None:
    later = repeat(entry, "r")
    ids = [(await enter(database, one)).row.id for one in (later, act(later, "act"))]

    async with database.transaction() as session:
        waiting = [await journal.has_earlier_pending(session, one) for one in ids]

    assert waiting == [False, True]


async def test_a_repeat_that_came_too_late_is_a_complaint_of_its_own(
    database: Database, entry: Entry
) -> None:
    open_ = replace(entry, body=entry.body | {"pack": "cn-beijing"})
    attached, late, pending = (repeat(open_, name) for name in ("attached", "late", "pending"))
    ids = [(await enter(database, one)).row.id for one in (open_, attached, late, pending)]

    async with database.transaction() as session:
        for id_, status in zip(ids, (201, 200, 201), strict=False):
            await journal.settle(session, id_, status, {})
        numbers = [one.number for one in (open_, attached, late, pending)]
        own = await journal.own_complaints(session, numbers, "cn-beijing")
        elsewhere = await journal.own_complaints(session, numbers, "cn-jinan")
        repeats = await journal.repeats_of(session, open_.number)

    assert own == {open_.number, late.number}
    assert elsewhere == set()
    assert [row.number for row in repeats] == [attached.number, pending.number]

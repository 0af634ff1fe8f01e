import base64
import secrets

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.errors import InvalidRule
from domain.event import EventKind
from domain.vocabulary import OrderState, Stage, Tier
from storage import access_log, complaints, ledger, orders
from storage.access_log import Read
from storage.database import Database
from storage.errors import BadCursor
from storage.filters import Filters
from storage.rates import events_for_rates
from tests.storage.files import START, at, batch, event, order, state


@pytest.fixture
def district() -> str:
    """A district that no other test's complaints are in."""
    return f"district-{secrets.token_hex(4)}"


async def put(database: Database, number: str, **fields: object) -> None:
    async with database.transaction() as session:
        told = event(number, 1, state=state(number, **fields))
        await ledger.append(session, batch(number, told))


async def numbers(database: Database, **filters: object) -> list[str]:
    async with database.transaction() as session:
        page = await complaints.find(session, Filters(**filters))  # type: ignore[arg-type]
        return [read.state.number for read in page.items]


async def test_the_nearest_due_comes_first_and_what_waits_for_none_last(
    database: Database, number: str, district: str
) -> None:
    for suffix, due in (("a", None), ("b", at(5)), ("c", at(1)), ("d", None)):
        await put(database, number + suffix, district=district, next_due_at=due)

    found = await numbers(database, district=district)

    assert found == [number + suffix for suffix in "cbad"]


async def test_pages_show_every_complaint_once_although_others_come_and_go(
    database: Database, number: str, district: str
) -> None:
    for place in range(10):  # pairs that are due at the same instant, and two that never are
        due = at(place // 2) if place < 8 else None
        await put(database, f"{number}{place}", district=district, next_due_at=due)
    seen: list[str] = []
    cursor = None

    for step in range(10):
        async with database.transaction() as session:
            page = await complaints.find(session, Filters(district=district), cursor, limit=3)
        seen += [read.state.number for read in page.items]
        await put(database, f"{number}-early-{step}", district=district, next_due_at=START)
        cursor = page.next
        if cursor is None:
            break

    assert seen == [f"{number}{place}" for place in range(10)]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "bnVsbA==", base64.urlsafe_b64encode(b'["2026-01-01T00:00:00", "1"]').decode()],
)
async def test_a_cursor_that_no_page_gave_is_refused(database: Database, cursor: str) -> None:
    async with database.transaction() as session:
        with pytest.raises(BadCursor):
            await complaints.find(session, Filters(), cursor)


async def test_all_filters_that_are_given_must_hold(
    database: Database, number: str, district: str
) -> None:
    fields = {"tier": Tier.UTILITY, "stage": Stage.HANDLING, "overdue": True, "waiting_on": "u1"}
    await put(database, number, district=district, next_due_at=at(3), unit="u1", **fields)
    await put(database, number + "x", district=district, next_due_at=at(3), unit="u2")

    both = {number, number + "x"}
    for narrowing in (
        {"tier": "utility"},
        {"stage": "handling"},
        {"overdue": True},
        {"waiting_on": "u1"},
        {"unit": "u1"},
    ):
        assert await numbers(database, district=district, **narrowing) == [number]
    assert set(await numbers(database, district=district, due_before=at(3.1))) == both
    assert await numbers(database, district=district, due_before=at(3)) == []
    assert set(await numbers(database, district=district, updated_since=START)) == both
    assert await numbers(database, district=district, updated_since=at(24 * 365 * 100)) == []


def test_a_filter_that_no_row_can_match_is_refused_by_name() -> None:
    with pytest.raises(InvalidRule) as refused:
        Filters(unit="\x00")

    assert refused.value.field == "unit"


async def test_a_unit_sees_its_own_orders_and_with_cc_those_of_its_sub_units(
    database: Database, number: str, district: str
) -> None:
    theirs = order(number, unit=f"{district}-street", cc=(district,))
    help_ = order(number, id=f"{number}.1.2", unit=f"{district}-water", state=OrderState.ENDED)
    await put(
        database, number, district=district, unit=f"{district}-street", orders=(theirs, help_)
    )

    for unit in (district, f"{district}-street", f"{district}-water"):
        assert await numbers(database, visible_to=unit) == [number]
    assert await numbers(database, visible_to=f"{district}-parks") == []
    async with database.transaction() as session:
        seen = await orders.find(session, Filters(visible_to=district))
        assert [read.order.id for read in seen.items] == [theirs.id]
        assert await orders.may_see(session, number, district)
        assert await orders.has_open(session, number, f"{district}-street")
        assert not await orders.has_open(session, number, f"{district}-water")
        assert not await orders.has_open(session, number, district)


async def test_orders_that_bind_nobody_any_more_come_last(
    database: Database, number: str, district: str
) -> None:
    ended = order(number, state=OrderState.ENDED, due_at=at(1))
    late = order(number, id=f"{number}.1.2", due_at=at(9))
    soon = order(number, id=f"{number}.1.3", due_at=at(2), state=OrderState.ACCEPTED)
    await put(database, number, district=district, orders=(ended, late, soon))

    async with database.transaction() as session:
        first = await orders.find(session, Filters(district=district), limit=2)
        second = await orders.find(session, Filters(district=district), first.next, limit=2)

    assert [read.order.id for read in first.items] == [soon.id, late.id]
    assert [read.order.id for read in second.items] == [ended.id]
    assert second.next is None


async def test_each_clock_keeps_the_explanation_of_its_newest_deadline(
    database: Database, number: str
) -> None:
    def set_clock(sequence: int, clock: str, rule: str) -> object:
        body = {"clock": clock, "explanation": [{"day": "2026-09-25", "counted": 1, "rule": rule}]}
        return event(number, sequence, EventKind.CLOCK_SET, body=body, state=state(number))

    told = [
        set_clock(1, "citizen", "old"),
        set_clock(2, "order", "o"),
        set_clock(3, "citizen", "new"),
    ]
    for one in told:
        async with database.transaction() as session:
            await ledger.append(session, batch(number, one))  # type: ignore[arg-type]

    async with database.transaction() as session:
        explained = await complaints.deadlines(session, number)

    assert explained is not None
    assert {clock: body["explanation"][0]["rule"] for clock, body in explained.items()} == {
        "citizen": "new",
        "order": "o",
    }


async def test_a_file_counts_in_the_period_in_which_its_evaluation_ended(
    database: Database, number: str
) -> None:
    ended = event(number, 2, EventKind.EVALUATION_ENDED, due_at=at(48), state=state(number))
    after = event(number, 3, EventKind.CLOSED, due_at=at(48), state=state(number, sequence=3))
    async with database.transaction() as session:
        await ledger.append(session, batch(number, event(number, 1), ended, after))

        async def counted(since: float, until: float) -> list[list[int]]:
            files = events_for_rates(session, at(since), at(until))
            return [
                [one.sequence for one in file] async for file in files if file[0].number == number
            ]

        assert await counted(48, 49) == [[1, 2, 3]]
        assert await counted(0, 48) == []


async def test_who_read_a_person_stands_in_the_access_log_and_cannot_be_taken_out(
    database: Database, number: str
) -> None:
    read = Read(
        number=number, key_id="unit-1", person="8001", field="person", reason="visit", at=START
    )
    async with database.transaction() as session:
        await access_log.record(session, read)

    async with database.transaction() as session:
        assert await access_log.of(session, number) == [read]
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as session:
            await session.execute(text("DELETE FROM access_log"))

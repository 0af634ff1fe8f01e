"""Rungs on the real server: each at its due instant, for one complaint and for many at once."""

import asyncio
from datetime import timedelta

import pytest

from domain.event import Event, EventKind
from domain.vocabulary import Stage
from tests.workflows.city import STREET, City

pytestmark = pytest.mark.anyio

ON_TIME = timedelta(seconds=2)
LADDERS = ("sign_off", "contact", "citizen", "order")


def lags(events: list[Event]) -> list[timedelta]:
    return [event.acted_at - event.due_at for event in events if event.due_at is not None]


async def test_every_rung_fires_within_two_seconds_of_its_due_instant(city: City) -> None:
    case = await city.complain()
    await case.until_stage(Stage.DISPATCHED)
    state = await case.pass_time(days=24)

    fired = await case.events(EventKind.RUNG_FIRED, EventKind.EXPIRED)
    rungs = await case.rungs()
    # One ladder beside the other: which comes first depends on the hour of the dispatch.
    assert {ladder: [r for r in rungs if r.startswith(f"{ladder}.")] for ladder in LADDERS} == {
        "sign_off": ["sign_off.half", "sign_off.red"],
        "contact": ["contact.most", "contact.red", "contact.urge"],
        "citizen": ["citizen.red", "citizen.urge", "citizen.supervise", "citizen.last_resort"],
        "order": [
            *("order.half", "order.most", "order.yellow"),
            *("order.most", "order.red", "order.last_resort"),  # the supervision's
        ],
    }
    assert [event.due_at for event in fired] == sorted(e.due_at for e in fired if e.due_at)
    assert timedelta(0) <= min(lags(fired))
    assert max(lags(fired)) <= ON_TIME
    assert all(event.body["lag"] <= ON_TIME.total_seconds() for event in fired)
    assert state.overdue
    assert state.stage is Stage.HANDLING


async def test_the_one_timer_says_what_is_next_when_and_on_whom(city: City) -> None:
    case = await city.complain()
    state = await case.until_stage(Stage.DISPATCHED)
    await case.events()

    history = await case.handle.fetch_history()
    started = [e for e in history.events if e.HasField("timer_started_event_attributes")]
    cancelled = [e for e in history.events if e.HasField("timer_canceled_event_attributes")]
    assert len(started) - len(cancelled) == 1
    converter = city.environment.client.data_converter
    (summary,) = await converter.decode([started[-1].user_metadata.summary], [str])
    assert state.next_due_at is not None
    assert state.next_due in (f"sign_off half: {STREET}", f"contact most: {STREET}")
    assert summary == f"{state.next_due} {state.next_due_at:%Y-%m-%d %H:%M}Z"


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_two_hundred_complaints_at_once_all_escalate_on_time(city: City) -> None:
    cases = [await city.complain() for _ in range(200)]
    for case in cases:
        await case.until_stage(Stage.DISPATCHED)
    await asyncio.gather(*(case.pass_time(hours=25) for case in cases))

    files = [await case.events(EventKind.RUNG_FIRED) for case in cases]
    of_contact = [[e for e in events if "contact" in e.body["clock"]] for events in files]
    rungs = {tuple(event.body["rung"] for event in events) for events in of_contact}
    assert rungs == {("most", "red")}, "none is left out, none fires twice"
    late = sorted(lag.total_seconds() for events in files for lag in lags(events))
    assert late[len(late) // 2] <= 2, "the median"
    assert late[-1] <= 10, "the worst of two hundred in one instant"

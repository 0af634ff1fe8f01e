"""The engine is down and comes back: what came due meanwhile fires once, in order, with its lag."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from domain.event import EventKind
from domain.vocabulary import Stage, Tier
from tests.workflows.city import Case, City

pytestmark = pytest.mark.anyio

GAS = "urban.utilities.gas"


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


async def stopped_after_the_first_rung(city: City, queue: str) -> tuple[Case, datetime]:
    """An emergency four seconds old, its worker gone; begun anew where a machine took longer."""
    for _ in range(10):
        async with city.worker(queue):
            leak = "小区燃气泄漏"
            case = await city.complain(leak, pack="demo-fast", category=GAS, task_queue=queue)
            state = await case.until_stage(Stage.DISPATCHED)
            assert state.tier is Tier.EMERGENCY
            assert state.dispatched_at is not None
            start = state.dispatched_at
            await case.pass_until(max(await case.now(), start + seconds(4)))
            rungs = await case.rungs()
        if await case.now() < start + seconds(5):
            assert rungs == ["sign_off.red"]
            return case, start
    raise AssertionError("the machine is too busy to see a second pass")


async def test_after_a_stop_each_rung_fires_once_and_reminders_collapse_into_the_last(
    city: City,
) -> None:
    """In `demo-fast` an emergency is due in ten seconds; five of them pass without a worker."""
    queue = f"law-{uuid4()}"
    case, start = await stopped_after_the_first_rung(city, queue)

    while await case.now() < start + seconds(8.5):
        await asyncio.sleep(0.05)

    async with city.worker(queue):
        fired = (await case.until(EventKind.RUNG_FIRED, 5))[1:]
        assert [(e.body["clock"].split(".")[0], e.body["rung"]) for e in fired] == [
            ("contact", "most"),
            ("order", "most"),
            ("order", "yellow"),
            ("contact", "red"),
        ]
        assert [e.body.get("collapsed") for e in fired] == [None, ["half"], None, None]
        due = [e.due_at - start for e in fired if e.due_at]
        assert due == [seconds(6.4), seconds(8), seconds(8), seconds(8)]
        downtime = seconds(8.5 - 4)
        for event in fired:
            assert event.due_at is not None
            assert event.body["lag"] == (event.acted_at - event.due_at).total_seconds()
            assert seconds(0) < event.acted_at - event.due_at <= downtime + seconds(5)

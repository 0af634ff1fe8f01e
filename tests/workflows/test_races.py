"""Races on the real server: what was received in time counts, although the engine comes late."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from domain.acts import Act
from domain.event import EventKind
from domain.outcome import ActOutcome
from domain.vocabulary import Outcome, Stage
from tests.workflows.city import Case, City, payload

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


@pytest.fixture
def queue() -> str:
    """A task queue whose worker the test starts and stops."""
    return f"law-{uuid4()}"


async def dispatched(city: City, queue: str) -> Case:
    case = await city.complain(task_queue=queue)
    await case.until_stage(Stage.DISPATCHED)
    await case.act("sign_off")
    await case.act("contact", at=await case.now(), means="phone", reached=True)
    return case


@asynccontextmanager
async def applied_late(
    city: City, queue: str, case: Case, name: str, act: Act, due_at: datetime
) -> AsyncIterator[ActOutcome]:
    """The act reaches the server while no worker runs, and the due instant passes."""
    await case.skip_until(due_at)
    sending = asyncio.create_task(case.send(name, act))
    async with city.worker(queue):
        yield await sending


async def test_a_completion_in_the_instant_of_the_deadline_is_in_time(
    city: City, queue: str
) -> None:
    async with city.worker(queue):
        case = await dispatched(city, queue)
        due_at = (await case.state()).due_at
        assert due_at is not None
        await case.pass_until(due_at - HOUR)
        answer = {"result": "solved", "answer": "已清运", "received_at": due_at}
        complete = await case.build("complete", **answer)

    async with applied_late(city, queue, case, "complete", complete, due_at) as outcome:
        assert outcome.refusal is None
        assert outcome.state.stage is Stage.EVALUATING
        assert not outcome.state.overdue
        (completed,) = await case.events(EventKind.COMPLETED)
        assert completed.received_at == due_at
        assert completed.acted_at > due_at
        fired = [r for r in await case.rungs() if r.startswith("citizen")]
        overtaken = await case.events(EventKind.RUNGS_OVERTAKEN)
        assert fired == [f"citizen.{key}" for event in overtaken for key in event.body["rungs"]]


async def test_an_evaluation_at_the_instant_of_silent_close_counts(city: City, queue: str) -> None:
    async with city.worker(queue):
        case = await dispatched(city, queue)
        done = await case.act("complete", result="solved", answer="已清运")
        clock = next(c for c in done.state.clocks if c.kind == "evaluation")
        assert clock.due_at is not None
        await case.pass_until(clock.due_at - HOUR)
        verdict = {"contacted": "yes", "resolved": "yes", "satisfied": "very"}
        evaluate = await case.build("evaluate", round=1, received_at=clock.due_at, **verdict)

    due_at = clock.due_at
    async with applied_late(city, queue, case, "evaluate", evaluate, due_at) as outcome:
        assert outcome.refusal is None
        assert outcome.state.outcome is Outcome.RESOLVED


async def test_a_signal_that_the_workflow_takes_after_the_deadline_is_late(
    city: City, queue: str
) -> None:
    async with city.worker(queue):
        case = await dispatched(city, queue)
        state = await case.state()
        assert state.due_at is not None
        # What a signal wakes stays pending without a worker, and no time is skipped meanwhile.
        await case.pass_until(state.due_at - timedelta(seconds=2))

    claimed = (state.due_at - HOUR).isoformat()
    body = {"order": state.orders[0].id, "result": "solved", "received_at": claimed}
    await case.signal("complete", payload(body))
    while await case.now() < state.due_at:
        await asyncio.sleep(0.05)
    async with city.worker(queue):
        (completed,) = await case.until(EventKind.COMPLETED)
        assert completed.received_at is not None
        assert completed.received_at > state.due_at
        assert "citizen.red" in await case.rungs()
        assert (await case.state()).overdue

"""How long histories grow: the events that an operator scrolls through, and the server keeps."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from temporalio.api.enums.v1 import EventType

from domain.vocabulary import OrderKind, Outcome, Role, Stage
from tests.workflows.city import Case, City

pytestmark = pytest.mark.anyio

BEIJING = ZoneInfo("Asia/Shanghai")
OF_THE_TEST_SERVER = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
}
"""What skipping time adds to a history; time that passes by itself adds none of it."""


async def history_size(case: Case) -> int:
    history = await case.handle.fetch_history()
    return sum(1 for event in history.events if event.event_type not in OF_THE_TEST_SERVER)


async def in_hand(city: City) -> Case:
    """Signed off, and the citizen contacted."""
    case = await city.complain()
    await case.until_stage(Stage.DISPATCHED)
    await case.act("sign_off")
    await case.act("contact", at=await case.now(), means="phone", reached=True)
    return case


async def pleased(case: Case) -> None:
    """The citizen says so, and aftercare passes."""
    verdict = {"contacted": "yes", "resolved": "yes", "satisfied": "very"}
    await case.act("evaluate", role=Role.CITIZEN, round=1, **verdict)
    await case.city.environment.fast_forward(case.handle, timedelta(days=32))
    assert await case.handle.result() == Outcome.RESOLVED


async def test_a_normal_life_takes_at_most_150_events(city: City) -> None:
    case = await in_hand(city)
    await case.pass_time(days=4.5)
    assert await case.rungs() == ["order.half"]
    await case.act("complete", result="solved", answer="已清运")
    await case.pass_time(hours=1)
    await pleased(case)

    assert await history_size(case) <= 150


async def test_every_review_that_a_deferral_may_have_and_supervision_take_at_most_400_events(
    city: City,
) -> None:
    case = await in_hand(city)
    for _ in range(3):
        now = await case.now()
        told = {"at": now, "means": "phone"}
        asked = {"reason": "等待年度计划", "measures": "已列入计划", "citizen_told": told}
        review_on = (now.astimezone(BEIJING) + timedelta(days=29)).date()
        await case.act("defer", **asked, review_on=review_on)
        deferred = await case.act("rule", subject="deferral", decision="upheld")
        assert deferred.state.stage is Stage.DEFERRED
        state = await case.pass_time(days=31)
    assert state.orders[-1].kind is OrderKind.SUPERVISION
    await case.act("complete", result="cannot_be_solved", answer="已列入明年计划")
    await case.pass_time(hours=1)
    await pleased(case)

    assert await history_size(case) <= 400

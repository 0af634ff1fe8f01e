"""The life of a complaint from the first word to the citizen's verdict."""

import pytest

from domain.vocabulary import Outcome, Stage
from tests.workflows.city import City

pytestmark = pytest.mark.anyio


async def test_an_answered_and_resolved_complaint_is_closed(city: City) -> None:
    case = await city.complain()
    state = await case.until_stage(Stage.DISPATCHED)
    assert state.unit == "110105001"

    await case.act("sign_off")
    await case.act("contact", at=await case.now(), means="phone", reached=True)
    await case.pass_time(hours=30)
    done = await case.act("complete", result="solved", answer="已责令停工并处罚")
    assert done.state.stage is Stage.EVALUATING

    await case.pass_time(hours=2)
    verdict = await case.act(
        "evaluate", role="citizen", round=1, contacted="yes", resolved="yes", satisfied="very"
    )
    assert verdict.state.stage is Stage.CLOSED
    assert verdict.state.outcome is Outcome.RESOLVED

    await case.pass_time(days=31)
    assert await case.handle.result() == "resolved"

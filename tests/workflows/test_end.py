"""How a run ends: after aftercare it drains and completes, and no later act reaches it."""

from datetime import timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.event import EventKind
from domain.submission import IntakeDisposition
from domain.vocabulary import DispositionKind, Outcome, Role, Stage
from tests.workflows.city import STREET, Case, City

pytestmark = pytest.mark.anyio

OUTSIDE_DUTY = IntakeDisposition(
    kind=DispositionKind.OUTSIDE_DUTY, answer="这不属于本市职责", basis="art-11"
)


async def withdrawn(city: City) -> Case:
    case = await city.complain()
    await case.until_stage(Stage.DISPATCHED)
    await case.act("withdraw", role=Role.CITIZEN)
    return case


async def test_after_aftercare_the_run_ends_and_a_further_act_is_answered(city: City) -> None:
    case = await withdrawn(city)
    state = await case.state()
    late = await case.build("withdraw", role=Role.CITIZEN, revoke=True)
    assert state.waiting_on == "hotline"

    await case.city.environment.fast_forward(case.handle, timedelta(days=32))

    assert await case.handle.result() == "withdrawn"
    with pytest.raises(RPCError) as refused:
        await case.send("withdraw", late)
    assert refused.value.status is RPCStatusCode.NOT_FOUND


async def test_the_ledger_has_every_line_before_the_run_ends(city: City) -> None:
    case = await withdrawn(city)
    await case.city.environment.fast_forward(case.handle, timedelta(days=32))
    await case.handle.result()

    events = await case.events()
    assert events[-1].kind is EventKind.FROZEN
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))


async def test_a_withdrawal_revoked_in_aftercare_goes_back_to_the_unit(city: City) -> None:
    case = await withdrawn(city)
    await case.pass_time(days=3)
    revoked = await case.act("withdraw", role=Role.CITIZEN, revoke=True)
    assert revoked.state.stage is Stage.DISPATCHED

    done = await case.act("complete", result="solved", answer="已清运")

    assert done.state.stage is Stage.EVALUATING


async def test_a_late_negative_evaluation_takes_the_run_from_aftercare_into_a_round(
    city: City,
) -> None:
    case = await city.complain()
    await case.until_stage(Stage.DISPATCHED)
    await case.act("complete", result="solved", answer="已清运")
    closed = await case.pass_time(days=9)
    assert (closed.stage, closed.outcome) == (Stage.CLOSED, Outcome.NOT_REACHED)
    late = {"contacted": "yes", "resolved": "no", "satisfied": "no"}

    again = await case.act("evaluate", role=Role.CITIZEN, round=1, **late)

    assert (again.state.stage, again.state.round) == (Stage.DISPATCHED, 2)
    signed = await case.act("sign_off")
    assert signed.state.stage is Stage.HANDLING


async def test_a_disposition_at_intake_is_evaluated_and_contested_into_an_order(
    city: City,
) -> None:
    case = await city.complain(disposition=OUTSIDE_DUTY)
    state = await case.until_stage(Stage.EVALUATING)
    assert (state.disposition, state.orders) == (DispositionKind.OUTSIDE_DUTY, ())
    received_at = state.received_at
    await case.act("contest", role=Role.CITIZEN, reason="是你们的职责")
    await case.pass_time(days=2)

    ruling = {"subject": "contest", "decision": "upheld"}
    await case.act("rule", role=Role.SUPERVISOR, person="wang", **ruling)

    state = await case.until_stage(Stage.DISPATCHED)
    assert (state.unit, state.received_at) == (STREET, received_at)


async def test_a_pending_contest_keeps_the_run_open_until_it_is_ruled_on(city: City) -> None:
    case = await city.complain(disposition=OUTSIDE_DUTY)
    await case.until_stage(Stage.EVALUATING)
    closed = await case.pass_time(days=9)
    assert (closed.stage, closed.outcome) == (Stage.CLOSED, Outcome.NOT_ACCEPTED)
    await case.act("contest", role=Role.CITIZEN, reason="是你们的职责")
    assert (await case.pass_time(days=45)).stage is Stage.CLOSED
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    ruling = {"subject": "contest", "decision": "rejected"}
    await case.act("rule", role=Role.SUPERVISOR, person="wang", **ruling)

    assert await case.handle.result() == "not_accepted"

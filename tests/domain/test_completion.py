"""Completion: the answer of a unit, what it ends and what it opens; facts and repeats meanwhile."""

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Result, Role, Stage
from tests.domain.desk import HOTLINE, NUMBER, OTHER_STREET, STREET, SUPERVISION, Desk, local

UNITS_RESULTS = {Result.SOLVED, Result.PARTLY, Result.EXPLAINED, Result.UNABLE}


@pytest.mark.parametrize("signed_off", [True, False])
def test_the_leads_completion_stops_the_clocks_and_opens_the_evaluation(signed_off: bool) -> None:
    desk = Desk()
    if signed_off:
        desk.take("sign_off")
    desk.wait(hours=1)

    desk.take("complete", result="solved", answer="sealed:v1:cleared")

    assert (desk.case.stage, desk.lead.state) == (Stage.EVALUATING, OrderState.COMPLETED)
    assert (desk.lead.completed_at, desk.lead.result) == (desk.now, Result.SOLVED)
    assert not desk.citizen.running
    assert desk.told("completed") == [HOTLINE, f"citizen:{NUMBER}"]
    desk.wait(days=6)
    assert desk.rungs() == []


@pytest.mark.parametrize("result", Result)
def test_each_kind_of_order_has_its_own_results(result: Result) -> None:
    desk = Desk()
    refusal = desk.act("complete", result=result)
    assert (refusal is None) == (result in UNITS_RESULTS)

    supervised = Desk()
    supervised.take("supervise")
    order = supervised.order(OrderKind.SUPERVISION)
    refusal = supervised.act("complete", order=order.id, result=result)
    assert (refusal is None) == (result not in UNITS_RESULTS)


def test_an_order_is_completed_once() -> None:
    desk = Desk()
    desk.take("complete", result="solved")

    assert desk.act("complete", result="solved") == "already-done"


def test_a_late_completion_is_taken_and_stays_late() -> None:
    desk = Desk()
    desk.wait_until(local(3, 10, 12))

    desk.take("complete", result="solved")

    assert desk.citizen.overdue
    assert desk.of(EventKind.RUNGS_OVERTAKEN) == []


def test_a_supervised_matter_is_answered_by_the_supervision_alone() -> None:
    desk = Desk()
    former = desk.lead
    desk.wait(days=1)
    desk.take("supervise")
    desk.wait(days=1)

    assert former.cause is EndCause.SUPERSEDED
    assert desk.act("complete", order=former.id, result="solved") == "window-closed"
    supervision = desk.order(OrderKind.SUPERVISION)
    desk.take("complete", order=supervision.id, result="redone")

    assert desk.case.stage is Stage.EVALUATING
    assert desk.act("complete", order=former.id, result="solved") == "order-ended"


def test_a_timely_answer_that_arrives_after_supervision_began_takes_its_place_back() -> None:
    desk = Desk()
    desk.wait_until(local(3, 15, 1))
    former = desk.order(OrderKind.LEAD)
    assert former.cause is EndCause.SUPERSEDED

    desk.take("complete", order=former.id, result="solved", received_at=local(3, 10))

    assert (former.state, desk.case.stage) == (OrderState.COMPLETED, Stage.EVALUATING)
    assert not desk.order(OrderKind.SUPERVISION).live
    assert not desk.case.supervised
    assert not desk.citizen.overdue


def test_a_refused_answer_does_not_take_the_place_of_the_supervision() -> None:
    desk = Desk()
    desk.wait_until(local(3, 15, 1))
    former = desk.order(OrderKind.LEAD)

    refusal = desk.act("complete", order=former.id, result="redone", received_at=local(3, 10))

    assert refusal == "unlawful"
    assert desk.order(OrderKind.SUPERVISION).live


@pytest.mark.parametrize("role", ["citizen", "hotline"])
def test_added_facts_are_told_to_all_open_orders_and_move_no_clock(role: str) -> None:
    desk = Desk(co_handlers=(OTHER_STREET,))
    due = desk.due()

    desk.take("add_facts", role=role, text="sealed:v1:it smells")

    assert desk.told("facts_added") == [STREET, OTHER_STREET]
    assert desk.due() == due
    assert desk.of(EventKind.FACTS_ADDED)[0].body["text"] == "sealed:v1:it smells"


def test_only_what_the_hotline_notes_acknowledges_an_emergency_transfer() -> None:
    desk = Desk(until=Stage.TRIAGE)
    way = {"kind": "emergency_transfer", "basis": "art-11"}
    desk.take("classify", category="urban.municipal.waste", disposition=way)

    desk.take("add_facts", role="citizen", text="sealed:v1:hurry")
    assert desk.clock(ClockKind.ACKNOWLEDGEMENT).running
    desk.take("add_facts", role="hotline", text="sealed:v1:fire brigade has it")

    assert desk.case.clock_of(ClockKind.ACKNOWLEDGEMENT) is None


@pytest.mark.parametrize("role", ["hotline", "channel"])
def test_a_repeat_is_one_more_contact_on_the_open_complaint(role: str) -> None:
    desk = Desk()

    desk.take("attach", role=role, reference="phone-77")
    desk.take("attach", role=role, reference="phone-78")

    assert desk.case.attached == 2
    assert desk.told("attached") == [STREET, STREET]


@pytest.mark.parametrize("name", ["add_facts", "attach"])
def test_a_closed_complaint_takes_neither_facts_nor_repeats(name: str) -> None:
    desk = Desk()
    desk.take("withdraw", role="citizen")

    body = {"reference": "phone-77"} if name == "attach" else {"text": "sealed:v1:more"}
    assert desk.act(name, **body) == "wrong-stage"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR, Role.CHANNEL, Role.CITIZEN])
def test_nobody_but_the_unit_completes_its_order(role: Role) -> None:
    assert Desk().act("complete", role=role, result="solved") == "wrong-role"


def test_a_supervision_order_belongs_to_the_supervision_desk() -> None:
    desk = Desk()
    desk.take("supervise")
    order = desk.order(OrderKind.SUPERVISION)

    assert order.unit == SUPERVISION
    assert desk.act("complete", order=order.id, result="redone", unit_acting=STREET) == "wrong-role"

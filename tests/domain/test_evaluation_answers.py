"""What each answer of the citizen does, before and after completion: the decision table."""

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Outcome, Stage
from tests.domain.citizen import answer_again, answered, expired, say
from tests.domain.desk import DISTRICT, OTHER_STREET, STREET, Desk

RESOLVED = ("yes", "partly", "no", "unknown")
SATISFIED = ("very", "yes", "basic", "no", "very_no", "unknown")
EVERY_ANSWER = [(resolved, satisfied) for resolved in RESOLVED for satisfied in SATISFIED]


def displeased(satisfied: str) -> bool:
    return satisfied in ("no", "very_no")


@pytest.mark.parametrize("satisfied", ["very", "yes", "basic"])
def test_before_completion_resolved_and_satisfied_ends_the_open_orders(satisfied: str) -> None:
    desk = expired(co_handlers=(OTHER_STREET,))
    say(desk, resolved="yes", satisfied=satisfied)

    assert desk.case.stage is Stage.CLOSED
    assert desk.case.outcome is Outcome.RESOLVED
    assert {order.cause for order in desk.case.orders} == {EndCause.CONFIRMED_BY_CITIZEN}
    assert sorted(desk.told("order_confirmed_by_citizen")) == [STREET, OTHER_STREET]


def test_an_order_that_the_citizen_confirms_past_its_due_is_late() -> None:
    desk = expired()
    desk.wait(hours=1)
    say(desk, resolved="yes", satisfied="yes")

    assert [event.body["late"] for event in desk.of(EventKind.ORDER_ENDED)] == [True]


def test_an_order_that_the_citizen_confirms_at_its_due_instant_is_in_time() -> None:
    desk = expired()
    say(desk, resolved="yes", satisfied="yes")

    assert [event.body["late"] for event in desk.of(EventKind.ORDER_ENDED)] == [False]


@pytest.mark.parametrize(
    ("resolved", "satisfied"),
    [(r, s) for r, s in EVERY_ANSWER if r != "yes" or s in ("no", "very_no", "unknown")],
)
def test_before_completion_any_other_answer_is_recorded_and_told_and_starts_no_round(
    resolved: str, satisfied: str
) -> None:
    desk = expired()
    say(desk, resolved=resolved, satisfied=satisfied)

    assert desk.case.round == 1
    assert desk.case.stage is Stage.HANDLING
    assert desk.lead.live
    assert desk.of(EventKind.EVALUATED)[-1].body["satisfied"] == satisfied
    assert desk.told("evaluated_before_answer") == [STREET, DISTRICT]


def test_before_completion_a_decided_answer_ends_the_asking_and_the_ladder_runs_on() -> None:
    desk = expired()
    say(desk, resolved="no", satisfied="no")
    assert desk.case.open_opening() is None

    desk.wait(days=2)

    assert desk.rungs(ClockKind.CITIZEN) == ["citizen.red", "citizen.urge"]
    assert desk.of(EventKind.CALLBACK_DUE) == []


@pytest.mark.parametrize(("resolved", "satisfied"), EVERY_ANSWER)
def test_after_completion_each_answer_starts_a_round_closes_or_leaves_the_asking_open(
    resolved: str, satisfied: str
) -> None:
    desk = answered()
    say(desk, resolved=resolved, satisfied=satisfied)

    if resolved in ("no", "partly") or displeased(satisfied):
        assert (desk.case.round, desk.case.stage) == (2, Stage.DISPATCHED)
    elif resolved == "yes":
        assert (desk.case.round, desk.case.outcome) == (1, Outcome.RESOLVED)
    else:
        assert (desk.case.round, desk.case.stage) == (1, Stage.EVALUATING)


def test_whether_partly_starts_a_round_is_for_the_pack_to_say() -> None:
    desk = answered(evaluation={"partly_is_negative": False})
    say(desk, resolved="partly", satisfied="basic")

    assert desk.case.outcome is Outcome.PARTLY


def test_contacted_no_counts_against_response_only() -> None:
    desk = answered()
    say(desk, contacted="no", resolved="yes", satisfied="yes")

    assert desk.case.outcome is Outcome.RESOLVED
    assert desk.of(EventKind.EVALUATED)[-1].body["contacted"] == "no"


def test_a_negative_answer_starts_the_one_automatic_round_and_a_second_the_supervision() -> None:
    desk = answered()
    say(desk, resolved="no", satisfied="no")
    assert desk.case.round == 2
    answer_again(desk)

    say(desk, resolved="no", satisfied="very_no")

    assert desk.case.round == 2
    assert desk.order(OrderKind.SUPERVISION).live
    assert desk.of(EventKind.SUPERVISED)[-1].body["cause"] == "second_negative"


def test_a_pack_without_an_automatic_round_goes_to_supervision_at_once() -> None:
    desk = answered(evaluation={"automatic_rounds": 0})
    say(desk, resolved="no", satisfied="no")

    assert desk.case.round == 1
    assert desk.order(OrderKind.SUPERVISION).live


def test_resolved_yes_with_satisfied_no_in_the_second_round_still_counts_as_resolved() -> None:
    desk = answered()
    say(desk, resolved="yes", satisfied="no")
    assert desk.case.round == 2
    assert desk.of(EventKind.EVALUATED)[-1].body["resolved"] == "yes"

    answer_again(desk)
    say(desk, resolved="yes", satisfied="yes")

    assert desk.case.outcome is Outcome.RESOLVED


def test_a_deferred_complaint_is_asked_and_its_answer_starts_no_round() -> None:
    desk = Desk()
    told = {"at": desk.now, "means": "phone"}
    desk.take(
        "defer",
        reason="sealed:v1:r",
        measures="sealed:v1:m",
        review_on="2026-03-20",
        citizen_told=told,
    )
    desk.take("rule", subject="deferral", decision="upheld")
    assert desk.case.stage is Stage.DEFERRED

    say(desk, resolved="no", satisfied="no")

    assert (desk.case.round, desk.case.stage) == (1, Stage.DEFERRED)
    assert desk.lead.state is not OrderState.ENDED

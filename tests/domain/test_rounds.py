"""The next round at a higher hand, the one supervision order, and how each of them ends."""

import pytest

from domain.event import EventKind
from domain.vocabulary import (
    ClockKind,
    EndCause,
    OrderKind,
    OrderState,
    Outcome,
    Role,
    Stage,
    WindowName,
)
from tests.domain.citizen import ANGRY, PLEASED, answer_again, answered, disposed, expired, say
from tests.domain.desk import DISTRICT, STREET, SUPERVISION, Desk, local

LAST_RESORT = "executive-meeting"
DEPARTMENT = "urban-management"


@pytest.mark.parametrize(
    ("former", "higher"),
    [
        (STREET, DISTRICT),
        (DISTRICT, SUPERVISION),
        (DEPARTMENT, SUPERVISION),
        (SUPERVISION, LAST_RESORT),
    ],
)
def test_the_new_round_is_led_by_the_higher_hand(former: str, higher: str) -> None:
    desk = answered(lead=former)
    say(desk, **ANGRY)

    assert (desk.lead.unit, desk.lead.round) == (higher, 2)
    assert desk.of(EventKind.ROUND_BEGUN)[-1].body == {"round": 2, "unit": higher}


def test_the_former_lead_becomes_a_co_handler() -> None:
    desk = answered()
    say(desk, **ANGRY)

    helper = desk.order(OrderKind.CO_HANDLING)
    assert (helper.unit, helper.serves, helper.round) == (STREET, desk.lead.id, 2)


def test_the_last_resort_leads_its_own_second_round_alone() -> None:
    desk = answered(lead=LAST_RESORT)
    say(desk, **ANGRY)

    assert desk.lead.unit == LAST_RESORT
    assert [order.kind for order in desk.case.live_orders()] == [OrderKind.LEAD]


def test_the_new_round_has_a_new_citizen_clock_with_the_redo_window() -> None:
    desk = answered()  # on Tuesday 3 March
    say(desk, **ANGRY)

    assert desk.citizen.id == "citizen.2"
    assert desk.due() == local(3, 11)
    assert desk.due(desk.lead) == local(3, 11)
    assert desk.citizen.party == DISTRICT


def test_the_redo_window_is_the_packs_own() -> None:
    desk = answered(pack="cn-jinan", lead="370102")
    say(desk, **ANGRY)

    assert desk.due() == local(3, 11), "five working days, not seven natural ones"
    assert desk.citizen.window == desk.case.rules.windows[WindowName.REDO]


def test_orders_of_the_new_round_have_numbers_of_their_own() -> None:
    desk = answered()
    say(desk, **ANGRY)

    number = desk.case.number
    assert [order.id for order in desk.case.orders] == [
        f"{number}.1.1",
        f"{number}.2.1",
        f"{number}.2.2",
    ]


def test_the_ladder_of_the_second_round_climbs_anew() -> None:
    desk = answered()
    say(desk, **ANGRY)
    desk.wait_until(local(3, 13))

    assert desk.rungs(ClockKind.CITIZEN) == ["citizen.red", "citizen.urge"]
    assert [e.body["clock"] for e in desk.of(EventKind.RUNG_FIRED)][-1] == "citizen.2"


def test_the_supervise_rung_opens_the_supervision_order_and_ends_the_lead_as_superseded() -> None:
    desk = expired()
    desk.wait(days=5)

    supervision = desk.order(OrderKind.SUPERVISION)
    assert (supervision.unit, supervision.live) == (SUPERVISION, True)
    assert desk.order(OrderKind.LEAD).cause is EndCause.SUPERSEDED
    assert desk.of(EventKind.SUPERVISED)[-1].body["cause"] == "ladder"
    assert desk.case.stage is Stage.HANDLING


def test_supervision_has_its_own_window_and_its_own_ladder() -> None:
    desk = expired()
    desk.wait(days=5)  # Sunday 15 March, 0:00
    supervision = desk.order(OrderKind.SUPERVISION)
    assert desk.due(supervision) == local(3, 21)

    desk.wait_until(local(3, 24))

    assert desk.rungs(ClockKind.SUPERVISION) == ["supervision.most", "supervision.red"]


def test_a_complaint_has_one_supervision_order() -> None:
    desk = answered()
    desk.take("supervise")
    assert desk.act("supervise") == "already-done"

    desk.wait(days=60)

    kinds = [order.kind for order in desk.case.orders]
    assert kinds.count(OrderKind.SUPERVISION) == 1


def test_a_supervisor_may_open_it_before_the_ladder_does() -> None:
    desk = Desk()
    assert desk.act("supervise", role=Role.HOTLINE) == "wrong-role"
    desk.take("supervise", reason="sealed:v1:delay")

    assert desk.of(EventKind.SUPERVISED)[-1].body["cause"] == "supervisor"
    assert desk.order(OrderKind.LEAD).cause is EndCause.SUPERSEDED


def test_supervision_over_a_suspended_lead_lets_the_citizen_clock_run_on() -> None:
    desk = Desk()
    desk.take("sign_off")
    desk.wait(days=1)
    desk.take("suspend", cause="force_majeure", until=local(3, 20), evidence="sealed:v1:e")
    assert desk.due() is None
    desk.wait(days=2)

    desk.take("supervise")

    assert desk.due() == local(3, 12), "two days later than without the hold"


@pytest.mark.parametrize("result", ["redone", "cannot_be_solved", "no_basis"])
def test_supervision_ends_with_one_of_three_results_and_the_citizen_is_asked_once_more(
    result: str,
) -> None:
    desk = expired()
    desk.wait(days=5)
    answer_again(desk, result)

    assert desk.order(OrderKind.SUPERVISION).state is OrderState.COMPLETED
    assert desk.case.stage is Stage.EVALUATING
    assert desk.of(EventKind.EVALUATION_OPENED)[-1].body["cause"] == "completion"


def test_supervision_ends_with_no_units_result_and_a_unit_with_none_of_its_own() -> None:
    desk = expired()
    assert desk.act("complete", result="redone", answer="sealed:v1:x") == "unlawful"
    desk.wait(days=5)

    order = desk.order(OrderKind.SUPERVISION).id
    assert desk.act("complete", order=order, result="solved", answer="sealed:v1:x") == "unlawful"


@pytest.mark.parametrize(
    ("result", "resolved", "outcome"),
    [
        ("redone", "yes", Outcome.RESOLVED),
        ("redone", "partly", Outcome.PARTLY),
        ("redone", "no", Outcome.UNRESOLVED),
        ("redone", "unknown", Outcome.UNRESOLVED),
        ("cannot_be_solved", "yes", Outcome.RESOLVED),
        ("cannot_be_solved", "partly", Outcome.PARTLY),
        ("cannot_be_solved", "no", Outcome.UNSOLVABLE),
        ("cannot_be_solved", "unknown", Outcome.UNSOLVABLE),
        ("no_basis", "no", Outcome.UNRESOLVED),
    ],
)
def test_after_supervision_the_complaint_closes_whatever_the_answer(
    result: str, resolved: str, outcome: Outcome
) -> None:
    desk = expired()
    desk.wait(days=5)
    answer_again(desk, result)
    say(desk, resolved=resolved, satisfied="unknown")

    assert desk.case.stage is Stage.CLOSED
    assert desk.case.outcome is outcome
    assert desk.case.round == 1


def test_after_supervision_silence_closes_too() -> None:
    desk = expired()
    desk.wait(days=5)
    answer_again(desk, "redone")
    desk.wait(days=8)

    assert desk.case.outcome is Outcome.NOT_REACHED


def test_a_citizen_who_is_satisfied_while_supervision_is_open_ends_it() -> None:
    desk = expired()
    desk.wait(days=5)
    say(desk, **PLEASED)

    assert desk.order(OrderKind.SUPERVISION).cause is EndCause.CONFIRMED_BY_CITIZEN
    assert desk.case.outcome is Outcome.RESOLVED


def test_another_answer_while_supervision_is_open_is_told_to_it_and_to_its_superior() -> None:
    desk = expired()
    desk.wait(days=5)
    say(desk, **ANGRY)

    assert desk.told("evaluated_before_answer") == [SUPERVISION, LAST_RESORT]


def test_outside_duty_may_open_a_supervision_order_while_it_is_evaluated() -> None:
    desk = disposed("outside_duty")
    desk.take("supervise")
    assert desk.case.stage is Stage.HANDLING
    assert desk.order(OrderKind.SUPERVISION).live

    answer_again(desk, "redone")
    say(desk, resolved="yes", satisfied="yes")

    assert desk.case.outcome is Outcome.RESOLVED


def test_supervision_that_finds_no_basis_leaves_the_disposition_what_it_was() -> None:
    desk = disposed("outside_duty")
    desk.take("supervise")
    answer_again(desk, "no_basis")
    say(desk, resolved="no", satisfied="no")

    assert desk.case.outcome is Outcome.NOT_ACCEPTED

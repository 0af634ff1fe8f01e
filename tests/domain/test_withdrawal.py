"""The citizen withdraws, or takes the withdrawal back."""

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Outcome, Stage, Tier
from tests.domain.citizen import ANGRY, PLEASED, answered, disposed, refused, say
from tests.domain.desk import DISTRICT, HOTLINE, OTHER_STREET, STREET, Desk


def test_withdrawal_ends_all_orders_and_tells_them() -> None:
    desk = Desk(co_handlers=(OTHER_STREET,))
    desk.take("help", reason="sealed:v1:help")
    desk.take("withdraw")

    assert {order.cause for order in desk.case.orders} == {EndCause.WITHDRAWN}
    assert sorted(desk.told("order_withdrawn")) == sorted([STREET, OTHER_STREET, DISTRICT])
    assert desk.case.outcome is Outcome.WITHDRAWN


def test_withdrawal_stops_the_ladders_and_asks_no_evaluation() -> None:
    desk = Desk()
    desk.take("withdraw")
    desk.wait(days=29)

    assert desk.rungs() == []
    assert desk.of(EventKind.EVALUATION_OPENED, EventKind.CALLBACK_DUE) == []
    assert refused(desk, **ANGRY) == "wrong-stage"


def test_withdrawal_is_possible_before_anybody_was_sent() -> None:
    desk = Desk(until=Stage.TRIAGE)
    desk.take("withdraw")

    assert desk.case.outcome is Outcome.WITHDRAWN


def test_a_withdrawn_complaint_is_not_withdrawn_again() -> None:
    desk = Desk()
    desk.take("withdraw")
    end = desk.clock(ClockKind.AFTERCARE).due_at
    desk.wait(days=2)

    assert desk.act("withdraw") == "already-done"
    assert desk.clock(ClockKind.AFTERCARE).due_at == end


def test_a_closed_complaint_cannot_be_withdrawn() -> None:
    desk = answered()
    say(desk, **PLEASED)

    assert desk.act("withdraw") == "wrong-stage"


@pytest.mark.parametrize("tier", [Tier.EMERGENCY, Tier.UTILITY])
def test_in_emergency_and_utility_tiers_the_orders_go_on_to_completion(tier: Tier) -> None:
    desk = Desk(tier=tier)
    desk.take("withdraw")
    assert desk.lead.live
    assert desk.told("withdrawn_but_go_on") == [STREET]
    assert desk.act("withdraw") == "already-done"

    desk.take("complete", result="solved", answer="sealed:v1:done")

    assert (desk.case.stage, desk.case.outcome) == (Stage.CLOSED, Outcome.WITHDRAWN)
    assert desk.of(EventKind.EVALUATION_OPENED) == []


def test_whoever_withdrew_is_not_asked_although_the_order_goes_past_its_due() -> None:
    desk = Desk(tier=Tier.EMERGENCY)
    desk.take("withdraw")
    desk.wait(hours=3)

    assert "citizen.red" in desk.rungs(), "the leak still leaks: its ladder climbs"
    assert desk.of(EventKind.EVALUATION_OPENED) == []


def test_a_withdrawal_during_an_open_evaluation_ends_the_asking() -> None:
    desk = Desk(tier=Tier.EMERGENCY)
    desk.wait(hours=2)
    assert desk.case.open_opening() is not None
    desk.take("withdraw")

    desk.wait(days=3)

    assert desk.case.open_opening() is None
    assert desk.of(EventKind.CALLBACK_DUE) == []


def test_a_revoked_withdrawal_goes_back_to_the_unit_and_the_citizen_clock_runs_on() -> None:
    desk = Desk(co_handlers=(OTHER_STREET,))
    due = desk.due()
    desk.wait(days=1)
    desk.take("withdraw")
    desk.wait(days=2)
    desk.take("withdraw", revoke=True)

    assert desk.case.stage is Stage.DISPATCHED
    assert sorted(o.unit for o in desk.case.live_orders()) == [STREET, OTHER_STREET]
    assert desk.due() == due
    assert desk.case.outcome is None


def test_what_came_due_while_a_complaint_was_withdrawn_fires_without_lag() -> None:
    desk = Desk()
    desk.take("withdraw")
    desk.wait(days=10)
    desk.take("withdraw", revoke=True)
    desk.wait(hours=1)

    red = [e for e in desk.of(EventKind.RUNG_FIRED) if e.body["clock"] == "citizen.1"]
    assert [(e.body["rung"], e.body["cause"], e.body["lag"]) for e in red] == [
        ("red", "moved", 0.0),
        ("urge", "moved", 0.0),
    ]


def test_a_withdrawal_revoked_after_the_answer_goes_back_to_the_evaluation() -> None:
    desk = answered()
    desk.take("withdraw")
    desk.take("withdraw", revoke=True)

    assert desk.case.stage is Stage.EVALUATING
    assert desk.lead.state is OrderState.COMPLETED
    say(desk, **PLEASED)
    assert desk.case.outcome is Outcome.RESOLVED


def test_a_withdrawal_revoked_under_supervision_goes_back_to_the_supervision() -> None:
    desk = Desk()
    desk.take("supervise")
    desk.take("withdraw")
    desk.take("withdraw", revoke=True)

    assert desk.order(OrderKind.SUPERVISION).live
    assert desk.case.stage is Stage.HANDLING


def test_a_withdrawal_revoked_before_dispatch_goes_back_to_the_hotline() -> None:
    desk = Desk(until=Stage.TRIAGE)
    desk.take("withdraw")
    desk.take("withdraw", revoke=True)

    assert desk.case.stage in (Stage.TRIAGE, Stage.CLASSIFIED)
    assert desk.clock(ClockKind.DISPATCH).party == HOTLINE


def test_a_withdrawal_revoked_after_a_disposition_asks_again() -> None:
    desk = disposed("answered_at_once")
    desk.take("withdraw")
    desk.take("withdraw", revoke=True)

    assert desk.case.stage is Stage.EVALUATING
    desk.wait(days=10)
    assert desk.case.outcome is Outcome.ANSWERED_AT_ONCE


def test_a_withdrawal_that_never_was_cannot_be_revoked() -> None:
    assert Desk().act("withdraw", revoke=True) == "unlawful"


def test_a_withdrawal_cannot_be_revoked_after_aftercare() -> None:
    desk = Desk()
    desk.take("withdraw")
    desk.wait(days=40)

    assert desk.act("withdraw", revoke=True) == "file-frozen"

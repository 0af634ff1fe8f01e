"""Deferral: what cannot be solved now, ruled by the hotline and reviewed on a date."""

from typing import Any

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, EndCause, OrderKind, Outcome, Stage
from tests.domain.desk import HOTLINE, OTHER_STREET, STREET, SUPERVISION, Desk, local


def defer(desk: Desk, review_on: str = "2026-03-20", **fields: Any) -> str | None:
    told = {"at": desk.now, "means": "visit"}
    return desk.act("defer", review_on=review_on, **({"citizen_told": told} | fields))


def deferred(review_on: str = "2026-03-20") -> Desk:
    desk = Desk()
    desk.wait(days=1)
    assert defer(desk, review_on) is None
    desk.take("rule", subject="deferral", decision="upheld")
    return desk


def test_a_deferral_is_ruled_on_by_the_hotline_on_its_own_clock_while_the_main_one_runs() -> None:
    desk = Desk()
    due = desk.due()

    assert defer(desk) is None

    assert desk.case.stage is Stage.DISPATCHED
    assert desk.due() == due
    assert desk.clock(ClockKind.APPROVAL).party == HOTLINE
    assert desk.told("deferral_requested") == [HOTLINE]
    assert defer(desk) == "already-done"


def test_approved_the_clock_stands_and_the_citizen_is_asked_all_the_same() -> None:
    desk = deferred()

    assert desk.case.stage is Stage.DEFERRED
    assert (desk.due(), desk.due(desk.lead)) == (None, None)
    assert desk.clock(ClockKind.DEFERRAL).due_at == local(3, 21)
    assert desk.of(EventKind.EVALUATION_OPENED)[0].body["cause"] == "deferral"
    desk.wait_until(local(3, 20, 23))
    assert desk.rungs(ClockKind.CITIZEN, ClockKind.ORDER) == []


def test_rejected_nothing_has_changed() -> None:
    desk = Desk()
    due = desk.due()
    defer(desk)

    desk.take("rule", subject="deferral", decision="rejected")

    assert (desk.case.stage, desk.due()) == (Stage.DISPATCHED, due)
    assert desk.told("deferral_refused") == [STREET]
    assert defer(desk) is None


def test_the_review_reopens_the_same_round_with_the_time_that_was_left() -> None:
    desk = deferred()

    desk.wait_until(local(3, 21))

    assert (desk.case.stage, desk.case.round) == (Stage.HANDLING, 1)
    assert desk.due() == desk.due(desk.lead) == local(3, 27)
    assert desk.of(EventKind.REVIEWED)[0].body["review"] == 1
    assert desk.told("review_due") == [STREET]


def test_the_third_review_is_supervision() -> None:
    desk = deferred("2026-03-10")
    for review, review_on in ((11, "2026-03-17"), (18, "2026-03-24")):
        desk.wait_until(local(3, review))
        assert defer(desk, review_on) is None
        desk.take("rule", subject="deferral", decision="upheld")

    desk.wait_until(local(3, 25))

    assert [event.body["review"] for event in desk.of(EventKind.REVIEWED)] == [1, 2, 3]
    assert desk.order(OrderKind.LEAD).cause is EndCause.SUPERSEDED
    assert desk.order(OrderKind.SUPERVISION).unit == SUPERVISION
    assert not desk.citizen.held


def test_a_deferral_may_last_a_year() -> None:
    desk = deferred("2026-12-20")

    desk.wait_until(local(12, 20, 23))
    assert desk.of(EventKind.REVIEWED) == []
    desk.wait_until(local(12, 21))

    assert desk.case.stage is Stage.HANDLING


@pytest.mark.parametrize("review_on", ["2026-03-01", "9999-12-31"])
def test_the_review_lies_ahead_and_within_the_calendar(review_on: str) -> None:
    assert defer(Desk(), review_on) == "unlawful"


def test_the_citizen_has_been_told_of_a_deferral() -> None:
    later = {"at": local(3, 3), "means": "visit"}

    assert defer(Desk(), citizen_told=later) == "unlawful"


def test_a_suspended_order_that_is_deferred_is_held_once() -> None:
    desk = Desk()
    desk.wait(days=1)
    desk.take("suspend", cause="force_majeure", until=local(3, 20))
    desk.wait(days=1)
    defer(desk)
    desk.take("rule", subject="deferral", decision="upheld")

    desk.wait_until(local(3, 21))

    assert desk.due() == local(3, 27)
    assert desk.case.clock_of(ClockKind.HOLD) is None


def test_a_deferral_approved_after_the_expiry_leaves_the_due_and_the_overdue() -> None:
    desk = Desk()
    desk.wait_until(local(3, 9, 12))
    defer(desk)
    desk.wait_until(local(3, 10, 12))

    desk.take("rule", subject="deferral", decision="upheld")

    assert desk.due() == local(3, 10)
    assert (desk.citizen.overdue, desk.citizen.held) == (True, False)


def test_an_objection_is_ruled_on_before_a_deferral_is_granted() -> None:
    desk = Desk()
    defer(desk)
    desk.take("object", reason="not_my_duty", proposed_unit=OTHER_STREET, basis="duty-list")

    assert desk.act("rule", subject="deferral", decision="upheld") == "wrong-stage"
    desk.take("rule", subject="objection", decision="rejected")
    desk.take("rule", subject="deferral", decision="upheld")

    assert desk.case.stage is Stage.DEFERRED


def test_a_deferred_order_is_not_objected_to_and_not_suspended() -> None:
    desk = deferred()

    assert desk.act("suspend", cause="force_majeure", until=local(3, 30)) == "wrong-stage"
    objection = {"reason": "not_my_duty", "proposed_unit": OTHER_STREET, "basis": "duty-list"}
    assert desk.act("object", **objection) == "wrong-stage"


def test_a_deferred_matter_may_be_answered_any_day() -> None:
    desk = deferred()
    desk.wait(days=5)

    desk.take("complete", result="solved")

    assert desk.case.stage is Stage.EVALUATING
    assert desk.case.clock_of(ClockKind.DEFERRAL) is None
    desk.take("evaluate", role="citizen", round=1, resolved="yes", satisfied="yes")
    assert desk.case.outcome is Outcome.RESOLVED


def test_supervision_sets_the_clock_of_a_deferred_matter_going() -> None:
    desk = deferred()
    desk.wait(days=2)

    desk.take("supervise")

    assert desk.case.stage is Stage.HANDLING
    assert desk.due() == local(3, 12)
    assert desk.case.clock_of(ClockKind.DEFERRAL) is None

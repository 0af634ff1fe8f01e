"""Decisions without an order: the ways of Art. 11, what they start, and their contest."""

from datetime import timedelta

import pytest

from domain.event import EventKind
from domain.view import view
from domain.vocabulary import ClockKind, DispositionKind, OrderKind, Outcome, Role, Stage
from tests.domain.citizen import ANGRY, PLEASED, disposed, say
from tests.domain.desk import HOTLINE, STREET, SUPERVISION, Desk, local

BY_ANOTHER = {"role": Role.SUPERVISOR, "person": "wang"}


def contested(kind: str = "outside_duty") -> Desk:
    desk = disposed(kind)
    desk.take("contest", reason="sealed:v1:why")
    return desk


@pytest.mark.parametrize("kind", list(DispositionKind))
def test_without_an_order_a_complaint_is_evaluated_once_and_closes_with_the_reason_told(
    kind: DispositionKind,
) -> None:
    desk = disposed(kind)
    assert desk.case.stage is Stage.EVALUATING
    assert desk.told("disposed") == [f"citizen:{desk.case.number}"]
    body = desk.of(EventKind.DISPOSED)[0].body
    assert (body["disposition"], body["answer"], body["basis"]) == (kind, "sealed:v1:why", "art-11")

    say(desk, **ANGRY)

    at_once = kind is DispositionKind.ANSWERED_AT_ONCE
    assert desk.case.outcome is (Outcome.ANSWERED_AT_ONCE if at_once else Outcome.NOT_ACCEPTED)
    assert (desk.case.round, desk.case.orders) == (1, [])


def test_a_disposition_stops_the_clock_of_the_desk_that_had_to_decide() -> None:
    desk = disposed("answered_at_once")
    desk.wait(days=3)

    assert desk.rungs(ClockKind.DISPATCH) == []


def test_once_an_order_is_under_way_nothing_is_disposed_of() -> None:
    chosen = {"kind": "unlawful", "answer": "sealed:v1:why", "basis": "art-11"}

    refusal = Desk().act("classify", category="urban.municipal.waste", disposition=chosen)

    assert refusal == "wrong-stage"


def test_a_machine_never_chooses_a_disposition() -> None:
    desk = Desk(until=Stage.TRIAGE)
    desk.wait(days=100)

    assert desk.case.stage is Stage.TRIAGE
    assert desk.of(EventKind.DISPOSED) == []


def test_an_emergency_transfer_has_an_acknowledgement_clock_on_the_hotline() -> None:
    desk = disposed("emergency_transfer")
    clock = desk.clock(ClockKind.ACKNOWLEDGEMENT)
    assert (clock.party, clock.due_at) == (HOTLINE, desk.now + timedelta(minutes=30))

    desk.wait(hours=2)

    assert desk.rungs() == [f"acknowledgement.{key}" for key in ("half", "red", "last_resort")]


def test_an_acknowledged_transfer_climbs_no_further() -> None:
    desk = disposed("emergency_transfer")
    desk.wait(minutes=20)
    desk.take("add_facts", text="sealed:v1:119 took over", role=Role.HOTLINE)
    desk.wait(hours=2)

    assert desk.rungs() == ["acknowledgement.half"]


def test_what_the_citizen_adds_acknowledges_nothing() -> None:
    desk = disposed("emergency_transfer")
    desk.take("add_facts", text="sealed:v1:hurry", role=Role.CITIZEN)
    desk.wait(hours=2)

    assert "acknowledgement.red" in desk.rungs()


def test_no_other_disposition_waits_for_an_acknowledgement() -> None:
    assert disposed("outside_duty").case.clock_of(ClockKind.ACKNOWLEDGEMENT) is None


def test_a_contest_falls_to_the_supervision_desk_and_its_ladder_climbs() -> None:
    desk = contested()
    assert desk.clock(ClockKind.CONTEST).party == SUPERVISION
    assert desk.told("contested") == [SUPERVISION]

    desk.wait(days=20)

    assert desk.rungs() == [f"contest.{key}" for key in ("most", "red", "last_resort")]


def test_only_a_decision_without_an_order_can_be_contested_and_only_once() -> None:
    assert Desk().act("contest", reason="sealed:v1:why") == "wrong-stage"
    assert contested().act("contest", reason="sealed:v1:again") == "already-done"


def test_another_supervisor_than_the_decider_rules_on_a_contest() -> None:
    desk = contested()
    ruling = {"subject": "contest", "decision": "upheld"}

    assert desk.act("rule", **ruling, role=Role.HOTLINE, person="wang") == "wrong-role"
    assert desk.act("rule", **ruling, role=Role.SUPERVISOR, person="li") == "wrong-role"
    desk.take("rule", **ruling, **BY_ANOTHER)


def test_upheld_the_complaint_is_dispatched_with_the_original_receipt() -> None:
    desk = contested()
    received_at = desk.now
    desk.wait(days=2)
    desk.take("rule", subject="contest", decision="upheld", **BY_ANOTHER)
    assert (desk.case.stage, desk.case.disposition) == (Stage.CLASSIFIED, None)
    assert desk.clock(ClockKind.DISPATCH).start == received_at

    desk.take("dispatch", lead=STREET)

    assert view(desk.case).stage is Stage.DISPATCHED
    assert view(desk.case).received_at == received_at


def test_what_the_original_receipt_puts_into_the_past_fires_at_once_without_lag() -> None:
    desk = contested()
    desk.wait(days=3)
    desk.take("rule", subject="contest", decision="upheld", **BY_ANOTHER)
    desk.wait(minutes=1)

    fired = [e for e in desk.of(EventKind.RUNG_FIRED) if e.body["clock"].startswith("dispatch")]
    assert [(e.body["rung"], e.body["cause"], e.body["lag"]) for e in fired] == [
        ("half", "moved", 0.0),
        ("red", "moved", 0.0),
        ("last_resort", "moved", 0.0),
    ]


def test_rejected_the_disposition_stands_and_the_citizen_is_told() -> None:
    desk = contested()
    desk.take("rule", subject="contest", decision="rejected", **BY_ANOTHER)

    assert desk.told("contest_rejected") == [f"citizen:{desk.case.number}"]
    say(desk, **PLEASED)
    assert desk.case.outcome is Outcome.NOT_ACCEPTED


def test_a_contest_is_possible_until_aftercare_ends() -> None:
    desk = disposed("outside_duty")
    desk.wait(days=8)
    assert desk.case.stage is Stage.CLOSED
    end = desk.clock(ClockKind.AFTERCARE).due_at
    assert end is not None
    late = end + timedelta(microseconds=1)

    assert desk.act("contest", reason="sealed:v1:why", received_at=late) == "window-closed"
    desk.wait_until(end - timedelta(hours=1))
    desk.take("contest", reason="sealed:v1:why")


def test_a_pending_contest_keeps_the_file_open_past_aftercare_until_it_is_ruled_on() -> None:
    desk = disposed("outside_duty")
    desk.wait(days=8)
    desk.wait_until(local(4, 8, 12))
    desk.take("contest", reason="sealed:v1:why")
    desk.wait(days=30)
    assert not desk.case.frozen

    desk.take("rule", subject="contest", decision="rejected", **BY_ANOTHER)

    assert desk.case.frozen


def test_a_contest_upheld_past_aftercare_still_brings_an_order() -> None:
    desk = disposed("outside_duty")
    desk.wait(days=8)
    desk.take("contest", reason="sealed:v1:why")
    desk.wait(days=40)
    desk.take("rule", subject="contest", decision="upheld", **BY_ANOTHER)
    desk.take("dispatch", lead=STREET)

    assert (desk.case.stage, desk.case.outcome) == (Stage.DISPATCHED, None)
    assert desk.order(OrderKind.LEAD).live


def test_a_contest_upheld_ends_a_supervision_order_of_the_disposition() -> None:
    desk = disposed("outside_duty")
    desk.take("supervise")
    desk.take("contest", reason="sealed:v1:why")
    desk.take("rule", subject="contest", decision="upheld", **BY_ANOTHER)

    assert desk.case.live_orders() == []


def test_a_second_disposition_can_be_contested_again() -> None:
    desk = contested()
    desk.take("rule", subject="contest", decision="upheld", **BY_ANOTHER)
    chosen = {"kind": "unlawful", "answer": "sealed:v1:why", "basis": "art-11"}
    desk.take("classify", category="urban.municipal.waste", disposition=chosen)

    desk.take("contest", reason="sealed:v1:why")


def test_whoever_withdraws_contests_no_more() -> None:
    desk = contested()
    desk.take("withdraw")

    assert desk.case.clock_of(ClockKind.CONTEST) is None
    desk.take("withdraw", revoke=True)
    desk.take("contest", reason="sealed:v1:why")

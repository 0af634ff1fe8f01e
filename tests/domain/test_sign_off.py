"""Sign-off, first contact, interim reports and help (PROTOCOL section 3)."""

from datetime import timedelta

import pytest

from domain.act_table import ACTS
from domain.event import EventKind
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Stage
from tests.domain.desk import DISTRICT, HOTLINE, NUMBER, OTHER_STREET, Desk, local


def test_a_sign_off_accepts_the_order() -> None:
    desk = Desk()

    desk.take("sign_off")

    assert desk.lead.state is OrderState.ACCEPTED
    assert desk.case.stage is Stage.HANDLING
    assert desk.act("sign_off") == "already-done"


def test_silence_past_the_window_counts_as_accepted() -> None:
    desk = Desk()
    desk.wait_until(local(3, 3, 23, 59))
    assert desk.case.stage is Stage.DISPATCHED

    desk.wait_until(local(3, 4))

    assert (desk.lead.state, desk.case.stage) == (OrderState.ACCEPTED, Stage.HANDLING)
    assert desk.of(EventKind.ACCEPTED_BY_SILENCE)[0].due_at == local(3, 4)
    assert desk.rungs(ClockKind.SIGN_OFF) == ["sign_off.half", "sign_off.red"]
    desk.wait(minutes=1)
    assert desk.act("sign_off") == "window-closed"


def test_a_sign_off_at_the_due_instant_is_in_time() -> None:
    desk = Desk()
    desk.sleep_until(local(3, 4, 2))

    desk.take("sign_off", received_at=local(3, 4))

    assert desk.act("sign_off", received_at=local(3, 4)) == "already-done"
    overtaken = desk.of(EventKind.RUNGS_OVERTAKEN)[0]
    assert overtaken.body["rungs"] == ["red"]
    assert len(desk.told("correction")) == len(desk.told("sign_off_red"))


def test_a_window_that_starts_at_the_sign_off_waits_for_it_and_is_never_restarted() -> None:
    desk = Desk("uk-housing", lead="works")
    desk.wait(days=1)
    desk.take("sign_off")
    due = desk.due()
    assert desk.citizen.start == desk.now

    desk.wait(hours=5)
    desk.take("object", reason="not_my_duty", proposed_unit="housing", basis="duty-list")
    desk.wait(hours=5)
    desk.take("rule", subject="objection", decision="rejected")

    assert desk.due() == due


def test_a_contact_that_reached_the_citizen_is_the_first_contact() -> None:
    desk = Desk()
    desk.wait(hours=2)
    desk.take("contact", at=desk.now, means="phone", reached=False)
    assert desk.clock(ClockKind.CONTACT).running

    desk.wait(hours=1)
    desk.take("contact", at=desk.now, means="phone", reached=True)
    first = desk.now
    desk.wait(hours=1)
    desk.take("contact", at=desk.now, means="visit", reached=True)

    assert desk.lead.contacted_at == first
    assert desk.case.clock_of(ClockKind.CONTACT) is None


@pytest.mark.parametrize("hours", [-1, 5])
def test_a_contact_lies_between_the_order_and_now(hours: int) -> None:
    desk = Desk()
    opened = desk.now
    desk.wait(hours=4)

    at = opened + timedelta(hours=hours)
    assert desk.act("contact", at=at, means="phone", reached=True) == "unlawful"


def test_an_interim_report_is_told_to_the_citizen_and_the_hotline() -> None:
    desk = Desk()

    desk.take("interim", text="sealed:v1:soon")

    assert desk.told("interim") == [f"citizen:{NUMBER}", HOTLINE]
    assert desk.of(EventKind.INTERIM_REPORTED)[0].body["text"] == "sealed:v1:soon"


def test_help_is_an_order_on_the_superior_ended_by_its_completion() -> None:
    desk = Desk()
    due = desk.due()

    desk.take("help", reason="sealed:v1:two streets")

    helping = desk.order(OrderKind.HELP)
    assert (helping.unit, helping.serves) == (DISTRICT, desk.lead.id)
    assert desk.due(helping) == local(3, 5)
    assert desk.act("help") == "already-done"
    desk.take("complete", order=helping.id, result="explained")
    assert helping.state is OrderState.COMPLETED
    assert desk.told("help_completed") == [desk.lead.unit]
    assert (desk.lead.live, desk.due()) == (True, due)
    desk.take("help")


def test_unanswered_help_climbs_its_own_ladder() -> None:
    desk = Desk()
    desk.take("help")

    desk.wait(days=5)

    assert desk.rungs(ClockKind.HELP) == ["help.half", "help.red", "help.urge"]


def test_help_that_is_open_does_not_hold_up_the_answer() -> None:
    desk = Desk()
    desk.take("help")

    desk.take("complete", result="solved")

    assert desk.order(OrderKind.HELP).cause is EndCause.SUPERSEDED


ON_ORDERS = sorted(name for name, spec in ACTS.items() if spec.on_order)
BODIES: dict[str, dict[str, object]] = {
    "contact": {"at": local(3, 2, 9), "means": "phone", "reached": True},
    "object": {"reason": "not_my_duty", "proposed_unit": DISTRICT, "basis": "duty-list"},
    "extend": {"amount": "7d", "basis": "art-15"},
    "suspend": {"cause": "force_majeure", "until": local(3, 20)},
    "co_handle": {"unit": OTHER_STREET},
    "defer": {"review_on": "2026-04-01", "citizen_told": {"at": local(3, 2, 9), "means": "phone"}},
    "complete": {"result": "solved"},
}


@pytest.mark.parametrize("name", ON_ORDERS)
def test_another_units_order_is_not_ones_own(name: str) -> None:
    desk = Desk()

    assert desk.act(name, unit_acting=OTHER_STREET, **BODIES.get(name, {})) == "wrong-role"


@pytest.mark.parametrize("name", ON_ORDERS)
def test_an_order_that_has_ended_takes_no_act(name: str) -> None:
    desk = Desk()
    former = desk.lead.id
    desk.take("dispatch", lead=OTHER_STREET)

    assert desk.act(name, order=former, **BODIES.get(name, {})) == "order-ended"


@pytest.mark.parametrize("name", ON_ORDERS)
def test_an_act_on_an_order_of_an_earlier_round_is_stale(name: str) -> None:
    desk = Desk()
    former = desk.lead.id
    desk.take("complete", result="solved")
    desk.take("evaluate", role="citizen", round=1, resolved="no")

    assert desk.act(name, order=former, **BODIES.get(name, {})) == "stale-round"
    assert desk.of(EventKind.ACT_REFUSED)[-1].body["code"] == "stale-round"

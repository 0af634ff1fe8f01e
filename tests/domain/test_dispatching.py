"""Dispatch and re-dispatch: whose order it is, and whose time (PROTOCOL sections 2, 3 and 8)."""

from datetime import timedelta

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Stage
from tests.domain.desk import (
    CLOSED,
    COMMUNITY,
    DISTRICT,
    HOTLINE,
    MONDAY,
    OTHER_STREET,
    STREET,
    SUPERVISION,
    Desk,
    local,
)


@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.TRIAGE, Stage.CLASSIFIED])
def test_a_dispatch_opens_the_lead_order_and_starts_the_citizens_clock(stage: Stage) -> None:
    desk = Desk(until=stage)
    desk.wait(hours=3)

    desk.take("dispatch", lead=STREET, co_handlers=(OTHER_STREET,))

    assert desk.case.stage is Stage.DISPATCHED
    assert desk.lead.id.endswith(".1.1")
    assert desk.citizen.start == MONDAY + timedelta(hours=3)
    assert desk.due() == desk.due(desk.lead) == local(3, 10)
    assert desk.order(OrderKind.CO_HANDLING).unit == OTHER_STREET
    assert desk.case.clock_of(ClockKind.DISPATCH) is None


def test_the_district_sees_what_goes_to_its_sub_district() -> None:
    desk = Desk()

    assert desk.told("order_copied") == [DISTRICT]


def test_a_re_dispatch_opens_a_new_order_in_the_same_round_with_the_citizens_remaining_time() -> (
    None
):
    desk = Desk()
    former, due = desk.lead, desk.due()
    desk.wait(days=3)

    desk.take("dispatch", lead=OTHER_STREET)

    assert (former.state, former.cause) == (OrderState.ENDED, EndCause.RETURNED)
    assert desk.lead.id.endswith(".1.2")
    assert desk.due() == desk.due(desk.lead) == due


def test_a_re_dispatch_leaves_the_unit_at_least_the_floor() -> None:
    desk = Desk()
    due = desk.due()
    desk.wait_until(local(3, 9, 20))

    desk.take("dispatch", lead=OTHER_STREET)

    assert desk.due(desk.lead) == desk.now + timedelta(hours=24)
    assert desk.due() == due


def test_what_lies_beyond_the_citizens_due_is_charged_to_the_desk_that_dispatched_wrongly() -> None:
    desk = Desk()
    desk.wait_until(local(3, 9, 20))

    desk.take("dispatch", lead=OTHER_STREET)

    twenty_hours = timedelta(hours=20).total_seconds()
    charged = [e.body for e in desk.of(EventKind.CLOCK_SET) if "charged_to" in e.body]
    assert [(c["charged_to"], c["beyond_citizen_seconds"]) for c in charged] == [
        (desk.case.rules.desks.hotline, twenty_hours)
    ]


def test_warnings_hang_on_the_orders_clock_and_expiry_on_the_citizens() -> None:
    desk = Desk()
    desk.wait_until(local(3, 9, 20))
    desk.take("dispatch", lead=OTHER_STREET)
    order = f"order.{desk.lead.id}"

    desk.wait_until(local(3, 10, 12))

    fired = [(event.body["clock"], event.body["rung"]) for event in desk.of(EventKind.RUNG_FIRED)]
    assert (order, "half") in fired
    assert fired.index(("citizen.1", "red")) < fired.index((order, "half"))


def test_a_rung_at_or_before_the_start_of_its_clock_is_not_set() -> None:
    desk = Desk()
    desk.wait_until(local(3, 9, 1))

    desk.take("dispatch", lead=OTHER_STREET)

    placed = desk.case.clocks[f"order.{desk.lead.id}"].placed
    assert placed
    assert all(rung.at > desk.now for rung in placed)
    assert "yellow" not in [rung.key for rung in placed]


def test_co_handlers_go_on_under_the_new_lead() -> None:
    desk = Desk(co_handlers=(OTHER_STREET,))
    co = desk.order(OrderKind.CO_HANDLING)

    desk.take("dispatch", lead=DISTRICT)

    assert co.live
    assert co.serves == desk.lead.id
    assert desk.act("complete", result="solved") == "co-handling-open"


def test_a_co_handler_that_becomes_the_lead_has_one_order() -> None:
    desk = Desk(co_handlers=(OTHER_STREET,))

    desk.take("dispatch", lead=OTHER_STREET)

    assert desk.order(OrderKind.CO_HANDLING).cause is EndCause.SUPERSEDED
    desk.take("complete", result="solved")


def test_help_that_the_former_lead_asked_for_ends_with_its_order() -> None:
    desk = Desk()
    desk.take("help")

    desk.take("dispatch", lead=OTHER_STREET)

    assert not desk.order(OrderKind.HELP).live


def test_a_community_assists_and_never_leads() -> None:
    desk = Desk(until=Stage.TRIAGE)

    assert desk.act("dispatch", lead=COMMUNITY) == "unlawful"
    desk.take("dispatch", lead=STREET, co_handlers=(COMMUNITY,))

    assert desk.order(OrderKind.CO_HANDLING).unit == COMMUNITY


@pytest.mark.parametrize("named", [{"lead": CLOSED}, {"lead": STREET, "co_handlers": (CLOSED,)}])
def test_no_order_goes_to_a_unit_that_has_ended(named: dict[str, object]) -> None:
    assert Desk(until=Stage.TRIAGE).act("dispatch", **named) == "unlawful"
    assert Desk().act("dispatch", **named) == "unlawful"


@pytest.mark.parametrize("named", [{"lead": "x"}, {"lead": STREET, "co_handlers": ("x",)}])
def test_an_unknown_unit_is_refused_before_anything_changes(named: dict[str, object]) -> None:
    desk = Desk()

    assert desk.act("dispatch", **named) == "unknown-unit"

    assert desk.lead.live


def test_a_re_dispatch_of_a_suspended_order_sets_the_citizens_clock_going() -> None:
    desk = Desk()
    desk.take("suspend", cause="force_majeure", until=local(3, 20))
    desk.wait(days=2)

    desk.take("dispatch", lead=OTHER_STREET)

    assert desk.due() == local(3, 11)
    assert desk.case.clock_of(ClockKind.HOLD) is None


def test_under_supervision_the_hotline_dispatches_no_more() -> None:
    desk = Desk()
    desk.take("supervise")

    assert desk.act("dispatch", lead=OTHER_STREET) == "wrong-stage"


def test_the_dispatch_window_is_watched_by_a_ladder_that_ends_at_the_last_resort() -> None:
    desk = Desk(until=Stage.TRIAGE)

    desk.wait(days=2)

    assert desk.rungs() == ["dispatch.half", "dispatch.red", "dispatch.last_resort"]
    assert desk.told("dispatch_red") == [HOTLINE, SUPERVISION]
    assert desk.told("dispatch_last_resort") == [SUPERVISION, "executive-meeting"]

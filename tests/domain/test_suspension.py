"""Suspension: a hold, capped; nothing rings meanwhile, and everything once and in order after."""

from datetime import timedelta

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, OrderKind
from tests.domain.desk import MONDAY, OTHER_STREET, Desk, local


def suspend(desk: Desk, days: float = 5, **fields: object) -> str | None:
    until = desk.now + timedelta(days=days)
    return desk.act("suspend", cause="force_majeure", until=until, **fields)


def test_a_suspension_stops_the_clock_and_resuming_gives_the_lost_days_back() -> None:
    desk = Desk()
    desk.wait(days=1)

    assert suspend(desk) is None
    assert (desk.due(), desk.due(desk.lead)) == (None, None)
    desk.wait(days=3)
    desk.take("resume")

    assert desk.due() == desk.due(desk.lead) == local(3, 13)


def test_a_suspension_ends_by_itself_at_the_named_instant() -> None:
    desk = Desk()
    suspend(desk, 2)

    desk.wait(days=2)

    resumed = desk.of(EventKind.RESUMED)[0]
    assert resumed.due_at == MONDAY + timedelta(days=2)
    assert desk.due() == local(3, 11)
    assert desk.told("resumed") == [desk.lead.unit]


def test_a_suspension_ends_by_itself_at_the_cap() -> None:
    desk = Desk()
    suspend(desk, 300)

    assert desk.clock(ClockKind.HOLD).due_at == local(4, 2)
    desk.wait_until(local(4, 2))

    assert not desk.citizen.held
    assert desk.due() == local(4, 8)


def test_nothing_rings_on_a_held_clock_and_everything_once_and_in_order_after() -> None:
    desk = Desk()
    desk.wait(days=1)
    suspend(desk, 20)
    desk.wait(days=19)
    assert desk.rungs(ClockKind.ORDER, ClockKind.CITIZEN) == []

    desk.wait(days=60)

    assert desk.rungs(ClockKind.ORDER, ClockKind.CITIZEN)[:6] == [
        "order.half",
        "order.most",
        "order.yellow",
        "citizen.red",
        "citizen.urge",
        "citizen.supervise",
    ]


def test_a_rung_that_fired_before_the_hold_does_not_fire_again() -> None:
    desk = Desk()
    desk.wait_until(local(3, 7))
    assert desk.rungs(ClockKind.ORDER) == ["order.half"]

    suspend(desk, 5)
    desk.wait(days=30)

    assert desk.rungs(ClockKind.ORDER).count("order.half") == 1


def test_a_co_handlers_suspension_never_stops_the_leads_clock() -> None:
    desk = Desk(co_handlers=(OTHER_STREET,))
    co = desk.order(OrderKind.CO_HANDLING)
    due = desk.due()

    assert suspend(desk, order=co.id) is None

    assert (desk.due(), desk.due(desk.lead)) == (due, due)
    assert desk.due(co) is None
    desk.wait(days=2)
    desk.take("resume", order=co.id)
    assert desk.due(co) == local(3, 9)


@pytest.mark.parametrize("cause", ["busy", "holiday"])
def test_only_the_packs_causes_suspend(cause: str) -> None:
    desk = Desk()

    assert desk.act("suspend", cause=cause, until=desk.now + timedelta(days=1)) == "unlawful"


def test_a_pack_without_causes_knows_no_suspension() -> None:
    desk = Desk(suspension={"causes": ()})

    assert suspend(desk) == "unlawful"
    assert ("suspend", desk.lead.id) not in desk.allowed()


def test_a_suspension_lies_ahead_and_is_one_at_a_time() -> None:
    desk = Desk()
    assert suspend(desk, 0) == "unlawful"
    assert suspend(desk) is None

    assert suspend(desk) == "already-done"


def test_a_hold_that_begins_at_the_due_instant_is_refused() -> None:
    desk = Desk()
    desk.wait_until(local(3, 10))

    assert suspend(desk) == "window-closed"
    assert suspend(desk, received_at=local(3, 10) - timedelta(seconds=1)) is None


def test_nothing_is_resumed_that_was_not_suspended() -> None:
    assert Desk().act("resume") == "wrong-stage"


def test_a_re_dispatched_order_is_suspended_with_the_citizens_clock() -> None:
    desk = Desk()
    desk.wait(days=1)
    desk.take("dispatch", lead=OTHER_STREET)
    desk.wait(days=3)

    assert suspend(desk, 2) is None
    assert (desk.due(), desk.due(desk.lead)) == (None, None)
    desk.wait(days=2)

    assert desk.due() == desk.due(desk.lead) == local(3, 12)


def test_a_floor_beyond_the_citizens_due_is_suspended_alone() -> None:
    desk = Desk()
    desk.wait_until(local(3, 9, 20))
    desk.take("dispatch", lead=OTHER_STREET)
    desk.wait_until(local(3, 10, 12))

    assert suspend(desk, 1) is None
    assert not desk.citizen.held
    desk.wait(days=1)

    assert desk.due() == local(3, 10)
    assert desk.citizen.overdue
    assert desk.due(desk.lead) == local(3, 11, 20)


def test_the_completion_of_a_suspended_order_ends_the_hold_and_is_judged_by_the_moved_due() -> None:
    desk = Desk()
    desk.wait(days=1)
    suspend(desk, 20)
    desk.wait(days=9)

    desk.take("complete", result="solved")

    assert desk.due(desk.lead) == local(3, 19)
    assert desk.case.clock_of(ClockKind.HOLD) is None


def test_a_suspension_received_in_time_and_applied_late_overtakes_the_expiry() -> None:
    desk = Desk()
    desk.wait_until(local(3, 10, 12))
    assert desk.citizen.overdue

    assert suspend(desk, 3, received_at=local(3, 9, 12)) is None

    assert not desk.citizen.overdue
    assert "red" in desk.of(EventKind.RUNGS_OVERTAKEN)[-1].body["rungs"]
    desk.wait_until(local(3, 14))
    assert desk.due() == local(3, 14)
    assert desk.rungs(ClockKind.CITIZEN) == ["citizen.red", "citizen.red"]

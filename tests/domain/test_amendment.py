"""Amendments: calendars, outages and units; deadlines move only by them, old and new are kept."""

from datetime import timedelta

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, OrderKind, Role
from tests.domain.desk import CLOSED, OTHER_STREET, STREET, Desk, local


def outage(desk: Desk, since: timedelta, until: timedelta) -> str | None:
    return desk.act(
        "amend",
        kind="outage",
        reason="power cut",
        since=desk.now + since,
        until=desk.now + until,
    )


def close_unit(desk: Desk, code: str, successor: str | None) -> None:
    unit = desk.case.units[code]
    desk.case.units[code] = unit.model_copy(update={"successor": successor})
    desk.take("amend", kind="unit", reason="merged", unit=code)


def test_time_lost_by_an_outage_is_given_back_and_the_old_due_is_kept() -> None:
    desk = Desk()
    desk.wait(days=3)

    assert outage(desk, timedelta(days=-2), timedelta(days=-1)) is None

    assert desk.due() == desk.due(desk.lead) == local(3, 11)
    assert desk.of(EventKind.AMENDED)[0].body["before"]["citizen.1"] == local(3, 10).isoformat()
    assert desk.of(EventKind.CLOCK_SET)[-1].due_at == local(3, 11)


def test_an_outage_over_the_due_withdraws_the_overdue_and_corrects_who_was_told() -> None:
    desk = Desk()
    desk.wait_until(local(3, 10, 12))
    reds = desk.told("citizen_red")

    assert outage(desk, timedelta(days=-1), timedelta(hours=-6)) is None

    assert desk.due() == local(3, 11)
    assert not desk.citizen.overdue
    assert set(reds) <= set(desk.told("correction"))
    desk.wait_until(local(3, 11))
    assert desk.citizen.overdue
    assert desk.rungs(ClockKind.CITIZEN) == ["citizen.red", "citizen.red"]


def test_an_outage_after_the_due_gives_nothing_back() -> None:
    desk = Desk()
    desk.wait_until(local(3, 11, 12))

    outage(desk, timedelta(hours=-6), timedelta(hours=-1))

    assert desk.due() == local(3, 10)
    assert desk.citizen.overdue


def test_an_outage_before_a_suspension_is_given_back_after_it() -> None:
    desk = Desk()
    desk.wait(days=3)
    desk.take("suspend", cause="force_majeure", until=local(3, 20))

    outage(desk, timedelta(days=-2), timedelta(days=-1))
    desk.wait(days=1)
    desk.take("resume")

    assert desk.due() == local(3, 12)


@pytest.mark.parametrize(("since", "until"), [(-1, -2), (-1, 1), (-1, -1)])
def test_an_outage_has_a_beginning_and_an_end_that_has_come(since: int, until: int) -> None:
    desk = Desk()
    desk.wait(days=3)

    assert outage(desk, timedelta(hours=since), timedelta(hours=until)) == "unlawful"


def test_a_calendars_amendment_moves_what_is_counted_with_it_and_nothing_else() -> None:
    desk = Desk("cn-shandong-2017", lead="works")
    for clock in desk.case.clocks.values():
        clock.calendar_version = "superseded"

    desk.take("amend", kind="calendar", reason="2027 published", calendar="gb-eng")
    assert desk.citizen.calendar_version == "superseded"
    desk.take("amend", kind="calendar", reason="2027 published", calendar="cn")

    assert desk.citizen.calendar_version != "superseded"


def test_a_rung_that_an_amendment_moves_into_the_past_fires_at_once_with_cause_moved() -> None:
    desk = Desk()
    desk.wait_until(local(3, 9, 12))
    clock = desk.citizen
    clock.due_at = local(3, 20)
    clock.placed = ()
    desk.wait_until(local(3, 12))

    desk.take("amend", kind="calendar", reason="corrected")
    desk.wait()

    red = next(e for e in desk.of(EventKind.RUNG_FIRED) if e.body["clock"] == "citizen.1")
    assert (red.body["cause"], red.body["lag"], red.due_at) == ("moved", 0.0, local(3, 10))


@pytest.mark.parametrize(("successor", "heir"), [(OTHER_STREET, OTHER_STREET), (None, "110105")])
def test_a_closed_units_open_orders_go_to_its_successor_else_to_its_parent(
    successor: str | None, heir: str
) -> None:
    desk = Desk()
    dues = {clock.id: clock.due_at for clock in desk.case.running_clocks()}

    close_unit(desk, STREET, successor)

    assert desk.lead.unit == heir
    assert {clock.id: clock.due_at for clock in desk.case.running_clocks()} == dues
    assert {clock.party for clock in desk.case.running_clocks()} == {heir}
    assert desk.told("order_moved") == [heir]
    desk.take("sign_off", unit_acting=heir)


def test_a_desk_that_rules_on_a_moved_order_keeps_its_clock() -> None:
    desk = Desk()
    desk.take("object", reason="not_my_duty", proposed_unit=OTHER_STREET, basis="duty-list")

    close_unit(desk, STREET, OTHER_STREET)

    assert desk.clock(ClockKind.RULING).party == "hotline"


def test_after_its_amendment_a_closed_unit_gets_no_more_orders() -> None:
    desk = Desk()
    close_unit(desk, STREET, OTHER_STREET)

    assert desk.act("dispatch", lead=STREET) == "unlawful"


def test_orders_of_other_units_stay_where_they_are() -> None:
    desk = Desk(co_handlers=(OTHER_STREET,))

    desk.take("amend", kind="unit", reason="merged", unit=CLOSED)

    assert desk.lead.unit == STREET
    assert desk.order(OrderKind.CO_HANDLING).unit == OTHER_STREET


@pytest.mark.parametrize("unit", [None, "x"])
def test_an_amendment_names_a_unit_that_there_is(unit: str | None) -> None:
    assert Desk().act("amend", kind="unit", reason="merged", unit=unit) == "unknown-unit"


@pytest.mark.parametrize("role", [Role.HOTLINE, Role.SUPERVISOR, Role.UNIT, Role.CITIZEN])
def test_only_an_operator_amends(role: Role) -> None:
    assert Desk().act("amend", role=role, kind="calendar", reason="x") == "wrong-role"

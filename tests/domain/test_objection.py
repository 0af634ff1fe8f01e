"""Objection and ruling: whose duty it is, while the clock runs (PROTOCOL section 3)."""

from datetime import timedelta

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Stage
from tests.domain.desk import (
    CLOSED,
    COMMUNITY,
    DISTRICT,
    HOTLINE,
    OTHER_STREET,
    STREET,
    SUPERVISION,
    Desk,
    local,
)

THIRD_STREET = "110105003"


def object_to(desk: Desk, proposed: str = OTHER_STREET, **fields: object) -> str | None:
    return desk.act(
        "object", reason="not_my_duty", proposed_unit=proposed, basis="duty-list", **fields
    )


def uphold(desk: Desk, **fields: object) -> str | None:
    return desk.act("rule", subject="objection", decision="upheld", **fields)


def test_an_objection_to_the_lead_order_awaits_a_ruling_while_the_main_clock_runs() -> None:
    desk = Desk()
    desk.take("sign_off")
    due = desk.due()

    assert object_to(desk) is None

    assert (desk.case.stage, desk.lead.state) == (Stage.OBJECTED, OrderState.OBJECTED)
    assert desk.clock(ClockKind.RULING).party == HOTLINE
    desk.wait(hours=12)
    assert desk.due() == due


def test_a_pack_may_stop_the_main_clock_for_the_ruling() -> None:
    desk = Desk(objection={"pauses_clock": True})
    desk.take("sign_off")
    due = desk.due()
    assert due is not None
    desk.wait(days=1)

    object_to(desk)
    assert desk.due() is None
    desk.wait(days=1)
    desk.take("rule", subject="objection", decision="rejected")

    assert desk.due() == due + timedelta(days=1)


@pytest.mark.parametrize("by", ["rule", "dispatch"])
def test_a_clock_stopped_for_the_ruling_runs_on_under_the_next_unit(by: str) -> None:
    desk = Desk(objection={"pauses_clock": True})
    desk.wait(days=1)
    object_to(desk)
    desk.wait(days=1)

    if by == "rule":
        assert uphold(desk) is None
    else:
        desk.take("dispatch", lead=OTHER_STREET)

    assert desk.due() == local(3, 11)


def test_an_order_may_be_objected_to_once() -> None:
    desk = Desk()
    object_to(desk)
    desk.take("rule", subject="objection", decision="rejected")

    assert object_to(desk) == "already-done"


def test_an_objection_at_the_end_of_its_window_is_in_time_and_a_later_one_is_refused() -> None:
    desk = Desk()
    desk.take("sign_off")
    desk.wait_until(local(3, 4, 0, 1))

    assert object_to(desk) == "window-closed"
    assert object_to(desk, received_at=local(3, 4)) is None


def test_after_silence_the_window_counts_from_the_day_that_follows() -> None:
    desk = Desk()
    desk.wait_until(local(3, 5))
    assert object_to(desk) is None

    desk = Desk()
    desk.wait_until(local(3, 5, 0, 1))
    assert object_to(desk) == "window-closed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "no_time"}, "unlawful"),
        ({"proposed_unit": STREET}, "unlawful"),
        ({"proposed_unit": "x"}, "unknown-unit"),
    ],
)
def test_an_objection_names_a_lawful_reason_and_another_unit(
    change: dict[str, str], code: str
) -> None:
    desk = Desk()
    lawful = {"reason": "not_my_duty", "proposed_unit": OTHER_STREET, "basis": "duty-list"}

    assert desk.act("object", **(lawful | change)) == code


def test_rejected_the_order_stands_and_no_clock_has_moved() -> None:
    desk = Desk()
    due = desk.due()
    object_to(desk)
    desk.wait(hours=20)

    desk.take("rule", subject="objection", decision="rejected")

    assert (desk.case.stage, desk.lead.state) == (Stage.HANDLING, OrderState.ACCEPTED)
    assert (desk.due(), desk.lead.unit) == (due, STREET)
    assert desk.case.clock_of(ClockKind.RULING) is None
    assert desk.told("objection_rejected") == [STREET]


def test_upheld_the_order_goes_to_the_unit_that_the_ruling_names_else_to_the_proposed() -> None:
    desk = Desk()
    due = desk.due()
    former = desk.lead
    object_to(desk)
    assert uphold(desk) is None
    assert (former.cause, desk.lead.unit) == (EndCause.RETURNED, OTHER_STREET)
    assert (desk.case.stage, desk.due()) == (Stage.DISPATCHED, due)

    object_to(desk, STREET)
    assert uphold(desk, unit=THIRD_STREET) is None
    assert desk.lead.unit == THIRD_STREET


def test_after_the_most_returns_the_supervisor_arbitrates_and_nobody_else() -> None:
    desk = Desk()
    for proposed in (OTHER_STREET, THIRD_STREET):
        object_to(desk, proposed)
        assert uphold(desk) is None

    object_to(desk, STREET)

    assert desk.clock(ClockKind.RULING).party == SUPERVISION
    assert uphold(desk, role="hotline") == "wrong-role"
    assert desk.act("dispatch", lead=STREET) == "wrong-stage"
    assert uphold(desk, role="supervisor") is None


def test_an_arbitration_names_the_district_by_default_and_that_unit_may_not_object() -> None:
    desk = Desk(objection={"max_redispatch": 0})
    object_to(desk)

    assert uphold(desk, role="supervisor") is None

    assert desk.lead.unit == DISTRICT
    assert object_to(desk) == "already-done"


def test_a_re_dispatch_on_the_hotlines_own_account_is_no_return() -> None:
    desk = Desk(objection={"max_redispatch": 1})
    desk.take("dispatch", lead=OTHER_STREET)

    object_to(desk, STREET)

    assert desk.clock(ClockKind.RULING).party == HOTLINE


@pytest.mark.parametrize("unit", [COMMUNITY, CLOSED])
def test_a_ruling_gives_the_lead_to_no_community_and_no_closed_unit(unit: str) -> None:
    desk = Desk(objection={"pauses_clock": True})
    object_to(desk)

    assert uphold(desk, unit=unit) == "unlawful"

    assert desk.case.stage is Stage.OBJECTED


def test_a_co_handlers_objection_is_ruled_on_beside_the_lead() -> None:
    desk = Desk(co_handlers=(OTHER_STREET,))
    desk.take("sign_off")
    co = desk.order(OrderKind.CO_HANDLING)

    assert object_to(desk, COMMUNITY, order=co.id) is None
    assert desk.case.stage is Stage.HANDLING
    assert uphold(desk, order=co.id) is None

    assert co.cause is EndCause.RETURNED
    successor = desk.order(OrderKind.CO_HANDLING)
    assert (successor.unit, successor.serves) == (COMMUNITY, desk.lead.id)
    assert desk.lead.live


def test_an_unruled_objection_climbs_to_the_last_resort() -> None:
    desk = Desk()
    object_to(desk)

    desk.wait(days=4)

    assert desk.rungs(ClockKind.RULING) == ["ruling.half", "ruling.red", "ruling.last_resort"]


def test_nothing_is_ruled_on_that_nobody_asked_for() -> None:
    desk = Desk()
    assert uphold(desk) == "wrong-stage"

    object_to(desk)
    for subject in ("extension", "deferral", "contest"):
        assert desk.act("rule", subject=subject, decision="upheld") == "wrong-stage"


def test_an_objected_order_takes_only_what_does_not_presume_it() -> None:
    desk = Desk()
    object_to(desk)

    assert desk.act("complete", result="solved") == "wrong-stage"
    assert desk.act("interim") == "wrong-stage"
    assert desk.act("sign_off") == "wrong-stage"
    assert desk.act("suspend", cause="force_majeure", until=local(3, 9)) == "wrong-stage"


def test_who_objects_has_received_the_order() -> None:
    desk = Desk()
    object_to(desk)

    desk.wait_until(local(3, 5))

    assert desk.rungs(ClockKind.SIGN_OFF) == []
    assert desk.of(EventKind.ACCEPTED_BY_SILENCE) == []

"""Extensions: at once where the citizen is told, or with approval, back from the asking."""

from datetime import timedelta
from typing import Any

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, OrderKind
from tests.domain.desk import DISTRICT, HOTLINE, NUMBER, OTHER_STREET, Desk, local

SHANDONG = "cn-shandong-2017"


def extend(desk: Desk, amount: str = "7d", **fields: Any) -> str | None:
    told = fields.pop("citizen_told", {"at": desk.now, "means": "phone"})
    return desk.act("extend", amount=amount, basis="art-15", citizen_told=told, **fields)


def in_shandong() -> Desk:
    return Desk(SHANDONG, lead="works")


def test_an_extension_adds_to_the_budget_of_citizen_and_order() -> None:
    desk = Desk()

    assert extend(desk) is None

    assert desk.due() == desk.due(desk.lead) == local(3, 17)
    assert desk.told("extended") == [f"citizen:{NUMBER}"]
    event = desk.of(EventKind.EXTENDED)[0]
    assert (event.body["amount"], event.body["basis"]) == ("7d", "art-15")


def test_an_extension_that_the_citizen_was_not_told_of_is_void() -> None:
    desk = Desk()

    assert extend(desk, citizen_told=None) == "unlawful"
    later = {"at": desk.now + timedelta(hours=1), "means": "phone"}
    assert extend(desk, citizen_told=later) == "unlawful"

    assert desk.due() == local(3, 10)


@pytest.mark.parametrize("amount", ["8d", "7wd", "24h", "0d", "99999999999d"], ids=str)
def test_an_extension_is_lawful_in_the_windows_own_unit_and_up_to_its_cap(amount: str) -> None:
    assert extend(Desk(), amount) == "unlawful"


@pytest.mark.parametrize("amount", ["36524d", "36525d"])
def test_no_extension_reaches_beyond_a_century(amount: str) -> None:
    desk = Desk(extension={"cap": None, "cap_is_original": False})

    assert extend(desk, amount) == "unlawful"


def test_a_pack_limits_how_often_a_deadline_moves() -> None:
    desk = Desk()
    extend(desk, "1d")

    assert extend(desk, "1d") == "already-done"


def test_an_extension_at_the_due_instant_is_in_time_and_a_later_one_is_refused() -> None:
    desk = Desk()
    desk.wait_until(local(3, 10, 2))

    assert extend(desk) == "window-closed"
    assert extend(desk, received_at=local(3, 10), citizen_told=told(local(3, 9))) is None


def told(at: Any) -> dict[str, Any]:
    return {"at": at, "means": "phone"}


def test_an_extension_is_lawful_while_the_clock_is_suspended() -> None:
    desk = Desk()
    desk.wait_until(local(3, 9, 12))
    desk.take("suspend", cause="force_majeure", until=local(3, 12, 12))
    desk.wait_until(local(3, 11, 12))

    assert extend(desk) is None
    desk.wait_until(local(3, 12, 12))

    assert desk.due() == local(3, 20)


def test_only_a_lead_order_is_extended() -> None:
    desk = Desk(co_handlers=(OTHER_STREET,))

    assert extend(desk, order=desk.order(OrderKind.CO_HANDLING).id) == "wrong-stage"


def test_an_extension_after_a_re_dispatch_moves_the_new_order_too() -> None:
    desk = Desk()
    desk.wait(days=5)
    desk.take("dispatch", lead=OTHER_STREET)

    assert extend(desk) is None

    assert desk.due() == desk.due(desk.lead) == local(3, 17)


def test_where_approval_is_needed_the_clock_runs_meanwhile() -> None:
    desk = in_shandong()
    due = desk.due()

    assert extend(desk, "7wd", citizen_told=None) is None

    assert desk.due() == due == local(3, 24)
    assert desk.clock(ClockKind.APPROVAL).party == HOTLINE
    assert desk.told("extension_requested") == [HOTLINE]
    assert extend(desk, "7wd") == "already-done"


def test_approved_later_an_extension_counts_back_from_the_old_due() -> None:
    desk = in_shandong()
    desk.wait_until(local(3, 23, 12))
    extend(desk, "7wd")
    desk.wait_until(local(3, 25, 12))
    assert desk.citizen.overdue

    desk.take("rule", subject="extension", decision="upheld")

    assert desk.due() == local(4, 2)
    assert not desk.citizen.overdue
    rungs = {e.body["clock"]: e.body["rungs"] for e in desk.of(EventKind.RUNGS_OVERTAKEN)}
    assert rungs["citizen.1"][0] == "red"
    assert "correction" in {notice.kind for notice in desk.notices}


def test_what_rang_before_the_approval_rings_again_at_the_extended_due() -> None:
    desk = in_shandong()
    desk.wait_until(local(3, 23, 12))
    extend(desk, "7wd")
    desk.wait_until(local(3, 24, 12))
    desk.take("rule", subject="extension", decision="upheld")

    desk.wait_until(local(4, 2, 1))

    reds = [e.due_at for e in desk.of(EventKind.RUNG_FIRED) if e.body["rung"] == "red"]
    citizen = [e.due_at for e in desk.of(EventKind.EXPIRED) if e.body["clock"] == "citizen.1"]
    assert citizen == [local(3, 24), local(4, 2)]
    assert local(4, 2) in reds
    assert desk.citizen.overdue


def test_a_warning_that_rang_before_the_approval_rings_again_before_the_extended_due() -> None:
    desk = in_shandong()
    desk.wait_until(local(3, 20, 12))
    extend(desk, "7wd")
    desk.wait_until(local(3, 21, 12))

    desk.take("rule", subject="extension", decision="upheld")
    desk.wait_until(local(4, 1, 12))

    yellows = [e.due_at for e in desk.of(EventKind.RUNG_FIRED) if e.body["rung"] == "yellow"]
    assert yellows == [local(3, 21), local(4, 1)]


@pytest.mark.parametrize("end", ["dispatch", "supervise"])
def test_an_extension_that_was_asked_for_lapses_with_its_order(end: str) -> None:
    desk = in_shandong()
    extend(desk, "7wd")

    desk.take(end, **({"lead": "housing"} if end == "dispatch" else {}))

    assert desk.of(EventKind.EXTENSION_REFUSED)[0].body["cause"] == "never_ruled"
    assert desk.due() == local(3, 24)


def test_refused_by_the_ruling_the_deadline_stays() -> None:
    desk = in_shandong()
    extend(desk, "7wd")

    desk.take("rule", subject="extension", decision="rejected")

    assert desk.due() == local(3, 24)
    assert desk.told("extension_refused") == ["works"]
    assert extend(desk, "7wd") is None


def test_never_ruled_on_an_extension_is_refused_when_the_order_ends() -> None:
    desk = in_shandong()
    extend(desk, "7wd")
    desk.wait(days=5)

    desk.take("complete", result="solved")

    refused = desk.of(EventKind.EXTENSION_REFUSED)[0]
    assert refused.body["cause"] == "never_ruled"
    assert desk.due() == local(3, 24)
    assert desk.act("rule", subject="extension", decision="upheld") == "wrong-stage"


def test_an_unruled_extension_climbs_the_ladder_of_the_desk() -> None:
    desk = in_shandong()
    extend(desk, "7wd")

    desk.wait(days=3)

    assert desk.rungs(ClockKind.APPROVAL) == ["approval.half", "approval.red"]


def test_an_extension_and_a_deferral_await_their_rulings_each_on_its_own_clock() -> None:
    desk = in_shandong()
    extend(desk, "7wd")
    desk.take("defer", review_on="2026-03-20", citizen_told=told(desk.now))

    desk.take("rule", subject="extension", decision="upheld")
    desk.take("rule", subject="deferral", decision="rejected")

    assert desk.due() == local(4, 2)


def test_an_extension_that_a_new_tier_has_made_unlawful_cannot_be_granted() -> None:
    desk = Desk(extension={"mode": "approve"})
    extend(desk, "7d")
    desk.take("classify", category="urban.municipal.waste", tier="utility")

    assert desk.act("rule", subject="extension", decision="upheld") == "unlawful"
    desk.take("rule", subject="extension", decision="rejected")


def test_a_unit_of_the_district_may_not_extend_anothers_order() -> None:
    assert extend(Desk(), unit_acting=DISTRICT) == "wrong-role"

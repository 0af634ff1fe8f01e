"""Every rung once, in order, at its due instant; and never where none is due."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, Demand, OrderKind, OrderState, Stage, Tier
from packs.loader import load_all
from tests.domain.citizen import answered, expired
from tests.domain.desk import DISTRICT, HOTLINE, STREET, SUPERVISION, Desk, local

LAST_RESORT = "executive-meeting"


def climbed(desk: Desk, *kinds: ClockKind) -> list[tuple[str, datetime]]:
    """Rungs with the instant at which the law wanted them."""
    return [
        (f"{clock.kind}.{event.body['rung']}", event.due_at)
        for event in desk.of(EventKind.RUNG_FIRED)
        if (clock := desk.case.clocks[event.body["clock"]]).kind in kinds and event.due_at
    ]


def test_every_rung_of_the_citizens_and_the_orders_ladder_fires_once_in_order_when_due() -> None:
    desk = Desk()
    desk.wait(days=120)

    weekly = [
        (f"citizen.last_resort.{n}", local(3, 25) + timedelta(weeks=n - 1)) for n in range(2, 10)
    ]
    assert climbed(desk, ClockKind.ORDER, ClockKind.CITIZEN) == [
        ("order.half", local(3, 6, 4, 30)),
        ("order.most", local(3, 8, 11, 24)),
        ("order.yellow", local(3, 9)),
        ("citizen.red", local(3, 10)),
        ("citizen.urge", local(3, 11)),
        ("citizen.supervise", local(3, 15)),
        ("citizen.last_resort", local(3, 25)),
        *weekly,
    ]


@pytest.mark.parametrize("tier", list(Tier))
def test_in_every_tier_every_rung_of_the_pack_fires(tier: Tier) -> None:
    desk = Desk(tier=tier)
    desk.wait(days=150)

    for kind in (ClockKind.ORDER, ClockKind.CITIZEN, ClockKind.SIGN_OFF, ClockKind.CONTACT):
        wanted = [f"{kind}.{rung.key}" for rung in desk.case.rules.ladders[kind].rungs]
        fired = [rung for rung in desk.rungs(kind) if rung.count(".") == 1]
        assert fired == wanted


def test_an_event_says_when_the_law_wanted_the_rung_and_when_the_engine_got_there() -> None:
    desk = Desk()
    desk.sleep_until(local(3, 6, 5))
    half = next(e for e in desk.of(EventKind.RUNG_FIRED) if e.body["clock"].startswith("order"))

    assert (half.due_at, half.acted_at) == (local(3, 6, 4, 30), local(3, 6, 5))
    assert half.body["lag"] == 1800
    assert half.body["cause"] == "due"


def test_a_rung_names_its_basis_and_its_source() -> None:
    desk = expired()

    body = desk.of(EventKind.RUNG_FIRED)[-1].body
    assert (body["basis"], body["source"]) == ("demo", "D0")


def test_a_rung_at_or_before_its_clocks_start_is_not_set() -> None:
    desk = Desk()
    told = {"at": desk.now, "means": "phone"}
    asked = {"reason": "sealed:v1:r", "measures": "sealed:v1:m", "citizen_told": told}
    desk.take("defer", **asked, review_on="2026-03-04")
    desk.take("rule", subject="deferral", decision="upheld")

    placed = [rung.key for rung in desk.clock(ClockKind.DEFERRAL).placed]

    assert "yellow" not in placed, "three days before a review in two days"


def test_expiry_comes_before_its_rungs() -> None:
    desk = expired()

    at_due = [e.kind for e in desk.events if e.acted_at == local(3, 10)]
    kinds = (EventKind.EXPIRED, EventKind.EVALUATION_OPENED, EventKind.RUNG_FIRED)
    assert [kind for kind in at_due if kind in kinds] == [
        EventKind.EXPIRED,
        EventKind.EVALUATION_OPENED,
        EventKind.EXPIRED,
        EventKind.RUNG_FIRED,
    ]


def test_silence_on_sign_off_climbs_first_and_then_counts_as_accepted() -> None:
    desk = Desk()
    desk.wait_until(local(3, 4))

    assert [e.kind for e in desk.events[-2:]] == [
        EventKind.RUNG_FIRED,
        EventKind.ACCEPTED_BY_SILENCE,
    ]
    assert desk.lead.state is OrderState.ACCEPTED
    assert desk.case.stage is Stage.HANDLING


def test_repeating_rungs_are_weekly_and_capped_and_the_last_names_the_last_resort() -> None:
    desk = Desk()
    desk.wait(days=150)

    fired = [at for key, at in climbed(desk, ClockKind.CITIZEN) if "last_resort" in key]
    assert len(fired) == 9
    assert {later - at for at, later in pairwise(fired)} == {timedelta(weeks=1)}
    last = [e for e in desk.of(EventKind.RUNG_FIRED) if e.body["clock"] == "citizen.1"][-1]
    assert "last_resort" in last.body["to"]


def test_no_rung_after_completion() -> None:
    desk = answered()
    before = desk.rungs()
    desk.wait(days=60)

    assert desk.rungs() == before


def test_no_rung_while_the_clock_is_held_and_afterwards_each_once_in_order() -> None:
    desk = Desk()
    desk.take("sign_off")
    desk.take("contact", at=desk.now, means="phone", reached=True)
    for day, until in ((6, 7), (9, 12), (13, 20)):
        desk.wait_until(local(3, day))
        before = desk.rungs()
        suspended = {"cause": "force_majeure", "until": local(3, until), "evidence": "sealed:v1:e"}
        desk.take("suspend", **suspended)
        desk.wait_until(local(3, until) - timedelta(seconds=1))
        assert desk.rungs() == before
        desk.wait_until(local(3, until))

    desk.wait(days=3)

    kinds = (ClockKind.ORDER, ClockKind.CITIZEN)
    assert desk.rungs(*kinds)[:4] == ["order.half", "order.most", "order.yellow", "citizen.red"]
    assert all(e.body["lag"] == 0 for e in desk.of(EventKind.RUNG_FIRED))


def test_a_note_a_fact_or_a_contact_moves_no_deadline() -> None:
    desk = Desk()
    due = desk.due()
    desk.take("sign_off")
    desk.take("contact", at=desk.now, means="phone", reached=False)
    desk.take("interim", text="sealed:v1:soon")
    desk.take("add_facts", text="sealed:v1:more")
    desk.take("attach", reference="2026030200025", role="hotline")

    assert desk.due() == due


@pytest.mark.parametrize("lead", ["110000", LAST_RESORT, SUPERVISION, HOTLINE, DISTRICT, STREET])
def test_a_ladder_ends_at_a_named_last_resort_whoever_leads(lead: str) -> None:
    desk = Desk(lead=lead)
    desk.wait(days=30)

    for event in desk.of(EventKind.RUNG_FIRED):
        clock = desk.case.clocks[event.body["clock"]]
        told = [
            n.destination for n in desk.notices if n.kind == f"{clock.kind}_{event.body['action']}"
        ]
        assert told, f"{event.body['rung']} told nobody"
    assert LAST_RESORT in desk.told("citizen_last_resort")


def test_a_complaint_that_nobody_dispatches_climbs_to_the_last_resort() -> None:
    desk = Desk(until=Stage.TRIAGE)
    desk.wait(days=3)

    assert desk.rungs() == ["dispatch.half", "dispatch.red", "dispatch.last_resort"]
    assert desk.told("dispatch_last_resort") == [SUPERVISION, LAST_RESORT]


def test_every_pack_ends_every_ladder_at_the_supervision_or_the_last_resort() -> None:
    for pack in load_all():
        for tier in Tier:
            ladders = pack.case_rules(Demand.COMPLAINT, tier).ladders
            endless = [k for k, ladder in ladders.items() if not ladder.ends_at_a_last_resort]
            assert set(endless) <= {ClockKind.ORDER}, pack.id


def test_the_level_of_escalation_is_that_of_the_highest_rung() -> None:
    desk = Desk()
    levels = []
    for days in (8, 1, 4, 10):
        desk.wait(days=days)
        levels.append(desk.case.escalation)

    assert levels == [2, 3, 4, 5]
    assert desk.order(OrderKind.SUPERVISION).live

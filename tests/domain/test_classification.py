"""Classification by a person: what a changed tier does to the clocks (PROTOCOL section 3)."""

from datetime import timedelta

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, Stage, Tier
from tests.domain.desk import STREET, WASTE, Desk, local


def test_a_person_decides_in_triage_within_the_dispatch_window_that_already_runs() -> None:
    desk = Desk(until=Stage.TRIAGE)
    started = desk.clock(ClockKind.DISPATCH).start
    desk.wait(hours=1)

    desk.take("classify", category=WASTE, tier="utility")

    assert (desk.case.stage, desk.case.tier) == (Stage.CLASSIFIED, Tier.UTILITY)
    clock = desk.clock(ClockKind.DISPATCH)
    assert clock.start == started
    assert clock.due_at == started + timedelta(hours=2)


def test_a_faster_tier_is_due_at_the_new_window_from_the_ruling_where_that_is_earlier() -> None:
    desk = Desk()
    desk.wait(days=2)

    desk.take("classify", category=WASTE, tier="utility")

    assert desk.due() == desk.now + timedelta(hours=24)
    assert desk.due(desk.lead) == desk.due()


def test_a_faster_tier_never_gives_more_time_than_was_left() -> None:
    desk = Desk()
    desk.wait_until(local(3, 9, 12))

    desk.take("classify", category=WASTE, tier="utility")

    assert desk.due() == local(3, 10)


def test_a_faster_tier_keeps_the_holds_and_the_earlier_due_moves_with_an_open_one() -> None:
    desk = Desk()
    desk.wait_until(local(3, 9, 12))
    desk.take("suspend", cause="force_majeure", until=local(3, 20))

    desk.take("classify", category=WASTE, tier="utility")
    assert desk.due() is None
    desk.wait(days=2)
    desk.take("resume")

    assert desk.due() == local(3, 12)


def test_a_faster_tier_after_the_expiry_leaves_the_due_and_climbs_the_new_ladder() -> None:
    desk = Desk()
    desk.wait_until(local(3, 10, 18))

    desk.take("classify", category=WASTE, tier="utility")
    desk.wait()

    assert desk.due() == local(3, 10)
    assert desk.rungs(ClockKind.CITIZEN) == ["citizen.red", "citizen.urge", "citizen.supervise"]
    moved = desk.of(EventKind.RUNG_FIRED)[-2:]
    assert [(event.body["cause"], event.body["lag"]) for event in moved] == [("moved", 0.0)] * 2


@pytest.mark.parametrize("approved_by", [None, "wang"])
def test_a_slower_tier_needs_the_approval_of_another_person(approved_by: str | None) -> None:
    desk = Desk()

    refusal = desk.act(
        "classify", category=WASTE, tier="complex", person="wang", approved_by=approved_by
    )

    assert refusal == "unlawful"
    assert desk.due() == local(3, 10)


def test_a_slower_tier_counts_from_the_original_start() -> None:
    desk = Desk()
    desk.wait(days=3)

    desk.take("classify", category=WASTE, tier="complex", person="wang", approved_by="li")

    assert desk.due() == local(3, 18)


def test_a_slower_tier_after_a_faster_one_still_counts_from_the_original_start() -> None:
    desk = Desk()
    desk.wait(days=2)
    desk.take("classify", category=WASTE, tier="utility")
    desk.wait(hours=2)

    desk.take("classify", category=WASTE, tier="complex", person="wang", approved_by="li")

    assert desk.due() == local(3, 18)


def test_a_slower_tier_in_other_units_keeps_the_time_that_an_extension_gave() -> None:
    desk = Desk(tier=Tier.UTILITY)
    told = {"at": desk.now, "means": "phone"}
    desk.take("extend", amount="24h", basis="art-15", citizen_told=told)

    desk.take("classify", category=WASTE, tier="general", person="wang", approved_by="li")

    assert desk.due() == local(3, 10)


def test_a_faster_tier_in_other_units_drops_an_extension_beyond_its_window() -> None:
    desk = Desk()
    told = {"at": desk.now, "means": "phone"}
    desk.take("extend", amount="7d", basis="art-15", citizen_told=told)

    desk.take("classify", category=WASTE, tier="emergency")

    assert desk.due() == desk.now + timedelta(hours=2)


def test_a_new_round_takes_the_window_for_redoing_of_its_new_tier() -> None:
    desk = Desk()
    desk.take("complete", result="solved")
    desk.take("evaluate", role="citizen", round=1, contacted="yes", resolved="no", satisfied="no")
    assert desk.case.round == 2

    desk.take("classify", category=WASTE, tier="utility")

    assert desk.due() == desk.now + timedelta(hours=24)


def test_the_unit_changes_only_by_dispatch() -> None:
    desk = Desk()
    desk.take("classify", category="urban.water", tier="utility")

    assert desk.lead.unit == STREET


@pytest.mark.parametrize("stage", [Stage.EVALUATING, Stage.CLOSED])
def test_after_handling_a_classification_is_only_recorded(stage: Stage) -> None:
    desk = Desk()
    desk.take("complete", result="solved")
    if stage is Stage.CLOSED:
        desk.take("withdraw", role="citizen")

    assert desk.act("classify", category=WASTE, tier="utility") == "wrong-stage"
    desk.take("classify", category="urban.water", tier="utility", effect="record")

    assert (desk.case.stage, desk.case.tier, desk.case.category) == (stage, Tier.GENERAL, WASTE)
    recorded = desk.of(EventKind.CLASSIFICATION_RECORDED)[-1]
    assert recorded.body["category"] == "urban.water"

"""The catalogue classifier: honest about what it knows, and never a judge."""

import csv
import gzip
from pathlib import Path

import pytest

from domain.vocabulary import Demand, Tier
from packs.classifier import CatalogueClassifier, Classification, OpenedWords
from packs.loader import load_pack

ROOT = Path(__file__).parents[2]
MESSAGES = ROOT.parent / "shared" / "data" / "zh_messages" / "labelled_raw_dev.csv.gz"
BEIJING = load_pack("cn-beijing")
WASTE, WATER, HEATING, NOISE = (
    "urban.municipal.waste",
    "urban.utilities.water_outage",
    "urban.utilities.heating",
    "environment.noise.construction",
)


def classify(
    text: str, title: str = "", demand: Demand = Demand.COMPLAINT, category: str | None = None
) -> Classification:
    words = OpenedWords(title=title, text=text, demand=demand, category=category)
    return CatalogueClassifier().classify(words, BEIJING)


@pytest.mark.parametrize(
    ("title", "text", "category"),
    [
        ("垃圾无人清运", "小区垃圾桶堆放多日", WASTE),
        ("Garbage not collected", "bins overflow with litter", WASTE),
        ("暖气不热", "供暖以来室温只有14度", HEATING),
        ("夜间施工噪音扰民", "工地每晚施工到两点", NOISE),
        ("Construction noise at night", "noise from night work next door", NOISE),
    ],
)
def test_clear_words_are_sure_in_either_language(title: str, text: str, category: str) -> None:
    found = classify(text, title)

    assert (found.category, found.sure) == (category, True)
    assert found.confidence >= BEIJING.catalogue.threshold


def test_what_nobody_sees_hides_no_danger_and_no_place() -> None:
    text, address = "家里煤气泄漏了，有人晕倒", "朝阳区建外街道"
    seen, parted = (
        CatalogueClassifier().classify(
            OpenedWords(
                text=unseen.join(text), address=unseen.join(address), demand=Demand.COMPLAINT
            ),
            BEIJING,
        )
        for unseen in ("", "\u200b")
    )

    assert (seen.tier, seen.place.subdistrict) == (Tier.EMERGENCY, "110105001")
    assert parted == seen


def test_few_words_leave_it_to_a_person_with_candidates_and_reasons() -> None:
    found = classify("路灯旁边的树木")

    assert not found.sure
    assert 0 < found.confidence < BEIJING.catalogue.threshold
    assert {candidate.category for candidate in found.candidates} == {
        "urban.municipal.street_light",
        "environment.green.trees",
    }
    assert found.reasons


def test_no_words_of_the_catalogue_is_no_confidence_at_all() -> None:
    found = classify("xyz")

    assert (found.category, found.confidence, found.sure) == (None, 0.0, False)


def test_the_channels_own_choice_stands() -> None:
    found = classify("xyz", category=WASTE)

    assert (found.category, found.sure) == (WASTE, True)


def test_a_choice_that_the_catalogue_does_not_know_is_told_and_not_taken() -> None:
    found = classify("xyz", category="no.such")

    assert (found.category, found.sure) == (None, False)
    assert "the channel's category is not in the catalogue" in found.reasons


def test_a_consultation_is_decided_by_a_person_unless_the_channel_chose() -> None:
    assert not classify("小区垃圾桶堆放多日", "垃圾无人清运", demand=Demand.CONSULT).sure
    assert classify("xyz", demand=Demand.CONSULT, category=WASTE).sure


def test_what_the_unit_will_ask_first_is_told_at_once() -> None:
    bare = classify("暖气不热", category=HEATING)
    whole = classify("幸福家园3号楼从昨天起暖气不热", category=HEATING)
    placed = OpenedWords(
        text="暖气不热", demand=Demand.HELP, category=HEATING, latitude=39.9, longitude=116.4
    )

    assert bare.missing_facts == ("place", "since")
    assert whole.missing_facts == ()
    assert CatalogueClassifier().classify(placed, BEIJING).missing_facts == ("since",)


def test_a_matter_that_may_belong_elsewhere_is_decided_by_a_person() -> None:
    found = classify("法院判决后上诉", "法院判决与诉讼")

    assert (found.category, found.sure) == ("order.legal.litigation", False)
    assert "a person decides whether it goes another way: other_legal_channel" in found.reasons


def test_a_demand_that_the_entry_is_not_meant_for_is_shown_to_a_person() -> None:
    found = classify("楼道垃圾", "停水", demand=Demand.SUGGESTION)

    assert (found.category, found.sure) == (WATER, False)
    assert "the catalogue does not expect this as suggestion" in found.reasons


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("楼道里着火了", Tier.EMERGENCY),
        ("电线掉下来有人触电", Tier.EMERGENCY),
        ("老人被困在电梯里", Tier.EMERGENCY),
        ("strong smell of gas in the stairwell", Tier.EMERGENCY),
        ("全楼停水", Tier.UTILITY),
        ("no electricity since yesterday", Tier.UTILITY),
        ("楼道堆物有火灾隐患", Tier.GENERAL),
        ("这个领导没水平", Tier.GENERAL),
    ],
)
def test_words_of_danger_or_outage_raise_the_tier(text: str, tier: Tier) -> None:
    assert classify(text).tier is tier


def test_danger_raises_the_tier_of_a_chosen_category_and_never_lowers_one() -> None:
    assert classify("垃圾站着火了", category=WASTE).tier is Tier.EMERGENCY
    assert classify("水表读数不对", category=WATER).tier is Tier.UTILITY


def test_what_the_words_call_for_is_told_whatever_their_category_calls_for() -> None:
    entry = BEIJING.catalogue.category[WASTE].model_copy(update={"tier": Tier.EMERGENCY})
    catalogue = BEIJING.catalogue.model_copy(
        update={"category": BEIJING.catalogue.category | {WASTE: entry}}
    )
    pack = BEIJING.model_copy(update={"catalogue": catalogue})

    def told(text: str) -> Classification:
        words = OpenedWords(text=text, demand=Demand.COMPLAINT, category=WASTE)
        return CatalogueClassifier().classify(words, pack)

    both = told("垃圾站着火了")
    assert (both.tier, both.called_for, both.tier_reasons) == (Tier.EMERGENCY, Tier.EMERGENCY, ())
    assert told("请问几点开门").called_for is None


def test_confidence_is_a_number_between_nothing_and_certainty() -> None:
    found = classify("停水 停电 燃气 供暖 噪音 垃圾 物业", "停水停电")

    assert all(0 < candidate.confidence < 1 for candidate in found.candidates)
    assert len(found.candidates) == 3


def test_on_real_messages_what_is_sure_is_mostly_right() -> None:
    """Seven wide labels, near-duplicates removed: a starting catalogue is sure of one in four."""
    if not MESSAGES.exists():
        pytest.skip("../shared/data/zh_messages is absent")
    with gzip.open(MESSAGES, "rt", encoding="utf-8", newline="") as lines:
        messages = list({row["near_dup_group"]: row for row in csv.DictReader(lines)}.values())
    found = [(classify(row["detail"], row["title"]), row["label"]) for row in messages]
    sure = [(each, label) for each, label in found if each.sure]
    right = [label == BEIJING.catalogue.path(each.category or "", "zh")[0] for each, label in sure]

    assert len(sure) / len(found) > 0.25
    assert sum(right) / len(right) > 0.8

"""The dispatch catalogue of Beijing: wide, in three levels, and whole in every entry."""

import csv
from pathlib import Path

import pytest

from packs.catalogue import BY_PLACE
from packs.loader import load_pack

ROOT = Path(__file__).parents[2]
TREE = ROOT.parent / "shared" / "data" / "zh_messages" / "categories_3level.csv"
BEIJING = load_pack("cn-beijing")
CATALOGUE = BEIJING.catalogue


def test_it_has_more_than_240_entries_in_three_levels_under_fifteen_classes() -> None:
    assert len(CATALOGUE.category) >= 240
    assert all(code.count(".") == 2 for code in CATALOGUE.category)
    assert len([level for level in CATALOGUE.level if "." not in level]) == 15


def test_its_classes_are_the_level_1_names_in_use() -> None:
    if not TREE.exists():
        pytest.skip("../shared/data/zh_messages is absent")
    with TREE.open(encoding="utf-8", newline="") as lines:
        used = {row["level1"] for row in csv.DictReader(lines)}

    assert {CATALOGUE.path(code, "zh")[0] for code in CATALOGUE.category} == used


@pytest.mark.parametrize("code", CATALOGUE.category)
def test_every_entry_is_whole(code: str) -> None:
    entry = CATALOGUE.category[code]

    assert set(entry.name) == set(entry.words) == {"zh", "en"}
    assert all(entry.words.values())
    assert entry.tier is not None
    assert entry.lead in (*BY_PLACE, *BEIJING.units.entries)
    assert entry.sourced is not None


def test_no_level_is_named_that_holds_nothing() -> None:
    held = {".".join(code.split(".")[:depth]) for code in CATALOGUE.category for depth in (1, 2)}

    assert set(CATALOGUE.level) == held


def test_names_are_unique_in_each_language() -> None:
    for language in ("zh", "en"):
        names = [entry.name[language] for entry in CATALOGUE.category.values()]
        assert len(names) == len(set(names))


def test_communities_assist_and_no_entry_is_led_or_shared_by_one() -> None:
    assert any(entry.assistants for entry in CATALOGUE.category.values())
    assert all("community" not in (e.lead, *e.co_handlers) for e in CATALOGUE.category.values())

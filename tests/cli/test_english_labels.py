"""The labels by which English is judged fit the catalogues that they speak of."""

import csv

import pytest

from cli.bench_words.english import LABELLED, MAPPED, Said, mapped_packs
from packs.loader import load_pack


@pytest.mark.parametrize("pack", mapped_packs())
def test_every_level_that_a_citizens_category_stands_for_is_in_the_catalogue(pack: str) -> None:
    with MAPPED.open(encoding="utf-8", newline="") as lines:
        named = {level for row in csv.DictReader(lines) for level in row[pack].split("|")} - {""}

    assert named
    assert named <= _levels(pack)


def test_every_level_given_by_hand_is_in_the_catalogue_and_no_text_stands_beside_it() -> None:
    with LABELLED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == len({row["id"] for row in rows}) == 150
    assert all(row.keys() == {"id", "cn-beijing"} and row["id"].isdecimal() for row in rows)
    assert {level for row in rows for level in row["cn-beijing"].split("|")} - {""} <= _levels(
        "cn-beijing"
    )


def test_a_category_is_within_its_levels_and_not_within_one_that_begins_alike() -> None:
    said = Said("transport.road.damage", sure=True)

    assert said.within(frozenset({"transport.road"}))
    assert said.within(frozenset({"urban", "transport.road.damage"}))
    assert not said.within(frozenset({"transport.roads", "transport.road.dam"}))
    assert not Said(None, sure=False).within(frozenset())


def _levels(pack: str) -> set[str]:
    """Levels and categories of the catalogue."""
    catalogue = load_pack(pack).catalogue
    return {*catalogue.level, *catalogue.category}

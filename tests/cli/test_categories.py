"""Labels by hand are labels only, of entries that the catalogue has; and what they measure."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from cli.bench_words.categories import LABELS, NONE, called, categorised
from cli.bench_words.lower_levels import CALLS, OF_THE_SURE, SURE, lower_levels
from packs.learned.classifier import LearnedClassifier
from packs.loader import load_pack

DATA = Path(__file__).parents[3] / "shared" / "data"
BEIJING = load_pack("cn-beijing")


def rows() -> list[dict[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_label_is_a_row_and_one_or_two_entries_of_the_catalogue() -> None:
    known = {*BEIJING.catalogue.category, NONE}

    assert set(rows()[0]) == {"file", "id", "split", "category", "also"}
    assert all(row["category"] in known and row["also"] in known | {""} for row in rows())
    assert all(row["category"] != row["also"] for row in rows())


def test_no_message_is_labelled_twice_and_each_part_has_its_size() -> None:
    assert len({(row["file"], row["id"]) for row in rows()}) == len(rows())
    assert Counter(row["split"] for row in rows()) == {
        "tune": 200, "judge": 200, "settle": 80, "fresh": 160,
    }  # fmt: skip


def test_on_messages_drawn_last_the_sure_go_to_the_right_unit() -> None:
    if not (DATA / "zh_messages").exists():
        pytest.skip("../shared/data/zh_messages is absent")
    read = [each for each in categorised(DATA, ["fresh"]) if each.entries][:80]
    lead = {code: entry.lead for code, entry in BEIJING.catalogue.category.items()}
    guesses = [(LearnedClassifier().guess(each.words, BEIJING), each) for each in read]
    sure = [(guess.candidates[0].category, each) for guess, each in guesses if guess.sure]
    right = [lead[code] in {lead[entry] for entry in each.entries} for code, each in sure]

    assert len(sure) > 0.4 * len(read)
    assert sum(right) > OF_THE_SURE["fresh"] * len(right)


def test_every_entry_has_calls_and_none_of_the_judged_is_among_those_that_taught_words() -> None:
    judge, tune = called("judge"), called("tune")

    assert {each.entries[0] for each in (*judge, *tune)} == set(BEIJING.catalogue.category)
    assert not {each.words.text for each in judge} & {each.words.text for each in tune}


def test_of_short_calls_the_sure_go_to_the_right_unit() -> None:
    lead = {code: entry.lead for code, entry in BEIJING.catalogue.category.items()}
    judge = called("judge")
    guesses = [(LearnedClassifier().guess(each.words, BEIJING), each) for each in judge]
    sure = [(guess.candidates[0].category, each) for guess, each in guesses if guess.sure]
    right = [lead[code] == lead[each.entries[0]] for code, each in sure]

    assert len(sure) >= SURE[CALLS] * len(judge)
    assert sum(right) >= OF_THE_SURE[CALLS] * len(right)


@pytest.mark.slow
def test_every_figure_of_the_lower_levels_holds_its_bound() -> None:
    if not (DATA / "zh_messages").exists():
        pytest.skip("../shared/data/zh_messages is absent")

    assert [figure.line() for figure in lower_levels(DATA) if not figure.holds] == []

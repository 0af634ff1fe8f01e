from pathlib import Path

import numpy as np
import pytest

from cli.bench_words.pairs import precision_and_recall, read_pairs, shipped_rule
from domain.sketch import covers, likeness, place
from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from sealing.sketches import Sketcher

DATA = Path(__file__).parents[3] / "shared/data/zh_messages"
TITLE = "丽发新城小区附近搅拌站噪音扰民"
TEXT = "丽发新城小区旁边的搅拌站每天24小时生产，灰尘和噪音让业主无法入睡。"
OTHER = "公交车312路早高峰经常半小时没有一班，希望增加班次。"
ENGLISH = "The street light on Bellevue Avenue has been out for 3 weeks."


def test_the_same_text_in_other_spelling_is_wholly_alike(keys: SealingKeys) -> None:
    sketcher = Sketcher(keys)
    plain = sketcher.sketch(TITLE, TEXT + ENGLISH, None)
    spelled = sketcher.sketch(TITLE, TEXT.replace("24", "２４") + ENGLISH.upper(), None)

    assert likeness(plain, spelled) == 1.0
    assert covers(plain, spelled) == 1.0
    assert plain == spelled


def test_characters_that_nobody_sees_say_nothing(keys: SealingKeys) -> None:
    sketcher = Sketcher(keys)
    plain = sketcher.sketch(TITLE, TEXT + ENGLISH, None)

    assert sketcher.sketch("\ufeff".join(TITLE), "\u200b".join(TEXT + ENGLISH), None) == plain


def test_one_matter_is_more_alike_than_two(keys: SealingKeys) -> None:
    sketcher = Sketcher(keys)
    one = sketcher.sketch(TITLE, TEXT, None)
    again = sketcher.sketch("投诉搅拌站", "丽发新城旁边搅拌站的噪音太大了", None)
    other = sketcher.sketch("公交", OTHER, None)

    assert likeness(one, again) > 0.2
    assert likeness(one, other) < 0.05


def test_a_text_without_a_heading_is_compared_by_its_whole(keys: SealingKeys) -> None:
    sketcher = Sketcher(keys)
    one, other = sketcher.sketch("？", TEXT, None), sketcher.sketch("！", TEXT, None)

    assert one.heading == frozenset()
    assert likeness(one, other) == 1.0
    assert likeness(one, sketcher.sketch("？", OTHER, None)) < 0.1


def test_what_says_nothing_is_like_nothing(keys: SealingKeys) -> None:
    nothing = Sketcher(keys).sketch(None, "……", None)

    assert likeness(nothing, nothing) == 0.0
    assert covers(nothing, nothing) == 1.0


def test_another_key_gives_unrelated_sketches(keys: SealingKeys) -> None:
    ours = Sketcher(keys).sketch(TITLE, TEXT, None, (39.9, 116.4))
    theirs = Sketcher(SealingKeys.derived(MasterKeys.generate())).sketch(
        TITLE, TEXT, None, (39.9, 116.4)
    )

    assert likeness(ours, theirs) < 0.05
    assert ours.cell != theirs.cell
    assert ours.whole.isdisjoint(theirs.whole)


def test_a_new_fact_is_not_covered(keys: SealingKeys) -> None:
    sketcher = Sketcher(keys)
    old = sketcher.sketch(TITLE, TEXT, None)

    assert covers(old, sketcher.sketch(None, TEXT, None)) == 1.0
    assert covers(old, sketcher.sketch(None, TEXT + OTHER, None)) < 0.7


def test_labelled_pairs_of_real_messages_are_told_apart(keys: SealingKeys) -> None:
    """With any key; the bench measures it closely."""
    if not DATA.exists():
        pytest.skip("../shared/data/zh_messages is absent")
    sketcher = Sketcher(keys)
    judged = [pair for pair in read_pairs(DATA.parent) if pair.split == "judge"]
    alike = np.array(
        [
            likeness(*(sketcher.sketch(m.title, m.text, None) for m in (pair.first, pair.second)))
            for pair in judged
        ]
    )

    same = np.array([pair.same for pair in judged])
    precision, recall = precision_and_recall(alike, same, shipped_rule().linked)

    assert precision > 0.8
    assert recall > 0.7


def test_cells_tell_near_from_far_without_telling_where(keys: SealingKeys) -> None:
    sketcher = Sketcher(keys)
    here = sketcher.sketch(None, TEXT, None, (39.90500, 116.39100))
    beside = sketcher.sketch(None, TEXT, None, (39.90900, 116.39600))
    far = sketcher.sketch(None, TEXT, None, (39.95000, 116.39100))
    nowhere = sketcher.sketch(None, TEXT, None)

    assert place(here, here) == "same"
    assert place(here, beside) == place(beside, here) == "near"
    assert place(here, far) == "far"
    assert place(here, nowhere) is None

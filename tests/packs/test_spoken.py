"""How a catalogue's words are found in what people write, by language."""

import pytest

from packs.spoken import MERE_PLACE, Spoken, weight


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The streets are dirty", "tree"),
        ("A small business", "bus"),
        ("He separates them", "rat"),
    ],
)
def test_an_english_word_is_not_found_inside_another(text: str, word: str) -> None:
    assert Spoken(text).says("en", word) == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Potholes everywhere", "pothole"),
        ("dead branches", "branch"),
        ("The neighbour's DOGS bark", "dog"),
        ("a hole in the road", "hole in road"),
        ("Street-lights out", "street light"),
    ],
)
def test_plurals_articles_and_hyphens_make_no_difference(text: str, word: str) -> None:
    assert Spoken(text).says("en", word) == 1


@pytest.mark.parametrize(
    "text",
    ["Litter on the sidewalk", "Garbage in front of our sidewalk", "a tree next to the sidewalk"],
)
def test_what_only_says_where_counts_less(text: str) -> None:
    assert Spoken(text).says("en", "sidewalk") == MERE_PLACE


def test_the_matter_itself_counts_whole_even_if_it_also_says_where() -> None:
    assert Spoken("Broken sidewalk, I fell on the sidewalk").says("en", "sidewalk") == 1


def test_chinese_is_found_wherever_its_characters_stand() -> None:
    assert Spoken("小区路灯不亮").says("zh", "路灯") == 1


def test_english_and_chinese_weigh_alike() -> None:
    assert weight("zh", "垃圾") <= weight("en", "trash") <= weight("zh", "垃圾清运")

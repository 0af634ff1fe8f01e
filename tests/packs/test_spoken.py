"""How a catalogue's words are found in what people write in a language with spaces."""

import pytest

from packs.said import Sayings, Word

MATTER = "the.matter"
OTHERS = (Word("noise", "en", "noise"), Word("trees", "en", "trees"))


def says(word: str, text: str) -> float:
    return Sayings([Word(MATTER, "en", word)]).scores("", text).get(MATTER, 0.0)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The streets are dirty", "tree"),
        ("A small business", "bus"),
        ("He separates them", "rat"),
    ],
)
def test_an_english_word_is_not_found_inside_another(text: str, word: str) -> None:
    assert says(word, text) == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Potholes everywhere", "pothole"),
        ("dead branches", "branch"),
        ("The neighbour's DOGS bark", "dog"),
        ("a hole in the road", "hole in road"),
        ("Street-lights out", "street light"),
        ("the city library", "libraries"),
    ],
)
def test_plurals_articles_and_hyphens_make_no_difference(text: str, word: str) -> None:
    assert says(word, text) == says(word, word) > 0


@pytest.mark.parametrize(
    "text",
    ["Litter on the sidewalk", "Garbage in front of our sidewalk", "a tree next to the sidewalk"],
)
def test_what_only_says_where_counts_less(text: str) -> None:
    assert 0 < says("sidewalk", text) < says("sidewalk", "broken sidewalk") / 2


def test_the_matter_itself_counts_whole_even_if_it_also_says_where() -> None:
    assert says("sidewalk", "I fell on the sidewalk, broken sidewalk") >= says(
        "sidewalk", "broken sidewalk"
    )


def test_of_phrases_within_one_another_only_the_longest_counts() -> None:
    sayings = Sayings([*OTHERS, Word("snow", "en", "icy sidewalk"), Word("road", "en", "sidewalk")])

    assert set(sayings.scores("", "an icy sidewalk")) == {"snow"}
    assert set(sayings.scores("", "icy sidewalk, broken sidewalk")) == {"snow", "road"}


def test_an_english_word_among_chinese_characters_is_a_word() -> None:
    assert says("bus", "我每天坐bus上班") > 0

"""How much a text says a word of the catalogue, by how its language is written.

A language without spaces says a word wherever its characters stand. One with spaces says it as
whole words ("tree" is not in "street"), in the singular or the plural. English says with a
preposition where something is: litter *on the sidewalk* is not about the sidewalk.
"""

import re
from functools import lru_cache

UNSPACED = frozenset({"zh", "ja"})
MERE_PLACE = 0.25
"""What a word counts that only says where."""
LETTERS_OF_ONE, MOST_OF_A_WORD = 3.5, 2.0
"""So many letters weigh 1, and no single word weighs more than so much."""

_WORDS = re.compile(r"[^\W\d_\u2e80-\U0010ffff]+|[0-9]+")
_APOSTROPHE = re.compile(r"['’]s?\b")
_ARTICLES = frozenset({"the", "a", "an"})
_WHERE = re.compile(
    "in|on|at|near|behind|under|above|along|across|opposite|between|around|past|beside|outside"
    "|inside|onto|into|against|over|from"
    "|(?:front|corner|side|end|foot|middle|edge|back|top|bottom) of|(?:next|close) to"
)
_WHOSE = re.compile("this|that|these|those|my|our|your|his|her|its|their|one|each|every")
_PLACE_WORDS = 2
"""So many words after a preposition belong to the place: "on the city street"."""


class Spoken:
    """One text, read once for all words."""

    def __init__(self, text: str) -> None:
        self._text = text.casefold()
        words = singulars(self._text)
        self._words = _between_spaces(words)
        self._places = _starts(words, place_words(words))

    def says(self, language: str, word: str) -> float:
        """0 where the word is not said, 1 where it is."""
        if language in UNSPACED:
            return float(word.casefold() in self._text)
        plain = _plain(word)
        at = self._words.find(plain) if self._words else -1
        if at < 0:
            return 0.0
        while at in self._places:
            at = self._words.find(plain, at + 1)
        return MERE_PLACE if at < 0 else 1.0


def weight(language: str, word: str) -> float:
    """Longer words say more: two Chinese characters weigh as much as four letters."""
    if language in UNSPACED:
        return len(word) / 2
    return sum(min(len(part) / LETTERS_OF_ONE, MOST_OF_A_WORD) for part in word.split())


def singulars(text: str) -> list[str]:
    """The words of a text in the singular, without articles."""
    found = _WORDS.findall(_APOSTROPHE.sub("", text))
    return [singular(word) for word in found if word not in _ARTICLES]


def place_words(words: list[str]) -> set[int]:
    """The numbers of the words that only say where something is."""
    places, left = set(), 0
    for at, word in enumerate(words):
        two = " ".join(words[max(at - 1, 0) : at + 1])
        if _WHERE.fullmatch(word) or _WHERE.fullmatch(two):
            left = _PLACE_WORDS
        elif left and not _WHOSE.fullmatch(word):
            places.add(at)
            left -= 1
    return places


def _starts(words: list[str], numbers: set[int]) -> set[int]:
    """Where these words stand between the spaces, the space before each."""
    starts, at = set(), 0
    for number, word in enumerate(words):
        if number in numbers:
            starts.add(at)
        at += len(word) + 1
    return starts


def singular(word: str) -> str:
    """Without the ending of an English plural; that all forms become one is what counts."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1]


def _between_spaces(words: list[str]) -> str:
    return f" {' '.join(words)} " if words else ""


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    return _between_spaces(singulars(word.casefold()))

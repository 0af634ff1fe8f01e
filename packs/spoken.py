"""How a language with spaces says the words of a catalogue.

It says whole words ("tree" is not in "street"), in the singular or the plural, with or without an
article. English says with a preposition where something is: litter *on the sidewalk* is not about
the sidewalk.
"""

import re
from collections.abc import Iterable, Iterator

UNSPACED = frozenset({"zh", "ja"})
MERE_PLACE = 0.25
"""What a word counts that only says where."""
LETTERS_OF_ONE, MOST_OF_A_WORD = 4.5, 1.8
"""So many letters weigh 1, as two Chinese characters do, and no single word weighs more."""

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


class Phrases:
    """Phrases that are looked for in one pass; where several begin, the longest is found."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[list[str]]] = {}
        for words in sorted(map(str.split, phrases), key=len, reverse=True):
            self._by_first.setdefault(words[0], []).append(words)

    def found(self, text: str) -> Iterator[tuple[str, bool]]:
        """Each phrase that stands within no other, and whether it only says where."""
        words, end = singulars(text), 0
        places = place_words(words)
        for at, word in enumerate(words):
            for phrase in self._by_first.get(word, ()):
                if words[at : at + len(phrase)] == phrase:
                    if at + len(phrase) > end:
                        end = at + len(phrase)
                        yield " ".join(phrase), at in places
                    break


def phrase(text: str) -> str:
    """A word of the catalogue as it is looked for."""
    return " ".join(singulars(text))


def length(text: str) -> float:
    """How long a word or phrase is, for its weight."""
    return sum(min(len(word) / LETTERS_OF_ONE, MOST_OF_A_WORD) for word in singulars(text))


def parts(text: str) -> Iterator[str]:
    """All phrases within a phrase, itself too."""
    words = text.split()
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            yield " ".join(words[start:end])


def singulars(text: str) -> list[str]:
    """The words of a text in the singular, without articles."""
    found = _WORDS.findall(_APOSTROPHE.sub("", text.casefold()))
    return [singular(word) for word in found if word not in _ARTICLES]


def singular(word: str) -> str:
    """Without the ending of an English plural; that all forms become one is what counts."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1]


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

"""Where the words of a catalogue stand in a text, and what they say for which entry."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from packs.spoken import MERE_PLACE, UNSPACED, Phrases, length, parts, phrase

LONGEST_TEXT = 4_000
"""Characters that are read; a matter is named long before."""

_TITLE_COUNTS = 3.0
_AGAIN_COUNTS = 0.3
"""What is said twice is not twice as sure: further mentions count by their logarithm."""
_HINT_COUNTS = 0.3
_HEAD = 2
"""Words are looked up by their first characters."""


class Word(NamedTuple):
    """A word of one entry. A hint only accompanies its matter, a word names it."""

    code: str
    language: str
    text: str
    hint: bool = False

    @property
    def weight(self) -> float:
        """Longer words say more: two Chinese characters weigh 1."""
        long = len(self.text) / 2 if self.language in UNSPACED else length(self.text)
        return long * (_HINT_COUNTS if self.hint else 1.0)

    @property
    def key(self) -> "Key":
        """What is looked for."""
        if self.language in UNSPACED:
            return Key(False, self.text.casefold())
        return Key(True, phrase(self.text))


class Key(NamedTuple):
    """What is looked for: characters anywhere, or, spaced, whole words."""

    spaced: bool
    text: str


class Sayings:
    """All words of a catalogue, looked for in one pass.

    Of words that stand within one another only the longest counts. A word weighs less, the more
    entries have it in theirs.
    """

    def __init__(self, words: Iterable[Word]) -> None:
        by_key: dict[Key, list[Word]] = defaultdict(list)
        for word in words:
            by_key[word.key].append(word)
        self._phrases = Phrases(key.text for key in by_key if key.spaced)
        self._by_head: dict[str, list[str]] = defaultdict(list)
        for text in sorted((key.text for key in by_key if not key.spaced), key=len, reverse=True):
            self._by_head[text[:_HEAD]].append(text)
        rarity = _rarity(by_key)
        self._says = {
            key: [(word.code, word.weight * rarity[key]) for word in same]
            for key, same in by_key.items()
        }

    def scores(self, title: str, text: str) -> dict[str, float]:
        """What title and text say for each entry that they name, on no scale of its own."""
        in_title, mentions = self._mentions(title), self._mentions(text)
        scores: dict[str, float] = defaultdict(float)
        for said in in_title.keys() | mentions.keys():
            counts = 0.0
            if said in in_title:
                counts += _TITLE_COUNTS * max(in_title[said])
            if said in mentions:
                counts += max(mentions[said]) * (1 + _AGAIN_COUNTS * math.log(len(mentions[said])))
            for code, weight in self._says[said]:
                scores[code] += weight * counts
        return {code: score for code, score in scores.items() if score > 0}

    def _mentions(self, text: str) -> dict[Key, list[float]]:
        """For each word that is said, how much each mention counts."""
        read = text[:LONGEST_TEXT].casefold()
        mentions: dict[Key, list[float]] = defaultdict(list)
        for word in self._found(read):
            mentions[Key(False, word)].append(1.0)
        for said, where in self._phrases.found(read):
            mentions[Key(True, said)].append(MERE_PLACE if where else 1.0)
        return mentions

    def _found(self, read: str) -> Iterator[str]:
        end = 0
        for at in range(len(read) - 1):
            for word in self._by_head.get(read[at : at + _HEAD], ()):
                if read.startswith(word, at):
                    if at + len(word) > end:
                        end = at + len(word)
                        yield word
                    break


def _rarity(by_key: Mapping[Key, list[Word]]) -> dict[Key, float]:
    """Between 1 for what one entry alone has in its words, and 0 for what all have."""
    having: dict[Key, set[str]] = {key: set() for key in by_key}
    for key, same in by_key.items():
        codes = {word.code for word in same}
        for part in _parts(key):
            if part in having:
                having[part] |= codes
    entries = len({word.code for same in by_key.values() for word in same})
    if entries < 2:
        return dict.fromkeys(by_key, 1.0)
    return {key: 1 - math.log(len(codes)) / math.log(entries) for key, codes in having.items()}


def _parts(key: Key) -> Iterator[Key]:
    if key.spaced:
        yield from (Key(True, part) for part in parts(key.text))
        return
    for start in range(len(key.text)):
        for end in range(start + _HEAD, len(key.text) + 1):
            yield Key(False, key.text[start:end])

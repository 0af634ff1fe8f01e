"""Where the words of a catalogue stand in a text, and what they say for which entry."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

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
        """Longer words say more: two Chinese characters or one English word weigh 1."""
        long = len(self.text) / 2 if self.language == "zh" else 1.0 + self.text.count(" ")
        return long * (_HINT_COUNTS if self.hint else 1.0)


class Sayings:
    """All words of a catalogue, looked for in one pass.

    Of words that stand within one another only the longest counts. A word weighs less, the more
    entries have it in theirs.
    """

    def __init__(self, words: Iterable[Word]) -> None:
        by_text: dict[str, list[Word]] = defaultdict(list)
        for word in words:
            by_text[word.text.casefold()].append(word)
        self._by_head: dict[str, list[str]] = defaultdict(list)
        for text in sorted(by_text, key=len, reverse=True):
            self._by_head[text[:_HEAD]].append(text)
        rarity = _rarity(by_text)
        self._says = {
            text: [(word.code, word.weight * rarity[text]) for word in same]
            for text, same in by_text.items()
        }

    def scores(self, title: str, text: str) -> dict[str, float]:
        """What title and text say for each entry that they name, on no scale of its own."""
        in_title = set(self._found(title))
        mentions = Counter(self._found(text))
        scores: dict[str, float] = defaultdict(float)
        for said in in_title | mentions.keys():
            counts = _TITLE_COUNTS * (said in in_title)
            if said in mentions:
                counts += 1 + _AGAIN_COUNTS * math.log(mentions[said])
            for code, weight in self._says[said]:
                scores[code] += weight * counts
        return {code: score for code, score in scores.items() if score > 0}

    def _found(self, text: str) -> Iterator[str]:
        read, end = text[:LONGEST_TEXT].casefold(), 0
        for at in range(len(read) - 1):
            for word in self._by_head.get(read[at : at + _HEAD], ()):
                if read.startswith(word, at):
                    if at + len(word) > end:
                        end = at + len(word)
                        yield word
                    break


def _rarity(by_text: Mapping[str, list[Word]]) -> dict[str, float]:
    """Between 1 for what one entry alone has in its words, and 0 for what all have."""
    having: dict[str, set[str]] = {text: set() for text in by_text}
    for text, same in by_text.items():
        codes = {word.code for word in same}
        for part in _parts(text):
            if part in having:
                having[part] |= codes
    entries = len({word.code for same in by_text.values() for word in same})
    if entries < 2:
        return dict.fromkeys(by_text, 1.0)
    return {text: 1 - math.log(len(codes)) / math.log(entries) for text, codes in having.items()}


def _parts(text: str) -> Iterator[str]:
    for start in range(len(text)):
        for end in range(start + _HEAD, len(text) + 1):
            yield text[start:end]

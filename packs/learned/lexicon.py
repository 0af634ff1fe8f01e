"""The words of a language as hashes with their weights, and the cutting of a run into them.

Chinese is written without spaces. A run of characters is cut where the product of its words'
frequencies is greatest; what the lexicon does not know falls out, character by character.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

LONGEST_WORD = 6
KEPT_WHOLE = 3
"""A token of so few characters is a word as it stands."""

Ending = tuple[int, float]
"""A word's length and weight."""

_LEADING = 20
_REST = np.uint64(64 - _LEADING)

_UNKNOWN = -14.0
"""The log frequency of a character that no word claims."""


@dataclass(frozen=True)
class Cut:
    """Words by length, each by where it starts in the run; `whole`: tokens that hold no word.

    `claimed` marks the characters of words: what no word claims says nothing by itself.
    """

    words: dict[int, NDArray[np.int64]]
    whole: list[int]
    claimed: NDArray[np.bool_]


@dataclass(frozen=True)
class Lexicon:
    """Hashes of words, ascending, each with the logarithm of its frequency."""

    hashes: NDArray[np.uint64]
    weights: NDArray[np.float32]

    @cached_property
    def _leading(self) -> NDArray[np.bool_]:
        """Which leading bits any word has: a look here spares most of what is no word a search."""
        there = np.zeros(1 << _LEADING, dtype=bool)
        there[self.hashes >> _REST] = True
        return there

    def cut(
        self,
        lengths: Sequence[int],
        unspaced: Sequence[bool],
        by_length: Mapping[int, NDArray[np.uint64]],
    ) -> Cut:
        """The words of a run, given its tokens' lengths and the hashes of all its stretches.

        A token of a script with spaces is one word.
        """
        found: dict[int, list[int]] = {length: [] for length in range(1, LONGEST_WORD + 1)}
        whole: list[int] = []
        ending: list[list[Ending]] = []
        start, spaced = 0, []
        for number, length in enumerate(lengths):
            if length <= KEPT_WHOLE:
                found[length].append(start)
            elif not unspaced[number]:
                whole.append(number)
                spaced.append(slice(start, start + length))
            else:
                ending = ending or self._ending(by_length)
                if not self._cut_token(start, length, ending, found):
                    whole.append(number)
            start += length
        words = {size: np.array(starts, dtype=np.int64) for size, starts in found.items()}
        claimed = _claimed(start, words)
        for stretch in spaced:
            claimed[stretch] = True
        return Cut(words, whole, claimed)

    def _ending(self, by_length: Mapping[int, NDArray[np.uint64]]) -> list[list[Ending]]:
        """For each place in the run: the words that end there, the shorter first."""
        ending: list[list[Ending]] = [[] for _ in range(len(by_length[1]) + 1)]
        if not len(self.hashes):
            return ending
        for length, hashes in sorted(by_length.items()):
            perhaps = np.flatnonzero(self._leading[hashes >> _REST])
            at = np.searchsorted(self.hashes, hashes[perhaps])
            at[at == len(self.hashes)] = 0
            known = self.hashes[at] == hashes[perhaps]
            starts, weights = perhaps[known], self.weights[at[known]].tolist()
            for start, weight in zip(starts.tolist(), weights, strict=True):
                ending[start + length].append((length, weight))
        return ending

    def _cut_token(
        self, start: int, length: int, ending: list[list[Ending]], found: dict[int, list[int]]
    ) -> bool:
        """Adds the words of one token; False when there are none."""
        best, last = [0.0] * (length + 1), [0] * (length + 1)
        for end in range(1, length + 1):
            score, taken = best[end - 1] + _UNKNOWN, 0
            for size, weight in ending[start + end]:
                if size > end:
                    break
                tried = best[end - size] + weight
                if tried > score:
                    score, taken = tried, size
            best[end], last[end] = score, taken
        end, any_word = length, False
        while end > 0:
            if last[end]:
                found[last[end]].append(start + end - last[end])
                any_word = True
            end -= last[end] or 1
        return any_word


def _claimed(length: int, words: Mapping[int, NDArray[np.int64]]) -> NDArray[np.bool_]:
    claimed = np.zeros(length, dtype=bool)
    for size, starts in words.items():
        for offset in range(size):
            claimed[starts + offset] = True
    return claimed

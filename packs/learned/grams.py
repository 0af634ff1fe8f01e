"""From the passages of a message to hashed pieces of their words, all in one go.

Where danger is looked for passage by passage, cutting each into words would cost more than the rest
of a classification. Pieces do without: one to three characters of scripts without spaces, three to
five letters of other words, their ends included. All is arithmetic on one row of code points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packs.learned.hashing import (
    BITS,
    FIRST_UNSPACED,
    GRAM,
    Found,
    Hashes,
    code_points,
    hashed,
    tokens,
)

UNSPACED_LENGTHS, SPACED_LENGTHS = range(1, 4), range(3, 6)
_END = "\0"
"""Stands before, between and after words."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Grams:
    """Which grams the passages have and how often, passage after passage, each ascending."""

    passages: int
    passage: Numbers
    row: Numbers
    counts: NDArray[np.float32]

    def of(self, passage: int) -> Found:
        there = self.passage == passage
        return self.row[there], self.counts[there]


def grams(passages: Sequence[str]) -> Grams:
    said = [_END + "".join(word + _END for word in tokens(passage)) for passage in passages]
    points = code_points("".join(said))
    passage = np.repeat(np.arange(len(said)), [len(each) for each in said])
    keys = [
        (passage[starts] << BITS[GRAM]) | _rows(hashed(points, length)[starts])
        for length in range(UNSPACED_LENGTHS.start, SPACED_LENGTHS.stop)
        for starts in [np.flatnonzero(_is_gram(points, length))]
    ]
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    row = found & ((1 << BITS[GRAM]) - 1)
    return Grams(len(said), found >> BITS[GRAM], row, counts.astype(np.float32))


def _rows(hashes: Hashes) -> Numbers:
    return (hashes >> np.uint64(64 - BITS[GRAM])).astype(np.int64)


def _is_gram(points: Hashes, length: int) -> NDArray[np.bool_]:
    """For each start: whether so many characters lie within one word, and its script has such."""
    starts = np.arange(max(len(points) - length + 1, 0))
    ends = np.concatenate([[0], np.cumsum(points == ord(_END))])
    unspaced = points >= ord(FIRST_UNSPACED)
    kept = np.zeros(len(starts), dtype=bool)
    if length in UNSPACED_LENGTHS:
        kept |= unspaced[starts] & (ends[starts] == ends[starts + length])
    if length in SPACED_LENGTHS:
        # Words are of one script each: the second character tells which, the first may be an end.
        within = ends[starts + 1] == ends[starts + length - 1]
        kept |= within & ~unspaced[starts] & ~unspaced[starts + 1]
    return kept

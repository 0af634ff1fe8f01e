"""Which messages are copies of one another, so that no copy of a test message is trained on.

Candidates come from min-hashes in bands; a pair counts as copies when the cosine of their
characters in twos and threes is at least `ALIKE`. Copies of copies are one group.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from packs.learned.hashing import Found, Hashes

ALIKE = 0.85
BANDS, ROWS = 32, 5
_SEED = 20_260_101


def groups(features: Sequence[Found]) -> list[int]:
    """For each message the number of its group: that of the group's first message."""
    leader = list(range(len(features)))

    def lead(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for one, other in _candidates([rows for rows, _ in features]):
        first, second = sorted((lead(one), lead(other)))
        if first != second and cosine(features[one], features[other]) >= ALIKE:
            leader[second] = first
    return [lead(number) for number in range(len(features))]


def cosine(one: Found, other: Found) -> float:
    _, left, right = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    product = float(one[1][left] @ other[1][right])
    lengths = float((one[1] @ one[1]) * (other[1] @ other[1]))
    return product / lengths**0.5 if lengths else 0.0


def _candidates(rows: Sequence[NDArray[np.int64]]) -> Iterator[tuple[int, int]]:
    """Pairs that agree in a whole band, each told at least once; neighbours in a bucket suffice."""
    factors = np.random.default_rng(_SEED).integers(1, 1 << 63, BANDS * ROWS, dtype=np.uint64)
    factors |= np.uint64(1)
    sketches = np.array([_sketch(each.astype(np.uint64), factors) for each in rows])
    for band in range(BANDS):
        buckets: dict[bytes, list[int]] = {}
        for number, sketch in enumerate(sketches[:, band * ROWS : (band + 1) * ROWS]):
            if len(rows[number]):
                buckets.setdefault(sketch.tobytes(), []).append(number)
        for bucket in buckets.values():
            yield from pairwise(bucket)


def _sketch(rows: Hashes, factors: Hashes) -> Hashes:
    if not len(rows):
        return np.zeros(len(factors), dtype=np.uint64)
    spread = (rows + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    spread ^= spread >> np.uint64(32)
    mixed = spread[None, :] * factors[:, None]
    return np.asarray((mixed >> np.uint64(20)).min(axis=1), dtype=np.uint64)

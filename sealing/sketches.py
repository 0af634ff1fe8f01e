"""Sketches: what is kept of a complaint's words to tell that another is about the same matter.

Every feature goes through a keyed hash before anything else is done with it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from domain.sketch import DIGEST_BITS, WEIGHT_BITS, WEIGHTS, Sketch, rank
from sealing.cells import around, cell_of
from sealing.commonness import rarity
from sealing.keys import SealingKeys

KEPT_TITLE = 32
KEPT_WORDS = 96
LONGEST_TEXT = 4_000
"""Characters that are read; a matter is named long before."""
NGRAMS = (2, 3)

_FIRST_UNSPACED = "\u2e80"
_TOKENS = re.compile(rf"[^\W_{_FIRST_UNSPACED}-\U0010ffff]+|[^\W\0-\u2e7f]+")
Point = tuple[float, float]
"""Latitude and longitude in degrees."""


class Sketcher:
    """Sketches of one key can be compared; those of two keys have nothing in common."""

    def __init__(self, keys: SealingKeys) -> None:
        self._key = keys.sketch_key

    def sketch(
        self, title: str | None, text: str, address: str | None, point: Point | None = None
    ) -> Sketch:
        """Nothing of the words, of the address and of the point can be read from the result."""
        heading = Counter(features(title or "") + features(address or ""))
        said = heading + Counter(features(text))
        hashes = {feature: self._hash(feature) for feature in said}
        numbers = {feature: _number(feature, hashes[feature]) for feature in said}
        words, complete = _lowest((numbers[feature] for feature in said), KEPT_WORDS)
        kept_title, _ = _lowest((numbers[feature] for feature in heading), KEPT_TITLE)
        return Sketch(
            title=kept_title,
            words=words,
            complete=complete,
            digest=_digest([hashes[each] for each in said], [numbers[each] for each in said]),
            cell=None if point is None else self._cell(cell_of(*point)),
            around=() if point is None else tuple(map(self._cell, around(*point))),
        )

    def _hash(self, feature: str) -> bytes:
        return blake2b(feature.encode("utf-8", "surrogatepass"), key=self._key).digest()

    def _cell(self, cell: tuple[int, int]) -> int:
        digest = blake2b(repr(cell).encode(), key=self._key, person=b"cell", digest_size=8)
        return int.from_bytes(digest.digest(), signed=True)


def features(text: str) -> list[str]:
    """Words and pairs of words; where no spaces are written, characters in twos and threes."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()
    return list(_features(_TOKENS.findall(plain)))


def _features(tokens: list[str]) -> Iterator[str]:
    spaced = [token if token < _FIRST_UNSPACED else "" for token in tokens]
    for token in tokens:
        if token < _FIRST_UNSPACED:
            yield token
        else:
            for size in NGRAMS:
                for start in range(len(token) - size + 1):
                    yield token[start : start + size]
    for one, other in pairwise(spaced):
        if one and other:
            yield f"{one} {other}"


def _number(feature: str, digest: bytes) -> int:
    hashed = int.from_bytes(digest[:4]) >> WEIGHT_BITS
    return hashed * WEIGHTS + rarity(feature)


def _lowest(numbers: Iterator[int], count: int) -> tuple[tuple[int, ...], bool]:
    ordered = sorted(set(numbers), key=rank)
    return tuple(ordered[:count]), len(ordered) <= count


def _digest(hashes: list[bytes], numbers: list[int]) -> bytes:
    """SimHash: each bit is what the weights of the features say on balance."""
    if not hashes:
        return bytes(DIGEST_BITS // 8)
    bits = np.unpackbits(
        np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(len(hashes), -1), axis=1
    )
    weights = np.array([(number % WEIGHTS) ** 2 for number in numbers], dtype=np.float32)
    return np.packbits(weights @ (bits * np.float32(2) - 1) > 0).tobytes()

"""Sketches: what is kept of a complaint's words to tell that another is about the same matter.

Every feature goes through a keyed hash before anything else is done with it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import pairwise

from domain.sketch import WEIGHT_BITS, Sketch, rank
from domain.visible import visible
from sealing.cells import Cell, around, cell_of
from sealing.commonness import rarity
from sealing.keys import SealingKeys

KEPT_TITLE = 32
KEPT_WORDS = 128
LONGEST_TEXT = 4_000
"""Characters that are read; a matter is named long before."""
LONGEST_HEADING = 40
"""Characters of the text's beginning that stand for a title where there is none."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

_FIRST_UNSPACED = "\u2e80"
"""From here on scripts are written without spaces between words, or nearly so."""
_TOKENS = re.compile(rf"[^\W_{_FIRST_UNSPACED}-\U0010ffff]+|[^\W\0-\u2e7f]+")
_SENTENCE_ENDS = re.compile(r"[\n。！？；!?;]|\.\s")


class Sketcher:
    """Sketches of one key can be compared; those of two keys have nothing in common."""

    def __init__(self, keys: SealingKeys) -> None:
        self._key = keys.sketch_key

    def sketch(
        self, title: str | None, text: str, address: str | None, point: Point | None = None
    ) -> Sketch:
        """Nothing of the words, of the address and of the point can be read from the result."""
        heading = {*features(title or _beginning(text)), *features(address or "")}
        hashed = {feature: self._feature(feature) for feature in heading.union(features(text))}
        words = _by_rank(hashed.values())
        return Sketch(
            title=tuple(_by_rank(hashed[feature] for feature in heading)[:KEPT_TITLE]),
            words=tuple(words[:KEPT_WORDS]),
            complete=len(words) <= KEPT_WORDS,
            cell=None if point is None else self._cell(cell_of(*point)),
            around=() if point is None else tuple(map(self._cell, around(*point))),
        )

    def _feature(self, feature: str) -> int:
        digest = blake2b(feature.encode("utf-8", "surrogatepass"), key=self._key, digest_size=4)
        return int.from_bytes(digest.digest()) >> WEIGHT_BITS << WEIGHT_BITS | rarity(feature)

    def _cell(self, cell: Cell) -> int:
        digest = blake2b(repr(cell).encode(), key=self._key, digest_size=8, person=b"cell")
        return int.from_bytes(digest.digest(), signed=True)


def features(text: str) -> list[str]:
    """Words and pairs of words; where no spaces are written, characters in twos."""
    plain = unicodedata.normalize("NFKC", visible(text)[:LONGEST_TEXT]).casefold()
    return list(_features(_TOKENS.findall(plain)))


def _features(tokens: list[str]) -> Iterator[str]:
    for token in tokens:
        if token < _FIRST_UNSPACED:
            yield token
        else:
            yield from map("".join, pairwise(token))
    for one, other in pairwise(tokens):
        if one < _FIRST_UNSPACED and other < _FIRST_UNSPACED:
            yield f"{one} {other}"


def _beginning(text: str) -> str:
    return _SENTENCE_ENDS.split(visible(text).strip(), maxsplit=1)[0][:LONGEST_HEADING]


def _by_rank(hashed: Iterable[int]) -> list[int]:
    return sorted(set(hashed), key=rank)

"""How alike two complaints are, judged without their words.

A sketch holds keyed hashes of what a text says; who has no key can neither read it nor test a
guess against it, but two sketches of one key can be compared by anyone who holds both.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Literal

WEIGHT_BITS = 4
"""The lowest bits of a feature say how rare it is: 1 stands in every text, 15 in hardly any."""
RAREST = (1 << WEIGHT_BITS) - 1

Place = Literal["same", "near", "far"]
"""Of two cells of about 500 m: one and the same, neighbours, or neither."""

ENOUGH = 8.0
"""So many features of the rarest kind in common are as good as any more."""
MUCH = 40.0
"""So many features of the rarest kind that were not said before are a new matter."""
FINE = 0.1
"""What the share of features that both have counts for: it orders those with enough in common."""

ANCHORS, SOUGHT = 16, 32
FINDING = 12
"""The least rarity of a feature that a complaint is found by."""
SIGNATURE_BITS = 1024

_HASHES = 1 << (32 - WEIGHT_BITS)
_WORTH = tuple((rarity / RAREST) ** 3 for rarity in range(RAREST + 1))


@dataclass(frozen=True)
class Sketch:
    """`title` and `words` are features: of the heading, and of everything, in ascending order of
    rank; of a long text only those of the lowest ranks are kept. `complete` says that none of
    `words` was left out. `around` are the cells beside `cell`; they are not stored.
    """

    title: tuple[int, ...]
    words: tuple[int, ...]
    complete: bool
    cell: int | None = None
    around: tuple[int, ...] = field(default=(), compare=False)

    @cached_property
    def heading(self) -> frozenset[int]:
        return frozenset(self.title)

    @cached_property
    def whole(self) -> frozenset[int]:
        return self.heading.union(self.words)

    @cached_property
    def worth(self) -> float:
        """In features of the rarest kind; more than `ENOUGH` is not counted to the end."""
        return _worth(self.whole)

    @cached_property
    def heading_worth(self) -> float:
        return _worth(self.heading)


def rarity(feature: int) -> int:
    return feature & RAREST


def rank(feature: int) -> float:
    """Where a feature stands among the kept ones: chance by its hash, rare ones first.

    Two texts keep the same ones of what they share, so that what is kept can be compared.
    """
    return ((feature >> WEIGHT_BITS) + 1) / _HASHES / rarity(feature) ** 2


def likeness(one: Sketch, other: Sketch) -> float:
    """From 0, nothing in common, to 1; the same whichever comes first.

    Half of it is what both say anywhere, half what is said in the heading of one and anywhere in
    the other: the name of the place and of the matter stand there.
    """
    said = one.whole & other.whole
    if not said:
        return 0.0
    worth = one.worth if one.worth >= ENOUGH else max(one.worth, other.worth)
    enough = min(_worth(said) / min(worth, ENOUGH), 1.0)
    share = len(said) / max(len(one.whole), len(other.whole))
    return (1 - FINE) * (enough + _named(one, other, said, enough)) / 2 + FINE * share


def _named(one: Sketch, other: Sketch, said: frozenset[int], enough: float) -> float:
    """Where neither has a heading, what stands anywhere has to do."""
    headings = max(one.heading_worth, other.heading_worth)
    if not headings:
        return enough
    return min(_worth(said & (one.heading | other.heading)) / min(headings, ENOUGH), 1.0)


def covers(old: Sketch, new: Sketch) -> float:
    """How far the new one says nothing that the old one did not: 1 means nothing new, 0 all.

    Judged are the features of the new one that the old one would have kept had it had them, each
    for those that were not kept as well. A number or a name alone is hardly noticed in a long text.
    """
    last = inf if old.complete or not old.words else rank(old.words[-1])
    judged = {
        word: _WORTH[rarity(word)] * max(1.0, 1 / (last * rarity(word) ** 2))
        for word in new.words
        if rank(word) <= last
    }
    if not judged:
        return float(not new.words)
    unsaid = sum(worth for word, worth in judged.items() if word not in old.whole)
    return 1 - min(unsaid / min(sum(judged.values()), MUCH), 1.0)


def anchors(sketch: Sketch, count: int = ANCHORS) -> list[int]:
    """Rare features by which an open complaint is found, half of them of the heading if it has any.

    Searched for are more of them, `SOUGHT`, than are kept: the other one may have kept others.
    """
    headed = _rarest(sketch.title)[: count // 2]
    return list(dict.fromkeys(headed + _rarest(sketch.words)))[:count]


def _rarest(features: Iterable[int]) -> list[int]:
    """By rarity, and within one rarity by rank."""
    rare = (feature for feature in features if rarity(feature) >= FINDING)
    return sorted(rare, key=rarity, reverse=True)


def signature(features: Iterable[int]) -> str:
    """Features as ones among zeros: how many ones two share tells how many features they share."""
    bits = ["0"] * SIGNATURE_BITS
    for feature in features:
        bits[(feature >> WEIGHT_BITS) % SIGNATURE_BITS] = "1"
    return "".join(bits)


def place(one: Sketch, other: Sketch) -> Place | None:
    """None where either place is unknown. One of the two must come fresh from the sketcher."""
    if one.cell is None or other.cell is None:
        return None
    if one.cell == other.cell:
        return "same"
    return "near" if one.cell in other.around or other.cell in one.around else "far"


def packed(features: Iterable[int]) -> bytes:
    """Four bytes each, as they are stored."""
    listed = list(features)
    return struct.pack(f">{len(listed)}I", *listed)


def unpacked(stored: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(stored) // 4}I", stored)


def _worth(features: Iterable[int]) -> float:
    total = 0.0
    for feature in features:
        total += _WORTH[feature & RAREST]
        if total >= ENOUGH:
            break
    return total

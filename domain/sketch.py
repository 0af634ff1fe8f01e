"""How alike two complaints are, judged without their words.

A sketch holds keyed hashes of what a text says; who has no key can neither read it nor test a
guess against it, but two sketches of one key can be compared by anyone who holds both.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

WEIGHT_BITS = 4
WEIGHTS = 1 << WEIGHT_BITS
"""The lowest bits of a feature say how rare it is: 1 stands in every text, 15 in hardly any."""
DIGEST_BITS = 512
ANCHORS, SOUGHT = 24, 64
RARE = 12
"""The least weight of a feature by which complaints are found."""
TITLE_SHARE = 0.5
"""What the titles weigh in a likeness, beside the whole texts."""

Place = Literal["same", "near", "far"]
"""Of two cells of about 500 m: one and the same, neighbours, or neither."""


@dataclass(frozen=True)
class Sketch:
    """`title` and `words` are features: of title and address, and of everything, in ascending
    order of rank; of a long text only those of the lowest ranks are kept. `complete` says that
    none of `words` was left out. `around` are the cells beside `cell`; they are not stored.
    """

    title: tuple[int, ...]
    words: tuple[int, ...]
    complete: bool
    digest: bytes
    cell: int | None = None
    around: tuple[int, ...] = field(default=(), compare=False)

    @cached_property
    def title_set(self) -> frozenset[int]:
        return frozenset(self.title)

    @cached_property
    def words_set(self) -> frozenset[int]:
        return frozenset(self.words)


def weight(feature: int) -> int:
    return feature % WEIGHTS


def rank(feature: int) -> float:
    """Where a feature stands among the kept ones: chance by its hash, rare ones first.

    Two texts keep the same ones of what they share, so that samples can be compared.
    """
    return ((feature >> WEIGHT_BITS) + 1) / weight(feature) ** 2


def likeness(one: Sketch, other: Sketch) -> float:
    """From 0, nothing in common, to 1; the same whichever comes first."""
    whole = _common(one.words_set, other.words_set)
    if not one.title or not other.title:
        return whole
    return TITLE_SHARE * _common(one.title_set, other.title_set) + (1 - TITLE_SHARE) * whole


def covers(old: Sketch, new: Sketch) -> float:
    """How much of what the new one says the old one said too: 1 means nothing new.

    Counted are the features of the new one that the old one would have kept had it had them.
    """
    last = None if old.complete or not old.words else rank(old.words[-1])
    judged = [word for word in new.words if last is None or rank(word) <= last]
    total = _weigh(judged)
    return _weigh(old.words_set.intersection(judged)) / total if total else float(not new.words)


def anchors(sketch: Sketch) -> list[int]:
    """By what it is found: its rarest features, those of the title first."""
    return _rare(sketch)[:ANCHORS]


def sought(sketch: Sketch) -> list[int]:
    """By what others are found that it may be like."""
    return _rare(sketch)[:SOUGHT]


def _rare(sketch: Sketch) -> list[int]:
    features = dict.fromkeys([*sketch.title, *sketch.words])
    return [feature for feature in features if weight(feature) >= RARE]


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


def _common(one: frozenset[int], other: frozenset[int]) -> float:
    together = _weigh(one) * _weigh(other)
    return _weigh(one & other) / together**0.5 if together else 0.0


def _weigh(features: Iterable[int]) -> int:
    return sum((feature % WEIGHTS) ** 2 for feature in features)

"""Whether a submission names another place than one before it did: a house, an address, a point."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

NUMERALS = str.maketrans("〇零一二两三四五六七八九", "001223456789")
HOUSES = re.compile(r"[0-9a-z甲乙丙丁]+(?:号|栋|幢|座|单元|室|层|门|路|里|弄|巷)")
NUMBERS = re.compile(r"[0-9]+")
SAID_BEFORE = 0.8
"""How much of an address must stand in the earlier words; channels spell one in many ways."""
METRES_A_DEGREE = 111_000
SAME_SPOT_METRES = 100
"""A telephone does not know better where it is."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Named:
    """What a submission says of its place, `said` being its title and text in plain words."""

    said: str
    address: str | None = None
    point: Point | None = None

    def whole(self) -> str:
        return _plain(f"{self.address or ''} {self.said}")


def is_elsewhere(new: Named, old: Named) -> bool:
    """Also where the new one names a place and the old one named none: that is a new fact."""
    before = old.whole()
    if not _all_in(HOUSES, new.whole(), before):
        return True
    if new.address is not None and not _stands_in(_plain(new.address), before):
        return True
    return new.point is not None and (old.point is None or _is_far(new.point, old.point))


def _stands_in(address: str, before: str) -> bool:
    pairs, known = set(pairwise(address)), set(pairwise(before))
    return _all_in(NUMBERS, address, before) and len(pairs & known) >= SAID_BEFORE * len(pairs)


def _all_in(pattern: re.Pattern[str], new: str, before: str) -> bool:
    return set(pattern.findall(new)) <= set(pattern.findall(before))


def _is_far(one: Point, other: Point) -> bool:
    north = one[0] - other[0]
    east = (one[1] - other[1]) * cos(radians(one[0]))
    return hypot(north, east) * METRES_A_DEGREE > SAME_SPOT_METRES


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(NUMERALS)
    return re.sub(r"[\W_]+", "", folded)

"""What would be ruled on a complaint that nobody has sent: the seam to the rule packs.

Rule packs are read elsewhere, as for the registers; the composition root fills the seam. Every name
is in the pack's first language.
"""

from typing import Protocol

from domain.model import Strict
from domain.vocabulary import Demand, Tier


class Description(Strict):
    """The words and the place of a complaint, checked: the place by code."""

    pack: str
    demand: Demand
    title: str = ""
    text: str
    address: str = ""
    category: str | None = None
    district: str | None = None
    subdistrict: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Named(Strict):
    code: str
    name: str


class CandidateLine(Strict):
    """`path` are the names from the root of the catalogue to the category itself."""

    category: str
    path: tuple[str, ...]
    tier: Tier
    confidence: float


class PlaceLine(Strict):
    """Where it is, as far as found; `unsure` where what was said of it does not agree."""

    district: Named | None = None
    subdistrict: Named | None = None
    community: Named | None = None
    unsure: bool = False
    reasons: tuple[str, ...] = ()


class TierLine(Strict):
    tier: Tier
    reasons: tuple[str, ...]


class DutyLine(Strict):
    """Who would lead and who would help, once the category and the place stand."""

    lead: Named
    co_handlers: tuple[Named, ...] = ()
    reasons: tuple[str, ...] = ()


class TriageLine(Strict):
    """Whether a person would decide, and all that speaks for it."""

    person_decides: bool
    reasons: tuple[str, ...] = ()


class Foreseen(Strict):
    """What the rule pack would say now; it binds nobody.

    `category` is None where it is left to a person; `candidates` are empty where the channel chose
    the category. `duty` is that of the chosen category or, without one, of the likeliest.
    """

    pack: str
    pack_version: str
    classifier: str
    category: str | None
    confidence: float
    candidates: tuple[CandidateLine, ...]
    tier: TierLine
    missing_facts: tuple[Named, ...]
    place: PlaceLine
    duty: DutyLine | None
    triage: TriageLine


class Foresight(Protocol):
    """Answers from the loaded packs. Both methods use the processor and belong off the loop."""

    def warm(self) -> None:
        """Reads what the first answer would have to wait for."""
        ...

    def foresee(self, described: Description) -> Foreseen:
        """Raises `HotlineError` where the pack has no answer."""
        ...

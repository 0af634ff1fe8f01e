"""The questions a complaint puts to its rule pack, and the answers that its history keeps.

Answers are recorded, never recomputed: packs and calendars change while complaints are open.
"""

from pydantic import Field

from domain.clock import Clock, Explained
from domain.model import Frozen, Instant
from domain.rules import CaseRules, Rung
from domain.submission import Submission
from domain.unit import Unit
from domain.vocabulary import Demand, Tier

NOBODY_KNOWN = "district unknown: the hotline's own desk"
"""The reason of a dispatch for which neither category nor place named anybody."""


class RulesQuestion(Frozen):
    """Which rules bind a complaint of this tier, demand and category?

    Without a tier the category's, or the pack's default, but none less urgent than `at_least`.
    """

    pack: str
    demand: Demand
    tier: Tier | None = None
    at_least: Tier | None = None
    category: str | None = None


class RulesRuling(Frozen):
    rules: CaseRules
    desks: tuple[Unit, ...]
    category_known: bool = True


class Candidate(Frozen):
    category: str
    tier: Tier
    confidence: float = Field(ge=0, le=1)


class ClassificationQuestion(Frozen):
    submission: Submission


class ClassificationRuling(Frozen):
    """What the words are about. `sure` is False where a person must decide.

    `called_for` is the tier that the words alone call for, if any, whatever their category.
    `area` is the pack's own division of the ground, wider than a street; it is no unit.
    """

    category: str | None
    tier: Tier
    called_for: Tier | None = None
    confidence: float
    sure: bool
    candidates: tuple[Candidate, ...] = ()
    reasons: tuple[str, ...] = ()
    missing_facts: tuple[str, ...] = ()
    classifier: str
    district: str | None = None
    subdistrict: str | None = None
    community: str | None = None
    area: str | None = None
    rules: CaseRules


class DispatchQuestion(Frozen):
    """Whose duty is it? A named lead is looked up, not chosen."""

    pack: str
    category: str | None = None
    district: str | None = None
    subdistrict: str | None = None
    community: str | None = None
    area: str | None = None
    lead: str | None = None
    co_handlers: tuple[str, ...] = ()


class DispatchRuling(Frozen):
    """`units` holds every unit that the answer names and all above them."""

    lead: Unit
    co_handlers: tuple[Unit, ...] = ()
    units: tuple[Unit, ...] = ()
    reasons: tuple[str, ...] = ()


class UnitsQuestion(Frozen):
    pack: str
    codes: tuple[str, ...]


class UnitsRuling(Frozen):
    """The units asked for and all above them; a code that nobody knows is in `unknown`."""

    units: tuple[Unit, ...] = ()
    unknown: tuple[str, ...] = ()


class ClockQuestion(Frozen):
    """Measure this clock; `at_least` and `at_most` bound the answer.

    A clock that was measured before names the calendar's version it was measured with: a newer one
    moves it only by an amendment.
    """

    id: str
    clock: Clock
    calendar: str
    calendar_version: str | None = None
    rungs: tuple[Rung, ...] = ()
    at_least: Instant | None = None
    at_most: Instant | None = None
    explain: bool = False


class ClocksQuestion(Frozen):
    clocks: tuple[ClockQuestion, ...]
    duty_calendar: str


class PlacedRung(Frozen):
    """A rung's instant; `notify_at` is later where its notice waits for duty hours."""

    key: str
    at: Instant
    notify_at: Instant


class ClockRuling(Frozen):
    """`due_at` is None while a hold is open. `error` says why a clock could not be measured."""

    id: str
    due_at: Instant | None = None
    provisional: bool = False
    calendar_version: str = ""
    rungs: tuple[PlacedRung, ...] = ()
    explanation: tuple[Explained, ...] = ()
    error: str | None = None


class ClocksRuling(Frozen):
    clocks: tuple[ClockRuling, ...]

"""`pack.toml`: who the pack is, its desks, and how acts may change a clock."""

from typing import Any, TypeVar

from pydantic import Field

from domain.model import Strict
from domain.rates import Scoring
from domain.rules import (
    CallbackAttempt,
    DeferralRule,
    Desks,
    EvaluationRule,
    ExtensionRule,
    ObjectionRule,
    RepeatRule,
    Sourced,
    SuspensionRule,
)
from domain.vocabulary import Tier
from packs.written import WrittenAmount

Names = dict[str, str]
Rule = TypeVar("Rule", bound=Sourced)


class Source(Strict):
    """Where a value stands: a title, and where to find it."""

    title: str
    where: str


class ExtensionEntry(ExtensionRule):
    """An extension's `cap` is written `7wd`; a `note` speaks to people, here and below."""

    cap: WrittenAmount | None = None
    note: str = ""


class SuspensionEntry(SuspensionRule):
    note: str = ""


class ObjectionEntry(ObjectionRule):
    note: str = ""


class CallbackEntry(CallbackAttempt):
    after: WrittenAmount
    note: str = ""


class EvaluationEntry(EvaluationRule):
    callbacks: tuple[CallbackEntry, ...]
    note: str = ""


class DeferralEntry(DeferralRule):
    note: str = ""


class RepeatsEntry(RepeatRule):
    note: str = ""


class UndeliverableEntry(Sourced):
    """How long a notice is tried before its destination counts as dead."""

    after: WrittenAmount
    note: str = ""


class ClassifierEntry(Strict):
    """A trained model for the first level; the catalogue's words tell what lies below it.

    No person is asked when level and category are at least so likely.
    """

    model: str
    threshold: float = Field(ge=0, le=1)
    category_threshold: float = Field(ge=0, le=1)


class UrgencyEntry(Strict):
    """A trained model of what reads urgent, and how likely a tier must be to be raised to it."""

    model: str
    emergency: float = Field(ge=0, le=1)
    utility: float = Field(ge=0, le=1)


class DispatchEntry(Strict):
    """How sure the table of past cases must be to name the lead in the catalogue's stead."""

    threshold: float = Field(ge=0, le=1)


class PackFile(Strict):
    """The file as it stands. `calendar` is that of every window which names none."""

    id: str
    version: str
    abstract: bool = False
    name: Names = Field(min_length=1)
    languages: tuple[str, ...] = Field(min_length=1)
    default_tier: Tier
    calendar: str | None = None
    duty_calendar: str
    desks: Desks
    extension: ExtensionEntry
    suspension: SuspensionEntry
    objection: ObjectionEntry
    evaluation: EvaluationEntry
    deferral: DeferralEntry
    undeliverable: UndeliverableEntry
    repeats: RepeatsEntry
    scoring: Scoring = Scoring()
    classifier: ClassifierEntry | None = None
    urgency: UrgencyEntry | None = None
    dispatch: DispatchEntry | None = None
    sources: dict[str, Source]


def without_notes(kind: type[Rule], entry: Sourced) -> Rule:
    """The domain's rule, as a complaint's history keeps it."""
    return kind.model_validate(_stripped(entry.model_dump()))


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stripped(inner) for key, inner in value.items() if key != "note"}
    if isinstance(value, tuple | list):
        return tuple(_stripped(inner) for inner in value)
    return value

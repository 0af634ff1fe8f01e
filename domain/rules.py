"""A rule pack's values as one complaint meets them: windows, ladders, and how acts change a clock.

`packs/` reads them from TOML; a ruling copies what binds one complaint into its history, so that a
later version of the pack changes nothing that is already running.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from domain.model import Strict
from domain.rung import Position
from domain.vocabulary import (
    Basis,
    ClockKind,
    Party,
    RungAction,
    StartFact,
    Tier,
    WindowName,
)
from domain.window import Amount, Window


class Sourced(Strict):
    """A legal value says what it rests on, and where that stands."""

    basis: Basis
    source: str


class LegalWindow(Sourced):
    """A budget of time, the calendar it is counted with, and the fact that starts it."""

    window: Window
    calendar: str
    starts_at: StartFact


class Repeat(Strict):
    """A rung that returns: `every` after the one before (a week or more), at most `times` times."""

    every: Amount
    times: int = Field(ge=1, le=52)


class Rung(Sourced):
    """One step of escalation: when, what it is called, and whom it tells."""

    key: str = Field(pattern=r"^[a-z0-9_]+$")
    position: Position
    action: RungAction
    level: int = Field(ge=0, le=9)
    to: tuple[Party, ...] = Field(min_length=1)
    repeat: Repeat | None = None
    duty_hours: bool = False


class Ladder(Strict):
    """The ordered steps of one kind of clock."""

    rungs: tuple[Rung, ...] = Field(min_length=1)

    @property
    def ends_at_a_last_resort(self) -> bool:
        return bool({Party.LAST_RESORT, Party.SUPERVISION} & set(self.rungs[-1].to))

    @model_validator(mode="after")
    def _has_one_rung_a_key(self) -> Self:
        keys = [rung.key for rung in self.rungs]
        if len(keys) != len(set(keys)):
            raise ValueError("each rung needs a key of its own")
        return self


class ExtensionRule(Sourced):
    """Art. 15(2) and its kin: `notify` takes effect at once, `approve` waits for the hotline."""

    mode: Literal["notify", "approve"]
    max_count: int = Field(ge=0)
    cap: Amount | None = None
    cap_is_original: bool = False
    after_deadline: bool = False


class SuspensionRule(Sourced):
    """The causes for which a clock may stop; none means that it never may."""

    causes: tuple[str, ...] = ()


class ObjectionRule(Sourced):
    """Art. 12: how often a round may change hands, and whether the clock stops for the ruling."""

    reasons: tuple[str, ...] = Field(min_length=1)
    max_redispatch: int = Field(ge=0)
    pauses_clock: bool = False


class CallbackAttempt(Sourced):
    """One attempt to ask the citizen, `after` the opening of the evaluation."""

    after: Amount
    channel: str


class EvaluationRule(Sourced):
    """Art. 23: when the citizen is asked, and by which attempts."""

    opens_at_expiry: bool
    callbacks: tuple[CallbackAttempt, ...]
    partly_is_negative: bool = True
    automatic_rounds: int = Field(ge=0, le=3)


class DeferralRule(Sourced):
    """What cannot be solved now comes back for review; the last review is supervision."""

    max_reviews: int = Field(ge=1)


class RepeatRule(Sourced):
    """When another submission is about the same matter, by what the two have in common (0 to 1).

    Of one person, with no new facts, it is attached to the open complaint and opens none (Art. 11);
    of different people, both are shown together.
    """

    alike: float = Field(gt=0, le=1, description="Likeness from which one person repeats.")
    covered: float = Field(gt=0, le=1, description="How much of the repeat was said before.")
    linked: float = Field(gt=0, le=1, description="Likeness from which two are shown together.")
    within_days: int = Field(ge=1, le=3660, description="How old the complaint may be.")


class Desks(Strict):
    """The unit codes of the desks that no complaint can miss."""

    hotline: str
    supervision: str
    last_resort: str


class CaseRules(Strict):
    """All that a rule pack says to one complaint of one tier, demand and category.

    Recorded in the complaint's history by the ruling that made it.
    """

    pack: str
    version: str
    tier: Tier
    windows: dict[WindowName, LegalWindow]
    ladders: dict[ClockKind, Ladder]
    extension: ExtensionRule
    suspension: SuspensionRule
    objection: ObjectionRule
    evaluation: EvaluationRule
    deferral: DeferralRule
    desks: Desks
    undeliverable_after: Amount
    duty_calendar: str
    zone: str = "UTC"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = [name for name in WindowName if name not in self.windows]
        if missing:
            raise ValueError(f"no window {missing[0]!s} for tier {self.tier!s}")
        bare = [kind for kind in LADDERED if kind not in self.ladders]
        if bare:
            raise ValueError(f"no ladder {bare[0]!s} for tier {self.tier!s}")
        for kind, ladder in self.ladders.items():
            if kind is not ClockKind.ORDER and not ladder.ends_at_a_last_resort:
                raise ValueError(f"ladder {kind!s} of tier {self.tier!s} names no last resort")
        return self


LADDERED = (
    ClockKind.CITIZEN,
    ClockKind.ORDER,
    ClockKind.SIGN_OFF,
    ClockKind.CONTACT,
    ClockKind.CO_HANDLING,
    ClockKind.HELP,
    ClockKind.SUPERVISION,
    ClockKind.DISPATCH,
    ClockKind.RULING,
    ClockKind.APPROVAL,
    ClockKind.CONTEST,
    ClockKind.ACKNOWLEDGEMENT,
    ClockKind.DEFERRAL,
)
"""The clocks whose silence must climb; evaluation, callback, hold and aftercare end by themselves.

The ladder of an order carries its warnings only: expiry and what follows hang on the citizen's
clock, whose ladder, like every other, must end at a last resort.
"""

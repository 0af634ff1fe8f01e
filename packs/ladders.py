"""Ladders of escalation as a pack's TOML writes them."""

import re
from typing import Any, Self

from pydantic import Field, PrivateAttr, model_validator

from domain.errors import InvalidRule
from domain.model import Strict
from domain.rules import Ladder, Repeat, Rung
from domain.rung import Position
from domain.vocabulary import Basis, ClockKind, Party, RungAction, Tier
from domain.window import TimeUnit
from packs.written import WrittenAmount, amount

LADDERS_FILE = "ladders.toml"
_SHARE = re.compile(r"([0-9]{1,3})%")
_LEAST_REPEAT = {
    TimeUnit.SECONDS: 7 * 24 * 60 * 60,
    TimeUnit.MINUTES: 7 * 24 * 60,
    TimeUnit.HOURS: 7 * 24,
    TimeUnit.WORKING_HOURS: 40,
    TimeUnit.NATURAL_DAYS: 7,
    TimeUnit.WORKING_DAYS: 5,
    TimeUnit.MONTHS: 1,
}
"""A rung that returns does so weekly at most."""


class RepeatEntry(Repeat):
    """`every = "7d", times = 4`."""

    every: WrittenAmount

    @model_validator(mode="after")
    def _weekly_at_most(self) -> Self:
        if self.every.amount < _LEAST_REPEAT.get(self.every.unit, self.every.amount + 1):
            raise ValueError("a rung returns weekly at most")
        return self


class RungEntry(Strict):
    """One step; `at` is a share of the running time, or an amount before or after the deadline."""

    key: str
    at: str
    action: RungAction
    level: int
    to: tuple[Party, ...]
    repeat: RepeatEntry | None = None
    duty_hours: bool = False
    basis: Basis | None = None
    source: str | None = None
    note: str = ""

    _position: Position = PrivateAttr()

    @model_validator(mode="after")
    def _placed(self) -> Self:
        self._position = _position(self.at)
        return self

    def rung(self, basis: Basis, source: str) -> Rung:
        """The step with its own source, else that of its file."""
        return Rung(
            key=self.key,
            position=self._position,
            action=self.action,
            level=self.level,
            to=self.to,
            repeat=Repeat(**dict(self.repeat)) if self.repeat else None,
            duty_hours=self.duty_hours,
            basis=self.basis or basis,
            source=self.source or source,
        )


Steps = dict[ClockKind, tuple[RungEntry, ...]]


class LadderTable(Strict):
    """`ladders.toml`: the ladders of everyone, and those of a tier."""

    basis: Basis
    source: str
    base: Steps = Field(default_factory=dict)
    tier: dict[Tier, Steps] = Field(default_factory=dict)

    def find(self, kind: ClockKind, tier: Tier) -> Ladder | None:
        """The tier's ladder for this kind of clock, else the base's."""
        steps = self.tier.get(tier, {}).get(kind) or self.base.get(kind)
        if not steps:
            return None
        return Ladder(rungs=tuple(step.rung(self.basis, self.source) for step in steps))

    def everywhere(self) -> list[tuple[tuple[str, ...], tuple[RungEntry, ...]]]:
        """Each ladder's steps with their key in the file."""
        found: list[tuple[tuple[str, ...], tuple[RungEntry, ...]]] = [
            (("base", kind), steps) for kind, steps in self.base.items()
        ]
        for tier, ladders in self.tier.items():
            found += [(("tier", tier, kind), steps) for kind, steps in ladders.items()]
        return found


def _position(at: str) -> Position:
    share = _SHARE.fullmatch(at)
    fields: dict[str, Any]
    if share:
        fields = {"fraction": int(share[1]) / 100}
    elif at[:1] in "+-" and len(at) > 1:
        fields = {"before" if at[0] == "-" else "after": amount(at[1:])}
    else:
        raise ValueError('at must be like "50%", "-1d" or "+2h"')
    try:
        return Position(**fields)
    except InvalidRule as refused:
        raise ValueError(f"at: {refused.rule}") from None

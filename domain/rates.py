"""The three rates, and what stands beside them: a pure function of events and a scoring version.

Numerators, denominators and weights of Beijing's assessment were never published, so they are data
here and the default ones say `demo`. A round of a lead order belongs to the period in which its
evaluation ended; what the citizen says after that is a correction, counted and never mixed in.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.event import Event
from domain.file_facts import FileFacts, RoundFacts, facts_of
from domain.model import Frozen, Instant, Strict
from domain.vocabulary import Basis, Resolved, Satisfied


class GroupBy(StrEnum):
    UNIT = "unit"
    DISTRICT = "district"
    TIER = "tier"
    CATEGORY = "category"
    CHANNEL = "channel"


class Scoring(Strict):
    """How answers become shares. `unknown` answers drop out of a rate, or count as no."""

    version: str = "demo-1"
    basis: Basis = Basis.DEMO
    partly: float = Field(default=0.5, ge=0, le=1)
    basic: float = Field(default=1.0, ge=0, le=1)
    unknown: Literal["drop", "count_no"] = "drop"
    weights: tuple[float, float, float] = (1 / 3, 1 / 3, 1 / 3)
    smallest_ranked: int = Field(default=30, ge=1)


class Period(Strict):
    """Half-open, `[since, until)`."""

    since: Instant
    until: Instant

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.until <= self.since:
            raise ValueError("to must lie after from")
        return self

    def holds(self, instant: datetime | None) -> bool:
        return instant is not None and self.since <= instant < self.until


class Share(Frozen):
    """A rate of those who answered, and of all; None where nobody is counted."""

    of_reached: float | None
    of_all: float | None


class Spread(Frozen):
    median: float | None
    p90: float | None


class Rates(Frozen):
    """One group's rates in one period. Hours are elapsed hours, the lag is in seconds."""

    key: str
    rounds: int
    reached: int
    excluded: int
    late_answers: int
    response: Share
    resolution: Share
    satisfaction: Share
    on_time: float | None
    score: float | None
    ranked: bool
    hours_to_dispatch: Spread
    hops: int
    hours_lost: float
    lag: Spread


class RatesReport(Frozen):
    period: Period
    group_by: GroupBy
    scoring: Scoring
    groups: tuple[Rates, ...]
    total: Rates


def rates(
    files: Iterable[Sequence[Event]], period: Period, group_by: GroupBy, scoring: Scoring
) -> RatesReport:
    """The rates of a period from whole files, each one complaint's events in order."""
    groups: dict[str, _Tally] = defaultdict(_Tally)
    total = _Tally()
    for facts in filter(None, map(facts_of, files)):
        for tallied in facts.rounds:
            if not facts.excluded and period.holds(tallied.ended_at):
                for tally in (groups[_key(facts, tallied, group_by)], total):
                    tally.rounds.append((facts, tallied))
        if facts.excluded and period.holds(facts.closed_at):
            last = facts.rounds[-1] if facts.rounds else None
            for tally in (groups[_key(facts, last, group_by)], total):
                tally.excluded += 1
    return RatesReport(
        period=period,
        group_by=group_by,
        scoring=scoring,
        groups=tuple(groups[key].rates(key, scoring) for key in sorted(groups)),
        total=total.rates("total", scoring),
    )


def _key(facts: FileFacts, tallied: RoundFacts | None, group_by: GroupBy) -> str:
    if group_by is GroupBy.UNIT:
        return tallied.unit if tallied else "none"
    return str(getattr(facts, group_by) or "none")


class _Tally:
    """What was gathered for one group."""

    def __init__(self) -> None:
        self.rounds: list[tuple[FileFacts, RoundFacts]] = []
        self.excluded = 0

    def rates(self, key: str, scoring: Scoring) -> Rates:
        rounds = [tallied for _, tallied in self.rounds]
        reached = [tallied for tallied in rounds if tallied.answer is not None]
        response = Share(
            of_reached=_mean([float(r.responded) for r in reached]),
            of_all=_mean([float(r.responded) for r in rounds]),
        )
        resolution = _share([_resolved(r, scoring) for r in reached], len(rounds), scoring)
        satisfaction = _share([_satisfied(r, scoring) for r in reached], len(rounds), scoring)
        firsts = [f.hours_to_dispatch for f, r in self.rounds if r.round == 1]
        return Rates(
            key=key,
            rounds=len(rounds),
            reached=len(reached),
            excluded=self.excluded,
            late_answers=sum(r.late_answers for r in rounds),
            response=response,
            resolution=resolution,
            satisfaction=satisfaction,
            on_time=_mean([float(r.on_time) for r in rounds]),
            score=_score((response, resolution, satisfaction), scoring),
            ranked=len(rounds) >= scoring.smallest_ranked,
            hours_to_dispatch=_spread([hours for hours in firsts if hours is not None]),
            hops=sum(r.hops for r in rounds),
            hours_lost=round(sum(r.hours_lost for r in rounds), 2),
            lag=_spread([lag for r in rounds for lag in r.lags]),
        )


def _resolved(tallied: RoundFacts, scoring: Scoring) -> float | None:
    assert tallied.answer is not None
    match tallied.answer.resolved:
        case Resolved.YES:
            return 1.0
        case Resolved.PARTLY:
            return scoring.partly
        case Resolved.NO:
            return 0.0
        case Resolved.UNKNOWN:
            return None


def _satisfied(tallied: RoundFacts, scoring: Scoring) -> float | None:
    assert tallied.answer is not None
    match tallied.answer.satisfied:
        case Satisfied.VERY | Satisfied.YES:
            return 1.0
        case Satisfied.BASIC:
            return scoring.basic
        case Satisfied.NO | Satisfied.VERY_NO:
            return 0.0
        case Satisfied.UNKNOWN:
            return None


def _share(marks: list[float | None], of_all: int, scoring: Scoring) -> Share:
    """Of all: whoever was not reached, or did not know, counts as no."""
    if scoring.unknown == "count_no":
        marks = [mark or 0.0 for mark in marks]
    known = [mark for mark in marks if mark is not None]
    whole = round(sum(known) / of_all, 4) if of_all else None
    return Share(of_reached=_mean(known), of_all=whole)


def _score(shares: tuple[Share, Share, Share], scoring: Scoring) -> float | None:
    parts = [share.of_all for share in shares]
    if None in parts:
        return None
    return round(sum(w * (p or 0.0) for w, p in zip(scoring.weights, parts, strict=True)), 4)


def _mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _spread(values: list[float]) -> Spread:
    if not values:
        return Spread(median=None, p90=None)
    ninetieth = sorted(values)[ceil(0.9 * len(values)) - 1]
    return Spread(median=round(median(values), 2), p90=round(ninetieth, 2))

"""How often the catalogue and the classifier were right: a pure function of events.

An entry is judged by the dispatches that it made: a unit's objection that is upheld counts against
it, one that is rejected does not. A dispatch belongs to the period in which it was made, a guess to
that in which it was guessed; what became of them since counts whenever it was.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from domain.lead_facts import Guess, Lead, LeadFacts
from domain.model import Frozen
from domain.rates import Period


class TakenBy(Frozen):
    """The unit that led in the end, and in how many cases."""

    unit: str
    dispatches: int


class EntryAccuracy(Frozen):
    """One entry of a pack's catalogue; None stands for complaints of no category.

    `by_hand` are dispatches of this category that a person made. All else is of those made
    `by_catalogue`: `upheld` objections were right, `rejected` ones wrong, the others wait; `moved`
    were taken away by a person without an objection. `share_upheld` is of the objections,
    `share_wrong` is upheld and moved of `by_catalogue`; None of nothing. `taken_by` says who leads
    what was taken away in the end, the most first.
    """

    pack: str
    category: str | None
    by_catalogue: int
    by_hand: int
    objections: int
    upheld: int
    rejected: int
    moved: int
    share_upheld: float | None
    share_wrong: float | None
    taken_by: tuple[TakenBy, ...]


class DeskAccuracy(Frozen):
    """Dispatches to the hotline's own desk because nobody else was known, and who has them now."""

    pack: str
    unit: str
    dispatches: int
    taken_by: tuple[TakenBy, ...]


class DecidedAs(Frozen):
    category: str
    complaints: int


class GuessAccuracy(Frozen):
    """What the machine took for this category; None where it had no guess.

    `sure` ones needed nobody; `confirmed` and `corrected` are those that staff decided on, and
    `corrected_to` says as what, the most first. A category that the channel chose is no guess.
    """

    pack: str
    category: str | None
    guessed: int
    sure: int
    confirmed: int
    corrected: int
    corrected_to: tuple[DecidedAs, ...]


class AccuracyReport(Frozen):
    """The worst first: what went wrong most often, then what went out most often.

    `left_out` is how many entries and guesses the limit cut off.
    """

    period: Period
    entries: tuple[EntryAccuracy, ...]
    desk: tuple[DeskAccuracy, ...]
    guesses: tuple[GuessAccuracy, ...]
    left_out: int = 0


class AccuracyTally:
    """Gathers one file after the other, so that none has to be kept."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._entries: dict[tuple[str, str | None], _Entry] = defaultdict(_Entry)
        self._desks: dict[tuple[str, str], _Entry] = defaultdict(_Entry)
        self._guesses: dict[tuple[str, str | None], _Guesses] = defaultdict(_Guesses)

    def add(self, pack: str, facts: LeadFacts) -> None:
        for lead in facts.leads:
            if self._period.holds(lead.at):
                if lead.by_catalogue and lead.nobody_known:
                    tally = self._desks[pack, lead.unit]
                else:
                    tally = self._entries[pack, lead.category]
                tally.add(lead, facts.taken_by(lead))
        if facts.guess is not None and self._period.holds(facts.guess.at):
            self._guesses[pack, facts.guess.category].add(facts.guess, facts.decided)

    def report(self, limit: int) -> AccuracyReport:
        entries = [tally.entry(*key) for key, tally in self._entries.items()]
        guesses = [tally.guesses(*key) for key, tally in self._guesses.items()]
        entries.sort(key=lambda e: (-(e.upheld + e.moved), -e.by_catalogue, e.category or ""))
        guesses.sort(key=lambda g: (-g.corrected, -g.guessed, g.category or ""))
        cut = sum(max(0, len(rows) - limit) for rows in (entries, guesses))
        return AccuracyReport(
            period=self._period,
            entries=tuple(entries[:limit]),
            desk=tuple(
                DeskAccuracy(
                    pack=pack, unit=unit, dispatches=tally.by_catalogue, taken_by=tally.takers()
                )
                for (pack, unit), tally in sorted(self._desks.items())
            ),
            guesses=tuple(guesses[:limit]),
            left_out=cut,
        )


@dataclass
class _Entry:
    by_catalogue: int = 0
    by_hand: int = 0
    objections: int = 0
    upheld: int = 0
    rejected: int = 0
    moved: int = 0
    taken: Counter[str] = field(default_factory=Counter)

    def add(self, lead: Lead, taken_by: str) -> None:
        if not lead.by_catalogue:
            self.by_hand += 1
            return
        self.by_catalogue += 1
        self.objections += lead.objected
        self.upheld += lead.upheld
        self.rejected += lead.rejected
        self.moved += lead.moved
        if lead.returned:
            self.taken[taken_by] += 1

    def takers(self) -> tuple[TakenBy, ...]:
        return tuple(TakenBy(unit=unit, dispatches=n) for unit, n in _most(self.taken))

    def entry(self, pack: str, category: str | None) -> EntryAccuracy:
        return EntryAccuracy(
            pack=pack,
            category=category,
            by_catalogue=self.by_catalogue,
            by_hand=self.by_hand,
            objections=self.objections,
            upheld=self.upheld,
            rejected=self.rejected,
            moved=self.moved,
            share_upheld=_share(self.upheld, self.objections),
            share_wrong=_share(self.upheld + self.moved, self.by_catalogue),
            taken_by=self.takers(),
        )


@dataclass
class _Guesses:
    guessed: int = 0
    sure: int = 0
    confirmed: int = 0
    corrected: Counter[str] = field(default_factory=Counter)

    def add(self, guess: Guess, decided: str | None) -> None:
        self.guessed += 1
        self.sure += guess.sure
        if decided is None:
            return
        if decided == guess.category:
            self.confirmed += 1
        else:
            self.corrected[decided] += 1

    def guesses(self, pack: str, category: str | None) -> GuessAccuracy:
        return GuessAccuracy(
            pack=pack,
            category=category,
            guessed=self.guessed,
            sure=self.sure,
            confirmed=self.confirmed,
            corrected=self.corrected.total(),
            corrected_to=tuple(
                DecidedAs(category=code, complaints=n) for code, n in _most(self.corrected)
            ),
        )


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None

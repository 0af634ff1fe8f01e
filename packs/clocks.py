"""Measures one clock for a ruling: its due instant within bounds, and its rungs in order."""

from collections.abc import Iterator
from datetime import datetime

from domain.calendar import Calendar
from domain.clock import Clock, Deadline, measure
from domain.counting import opening
from domain.errors import InvalidRule
from domain.explanation import explain
from domain.rules import Rung
from domain.rulings import ClockQuestion, ClockRuling, PlacedRung
from domain.rung import place
from domain.window import Window
from packs.calendar_versions import calendar_of


def rule_clock(question: ClockQuestion, duty_calendar: str) -> ClockRuling:
    """The ruling on one clock; what cannot be measured is told in `error`, never raised."""
    try:
        calendar = calendar_of(question.calendar, question.calendar_version)
        duty = calendar_of(duty_calendar)
        return _ruled(question, calendar, duty)
    except InvalidRule as refused:
        return ClockRuling(id=question.id, error=str(refused))


def _ruled(question: ClockQuestion, calendar: Calendar, duty: Calendar) -> ClockRuling:
    clock = _with_its_own_holds(question.clock, calendar)
    bound_is_held = question.at_least is not None and any(
        hold.ends_at is None for hold in question.clock.holds
    )
    deadline = measure(clock, calendar)
    account = explain(clock, calendar) if question.explain else ()
    if deadline.due_at is None or bound_is_held:
        return ClockRuling(id=question.id, calendar_version=calendar.version, explanation=account)
    due_at = deadline.due_at
    if question.at_least is not None:
        due_at = max(due_at, question.at_least)
    if question.at_most is not None:
        due_at = min(due_at, question.at_most)
    bounded = deadline.model_copy(update={"due_at": due_at})
    placed = [
        placed
        for rung in question.rungs
        for placed in _placed(rung, clock, bounded, calendar, duty)
        if placed.at > clock.start
    ]
    return ClockRuling(
        id=question.id,
        due_at=due_at,
        provisional=deadline.provisional,
        calendar_version=calendar.version,
        rungs=tuple(sorted(placed, key=lambda rung: rung.at)),
        explanation=account,
    )


def _with_its_own_holds(clock: Clock, calendar: Calendar) -> Clock:
    """Without the holds past the clock's own due instant.

    A bound that reaches further knows them; else a change has moved the due before them since.
    """
    kept = clock.model_copy(update={"holds": ()})
    for hold in sorted(clock.holds, key=lambda hold: hold.starts_at):
        due_at = measure(kept, calendar).due_at
        if due_at is not None and hold.starts_at < due_at:
            kept = kept.model_copy(update={"holds": (*kept.holds, hold)})
    return kept


def _placed(
    rung: Rung, clock: Clock, deadline: Deadline, calendar: Calendar, duty: Calendar
) -> Iterator[PlacedRung]:
    """The rung, and each of its returns as `key.2`, `key.3` ..."""
    at = place(rung.position, clock, deadline, calendar)
    yield _at(rung.key, at, rung, duty)
    if rung.repeat is None:
        return
    window = Window(amount=rung.repeat.every.amount, unit=rung.repeat.every.unit)
    for number in range(2, rung.repeat.times + 2):
        returns = measure(Clock(window=window, start=at, start_is_expiry=True), calendar).due_at
        assert returns is not None
        at = returns
        yield _at(f"{rung.key}.{number}", at, rung, duty)


def _at(key: str, at: datetime, rung: Rung, duty: Calendar) -> PlacedRung:
    notify_at = opening(at, duty) if rung.duty_hours else at
    return PlacedRung(key=key, at=at, notify_at=notify_at)

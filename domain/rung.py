"""Where a rung of a ladder stands on a clock: at a share of it, or before or after its deadline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.calendar import DAY, Calendar, Span
from domain.clock import Clock, Deadline, counting, suspended, within_the_years
from domain.counting import (
    FOREVER,
    HORIZON_DAYS,
    UNIT_OF_TIME,
    Count,
    lies_in,
    months_on,
    open_hours,
    used_up,
    without,
)
from domain.errors import InvalidRule
from domain.value import LegalValue
from domain.window import Amount, TimeUnit

_EVER_BEFORE = datetime.min.replace(tzinfo=UTC)


class Position(LegalValue):
    """Exactly one of: a `fraction` of the running time, or an amount `before` or `after` due."""

    fraction: Annotated[float, Field(gt=0, le=1)] | None = None
    before: Amount | None = None
    after: Amount | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if [self.fraction, self.before, self.after].count(None) != 2:
            raise InvalidRule("position", "must be exactly one of fraction, before and after")
        return self


def place(position: Position, clock: Clock, deadline: Deadline, calendar: Calendar) -> datetime:
    """The instant of the rung at `position` on `clock`, in UTC.

    A fraction is taken of the running time between start and deadline, holds left out; in
    `working_hours` only opening hours run. Before and after count with the same clock: a day
    amount leads to the nth counting day before or after the deadline's day and ends there as the
    deadline ends on its own; a time amount runs back or on from the deadline. A deadline at 24:00
    belongs to the day that it ends. The instant may lie before the start; such a rung is not set.

    Raises `InvalidRule` while a hold is open: there is no deadline to hang a rung on.
    """
    if deadline.due_at is None:
        raise InvalidRule("deadline", "is open while the clock is suspended")
    with within_the_years():
        count = counting(clock, calendar)
        mark = _Mark(count, suspended(clock, count), deadline.due_at)
        if position.fraction is not None:
            return mark.at_fraction(position.fraction)
        if position.before is not None:
            return mark.moved(position.before, -1)
        assert position.after is not None
        return mark.moved(position.after, 1)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A deadline to measure from, with the stretches in which its clock stood."""

    count: Count
    held: list[Span]
    due: datetime

    @property
    def calendar(self) -> Calendar:
        return self.count.calendar

    def at_fraction(self, fraction: float) -> datetime:
        run = list(self._run_until_due())
        total = sum((ends - begins for begins, ends in run), timedelta())
        if fraction == 1 or not total:
            return self.due
        return used_up(run, total * fraction)

    def moved(self, amount: Amount, step: int) -> datetime:
        if amount.unit.counts_days:
            return self._ending_on(self._day_moved(amount, step))
        budget = amount.amount * UNIT_OF_TIME[amount.unit]
        in_opening_hours = amount.unit is TimeUnit.WORKING_HOURS
        if step < 0:
            return _run_back(self._run_before(in_opening_hours), budget)
        onward = open_hours(self.due, self.calendar) if in_opening_hours else [(self.due, FOREVER)]
        return used_up(without(onward, self.held), budget)

    def _run_until_due(self) -> Iterator[Span]:
        for begins, ends in self.count.running(self.held):
            if begins >= self.due:
                return
            yield begins, min(ends, self.due)

    def _run_before(self, in_opening_hours: bool) -> Iterator[Span]:
        if not in_opening_hours:
            yield from reversed(list(without([(_EVER_BEFORE, self.due)], self.held)))
            return
        last = self.calendar.day_of(self.due)
        for number in range(HORIZON_DAYS):
            openings = self.calendar.openings(last - number * DAY)
            until_due = [(opens, min(closes, self.due)) for opens, closes in openings]
            open_before = [span for span in until_due if span[0] < span[1]]
            yield from reversed(list(without(open_before, self.held)))

    def _day_moved(self, amount: Amount, step: int) -> date:
        day = self.calendar.day_ended_by(self.due)
        days = amount.amount
        if amount.unit is TimeUnit.MONTHS:
            days = abs((months_on(day, step * days) - day).days)
        for _ in range(HORIZON_DAYS):
            day += step * DAY
            days -= self._counts(day, amount.unit)
            if days == 0:
                return day
        raise InvalidRule("position", "lies more than two hundred years from the deadline")

    def _counts(self, day: date, unit: TimeUnit) -> bool:
        if self.held and lies_in(self.held, self.calendar.day_end(day)):
            return False
        return unit is not TimeUnit.WORKING_DAYS or self.calendar.is_working_day(day)

    def _ending_on(self, day: date) -> datetime:
        due_day = self.calendar.day_ended_by(self.due)
        if self.due == self.calendar.day_end(due_day):
            return self.calendar.day_end(day)
        if self.count.window.ends == "close_of_business":
            closing = self.calendar.closing(day)
            if closing is not None and self.due == self.calendar.closing(due_day):
                return closing
        return self.calendar.at_wall_time(day, self.calendar.wall_time(self.due))


def _run_back(spans: Iterator[Span], budget: timedelta) -> datetime:
    left = budget
    for begins, ends in spans:
        if ends - begins >= left:
            return ends - left
        left -= ends - begins
    raise InvalidRule("position", "lies more than two hundred years from the deadline")

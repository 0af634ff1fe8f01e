"""How a budget is used up: running time for hours, running days for days and months.

`Count` is one budget from one start on one calendar; it knows nothing of who suspended or extended
it, only the stretches in which the clock stood. Stretches are half-open, in UTC, merged, in order.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from operator import itemgetter

from domain.calendar import DAY, Calendar, Span
from domain.errors import InvalidRule
from domain.window import TimeUnit, Window

FOREVER = datetime.max.replace(tzinfo=UTC)
HORIZON_DAYS = 73_050
"""Two hundred years: a count that leads further is refused instead of followed."""

UNIT_OF_TIME = {
    TimeUnit.SECONDS: timedelta(seconds=1),
    TimeUnit.MINUTES: timedelta(minutes=1),
    TimeUnit.HOURS: timedelta(hours=1),
    TimeUnit.WORKING_HOURS: timedelta(hours=1),
}


class Verdict(Enum):
    """What the count says about one day."""

    COUNTED = "counted"
    CLOSED = "not a working day"
    HELD = "the clock stands at its end"


@dataclass(frozen=True, slots=True)
class Count:
    """One budget of `amount` units, counted from `begin` (UTC, after any snap).

    `origin` is the day that the start belongs to: the day that ends, for an expiry at 24:00.
    """

    window: Window
    amount: int
    begin: datetime
    origin: date
    calendar: Calendar

    def due(self, held: list[Span]) -> tuple[datetime, date]:
        """The instant that uses up the budget, the clock standing while `held`, and its day."""
        if self.window.unit.counts_days:
            last = self.last_day(held)
            due = self.ending(last)
        else:
            due = used_up(self.running(held), self.amount * UNIT_OF_TIME[self.window.unit])
            last = self.calendar.day_ended_by(due)
        if due - self.begin > HORIZON_DAYS * DAY:
            raise _endless()
        return due, last

    def running(self, held: list[Span]) -> Iterator[Span]:
        """The stretches in which a budget of time is used, without end."""
        if self.window.unit is TimeUnit.WORKING_HOURS:
            return without(open_hours(self.begin, self.calendar), held)
        return without([(self.begin, FOREVER)], held)

    def last_day(self, held: list[Span]) -> date:
        """The last day of a window of days or months, rolled forward where the window says so."""
        last = self.last_counted_day(held)
        if self.window.roll == "none":
            return last
        return next_working_day(last, self.calendar)

    def last_counted_day(self, held: list[Span]) -> date:
        """The day that uses up the budget, before any roll."""
        first, days = self.days_to_count()
        if not held and self.window.unit is not TimeUnit.WORKING_DAYS:
            return first + (days - 1) * DAY
        for day, verdict in self.verdicts(first, held):
            days -= verdict is Verdict.COUNTED
            if days == 0:
                return day
        raise _endless()

    def days_to_count(self) -> tuple[date, int]:
        """The first day that may count and how many must.

        Months become the days up to the same day number, so that a hold moves them on by the days
        whose end lies in it.
        """
        same = self.window.first_day == "same"
        first = self.origin if same else self.origin + DAY
        if self.window.unit is not TimeUnit.MONTHS:
            return first, self.amount
        last = months_on(self.origin, self.amount) - (DAY if same else timedelta())
        return first, (last - first).days + 1

    def verdicts(self, first: date, held: list[Span]) -> Iterator[tuple[date, Verdict]]:
        """Day by day from `first`: a day counts when it is a counting day and the clock runs at
        its end, 24:00. A day on which the clock stands is not asked whether it is worked."""
        working = self.window.unit is TimeUnit.WORKING_DAYS
        for number in range(HORIZON_DAYS):
            day = first + number * DAY
            if held and lies_in(held, self.calendar.day_end(day)):
                yield day, Verdict.HELD
            elif working and not self.calendar.is_working_day(day):
                yield day, Verdict.CLOSED
            else:
                yield day, Verdict.COUNTED

    def ending(self, last: date) -> datetime:
        """The instant on `last` at which a window of days or months ends."""
        if self.window.ends == "close_of_business":
            return closing_of(last, self.calendar)
        if self.window.ends == "midnight" or self.begin == self.calendar.day_end(self.origin):
            return self.calendar.day_end(last)
        return self.calendar.at_wall_time(last, self.calendar.wall_time(self.begin))

    def is_provisional(self, last: date) -> bool:
        """Whether a count that ends on `last` asked about a day the calendar does not publish."""
        if self.window.unit is TimeUnit.WORKING_HOURS or self.window.ends_on_a_working_day:
            return not self.calendar.is_published(last)
        begins = self.calendar.day_of(self.begin)
        return self.window.snap == "opening" and not self.calendar.is_published(begins)


def opening(start: datetime, calendar: Calendar) -> datetime:
    """`start` if it lies in an opening interval, else the next opening."""
    opens, _ = next(open_hours(start, calendar), (None, None))
    if opens is None:
        raise _endless()
    return opens


def open_hours(begin: datetime, calendar: Calendar) -> Iterator[Span]:
    """The opening intervals from `begin` on, the first one cut off there."""
    first = calendar.day_of(begin)
    for number in range(HORIZON_DAYS):
        for opens, closes in calendar.openings(first + number * DAY):
            if closes > begin:
                yield max(opens, begin), closes


def without(spans: Iterable[Span], held: list[Span]) -> Iterator[Span]:
    """`spans` with the stretches `held` cut out."""
    for begins, ends in spans:
        at = begins
        for stops, resumes in held:
            if stops >= ends:
                break
            if stops > at:
                yield at, stops
            at = max(at, resumes)
        if at < ends:
            yield at, ends


def used_up(spans: Iterable[Span], budget: timedelta) -> datetime:
    """The first instant by which `spans` hold `budget`: a closing, not the opening after it."""
    left = budget
    for begins, ends in spans:
        if ends == FOREVER or ends - begins >= left:
            return begins + left
        left -= ends - begins
    raise _endless()


def lies_in(held: list[Span], instant: datetime) -> bool:
    """Whether the clock stands at `instant`; at the end of a stretch it runs again."""
    before = bisect_right(held, instant, key=itemgetter(0))
    return before > 0 and instant < held[before - 1][1]


def next_working_day(day: date, calendar: Calendar) -> date:
    """The first working day at or after `day`."""
    for number in range(HORIZON_DAYS):
        if calendar.is_working_day(day + number * DAY):
            return day + number * DAY
    raise _endless()


def closing_of(day: date, calendar: Calendar) -> datetime:
    """End of the last opening interval of `day`; a day without one is refused."""
    closing = calendar.closing(day)
    if closing is None:
        raise InvalidRule("intervals", f"{day} has no opening interval, so no close of business")
    return closing


def months_on(day: date, months: int) -> date:
    """The same day number `months` on, or that month's last day; negative goes back."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _endless() -> InvalidRule:
    return InvalidRule("window", "does not end within two hundred years on this calendar")

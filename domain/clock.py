"""The legal clock: when a window that started then, with these holds and extensions, is due.

Owns `Clock`, `Hold`, `Deadline` and `measure`. How a budget is used up is `domain.counting`; which
days are worked is `domain.calendar`; the account a citizen can read is `domain.explanation`.
Nothing here reads the time of day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from operator import attrgetter
from typing import Self

from pydantic import ConfigDict, model_validator

from domain.calendar import Calendar, Span
from domain.counting import FOREVER, Count, opening
from domain.errors import InvalidRule
from domain.model import Frozen, Instant
from domain.value import LegalValue
from domain.window import Amount, Window, within_a_century


class Hold(LegalValue):
    """A suspension, `[starts_at, ends_at)`; open while `ends_at` is None."""

    model_config = ConfigDict(extra="ignore")

    starts_at: Instant
    ends_at: Instant | None = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.ends_at is not None and self.ends_at < self.starts_at:
            raise InvalidRule("suspensions", "must not end before it begins")
        return self


class Clock(LegalValue):
    """A window at work: its start, the holds that stop it, the extensions that lengthen it.

    Extensions are in the window's own unit, else `InvalidRule`. `start_is_expiry` says that the
    start is another clock's expiry: at 24:00 it belongs to the day that it ends.
    """

    model_config = ConfigDict(extra="ignore")

    window: Window
    start: Instant
    holds: tuple[Hold, ...] = ()
    extensions: tuple[Amount, ...] = ()
    start_is_expiry: bool = False

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        unit = self.window.unit
        if any(extension.unit is not unit for extension in self.extensions):
            raise InvalidRule("extensions", f"must be in {unit}, the window's own unit")
        within_a_century("extensions", self.amount, unit)
        return self

    @property
    def amount(self) -> int:
        """The whole budget, extensions included, in the window's unit."""
        return self.window.amount + sum(extension.amount for extension in self.extensions)


class Deadline(Frozen):
    """When the window is due (UTC; None while a hold is open), and whether that is provisional.

    In time means received at or before `due_at`. Provisional means that counting had to decide
    whether a day beyond the calendar's published span is worked.
    """

    due_at: Instant | None
    provisional: bool = False


class Explained(Frozen):
    """One line of a deadline's account: what `day` counted, in the window's unit, and why.

    `day` is a day of the calendar's zone; `rule` says what decided, `source` where that stands.
    """

    day: date
    counted: int | float
    rule: str
    source: str


def measure(clock: Clock, calendar: Calendar) -> Deadline:
    """When `clock` is due on `calendar`; always recomputed from the start with the whole budget.

    - `minutes`, `hours`: exact elapsed time, holds left out; `working_hours`: time inside opening
      intervals, and a budget used up at a closing is due at that closing.
    - Days and months: a day counts when it is a counting day and the clock runs at its end, which
      is always 24:00, whatever `ends` says. A hold that begins at 24:00 costs the day that ends
      there; a hold that ends at 24:00 does not. Months move on by the days whose end lies in a
      hold, counted from the first day that counts.
    - `ends` fixes the due instant on the last day only: `first_day` and holds choose that day as
      for midnight. A hold inside the last day therefore costs nothing, even if it covers the due
      instant. With `first_day = "same"`, one day to the `time_of_day` is due at its own start, and
      one to the close of business before it, if it starts after closing; `snap` prevents that.
    - `roll` comes last.

    Raises `InvalidRule`: a start before the calendar is published; a hold that begins at or after
    the due instant that earlier holds leave; a count without end; years beyond 9999.
    """
    with within_the_years():
        count = counting(clock, calendar)
        held = suspended(clock, count)
        if held and held[-1][1] == FOREVER:
            return Deadline(due_at=None)
        due, last = count.due(held)
        return Deadline(due_at=due, provisional=count.is_provisional(last))


def counting(clock: Clock, calendar: Calendar) -> Count:
    """The count that `clock` asks for: the budget, and the instant and day it begins."""
    started = calendar.day_of(clock.start)
    if calendar.published_from is not None and started < calendar.published_from:
        raise InvalidRule("start", f"is before {calendar.published_from}, the calendar's first day")
    begin = opening(clock.start, calendar) if clock.window.snap == "opening" else clock.start
    origin = calendar.day_ended_by(begin) if clock.start_is_expiry else calendar.day_of(begin)
    return Count(clock.window, clock.amount, begin, origin, calendar)


def suspended(clock: Clock, count: Count) -> list[Span]:
    """The stretches in which the clock stands: holds cut off at the start and merged, in order.

    An open hold reaches to `FOREVER`. One that begins at or after the due instant is refused; as
    holds only ever move that instant on, it is counted again only where one begins past it.
    """
    held: list[Span] = []
    due = clock.start
    for hold in sorted(clock.holds, key=attrgetter("starts_at")):
        ends = FOREVER if hold.ends_at is None else hold.ends_at
        if ends <= count.begin:
            continue
        if held and held[-1][1] == FOREVER:
            break
        if hold.starts_at >= due:
            due, _ = count.due(held)
        if hold.starts_at >= due:
            raise InvalidRule("suspensions", "begins at or after the due instant")
        _add(held, max(hold.starts_at, count.begin), ends)
    return held


def _add(held: list[Span], stops: datetime, resumes: datetime) -> None:
    if held and stops <= held[-1][1]:
        held[-1] = (held[-1][0], max(held[-1][1], resumes))
    elif stops < resumes:
        held.append((stops, resumes))


@contextmanager
def within_the_years() -> Iterator[None]:
    """Refuse what leaves the years 1 to 9999, which no calendar reaches."""
    try:
        yield
    except OverflowError:
        raise InvalidRule("start", "leads outside the years 1 to 9999") from None

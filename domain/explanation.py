"""The account of a deadline: day by day, what counted, by which rule, and where that stands.

Computed on demand from the same count as `domain.clock.measure`. The counted numbers add up to the
budget in the window's own unit, as long as no hold is open.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import DAY, Calendar, Span
from domain.clock import Clock, Explained, counting, suspended, within_the_years
from domain.counting import FOREVER, UNIT_OF_TIME, Count, Verdict, lies_in, months_on
from domain.window import TimeUnit

_PLACES = 6


def explain(clock: Clock, calendar: Calendar) -> tuple[Explained, ...]:
    """The account of `measure(clock, calendar)`; refuses what `measure` refuses.

    Time counts per day of the calendar's zone, days count one each, months on the day that
    completes each of them. While a hold is open the account stops where the clock stopped.
    """
    with within_the_years():
        count = counting(clock, calendar)
        account = _Account(clock, count, calendar, suspended(clock, count))
        return tuple(account.lines())


@dataclass(frozen=True)
class _Account:
    clock: Clock
    count: Count
    calendar: Calendar
    held: list[Span]

    def lines(self) -> Iterator[Explained]:
        if self.count.begin != self.clock.start:
            opens = self.count.begin.astimezone(self.calendar.timezone)
            yield Explained(
                day=self.calendar.day_of(self.clock.start),
                counted=0,
                rule=f"outside opening hours: counting begins {opens:%Y-%m-%d %H:%M}",
                source=f"window: snap opening; {self.calendar.source}",
            )
        yield from self._days() if self.count.window.unit.counts_days else self._time()

    def _time(self) -> Iterator[Explained]:
        used = self._time_by_day()
        unit = UNIT_OF_TIME[self.count.window.unit]
        first = self.calendar.day_of(self.count.begin)
        total, told = timedelta(), 0.0
        for number in range((max(used, default=first) - first).days + 1):
            day = first + number * DAY
            total += used.get(day, timedelta())
            up_to_here = round(total / unit, _PLACES)
            yield self._time_line(day, round(up_to_here - told, _PLACES))
            told = up_to_here
        if self._is_open:
            yield self._stopped(self.calendar.day_of(self.held[-1][0]))

    def _time_by_day(self) -> dict[date, timedelta]:
        end = self.held[-1][0] if self._is_open else self.count.due(self.held)[0]
        used: dict[date, timedelta] = defaultdict(timedelta)
        for begins, ends in self.count.running(self.held):
            at, stop = begins, min(ends, end)
            while at < stop:
                day = self.calendar.day_of(at)
                until = min(stop, self.calendar.day_end(day))
                used[day] += until - at
                at = until
            if ends >= end:
                break
        return used

    def _time_line(self, day: date, counted: float) -> Explained:
        rule, source = "elapsed time", self._budget
        if self.count.window.unit is TimeUnit.WORKING_HOURS:
            rule, source = self._hours_rule(day), self._published(day)
        runs = self._runs(day) if self.held else []
        for held in self.held:
            if any(held[0] < ends and held[1] > begins for begins, ends in runs):
                rule, source = f"{rule}, less the suspension", f"{source}; {self._name(held)}"
                break
        return Explained(day=day, counted=_whole(counted), rule=rule, source=source)

    def _runs(self, day: date) -> list[Span]:
        if self.count.window.unit is TimeUnit.WORKING_HOURS:
            return self.calendar.openings(day)
        return [(self.calendar.day_start(day), self.calendar.day_end(day))]

    def _hours_rule(self, day: date) -> str:
        if not self.calendar.is_working_day(day):
            return self._why_closed(day)
        return "opening hours " + (", ".join(map(str, self.calendar.hours(day))) or "none")

    def _days(self) -> Iterator[Explained]:
        if self.count.window.first_day == "next":
            rule, source = "the day of the start is not counted", "window: first_day next"
            yield Explained(day=self.count.origin, counted=0, rule=rule, source=source)
        first, days = self.count.days_to_count()
        month_ends = self._month_ends()
        day, nth = first, 0
        for day, verdict in self.count.verdicts(first, self.held):
            nth += verdict is Verdict.COUNTED
            if verdict is Verdict.HELD:
                yield self._held_line(day)
                if self._is_open and day >= self.calendar.day_of(self.held[-1][0]):
                    return
            elif verdict is Verdict.CLOSED:
                yield self._closed_line(day)
            elif self.count.window.unit is not TimeUnit.MONTHS:
                yield self._counted_line(day, nth)
            elif nth in month_ends:
                yield self._month_line(day, month_ends[nth])
            if nth == days:
                break
        yield from self._roll(day)

    def _month_ends(self) -> dict[int, int]:
        if self.count.window.unit is not TimeUnit.MONTHS:
            return {}
        begin = self.count.origin
        days = {(months_on(begin, n) - begin).days: n for n in range(1, self.count.amount + 1)}
        return days

    def _counted_line(self, day: date, nth: int) -> Explained:
        what, source = "day", self._budget_of(nth)
        if self.count.window.unit is TimeUnit.WORKING_DAYS:
            what = "working day"
            if day in self.calendar.working_days:
                what = "make-up working day"
            source = f"{source}; {self._published(day)}"
        return Explained(
            day=day, counted=1, rule=f"{what} {nth} of {self.count.amount}", source=source
        )

    def _month_line(self, day: date, nth: int) -> Explained:
        rule = f"month {nth} of {self.count.amount} ends"
        if months_on(self.count.origin, nth).day != self.count.origin.day:
            rule += f": that month has no day {self.count.origin.day}"
        return Explained(day=day, counted=1, rule=rule, source=self._budget_of(nth))

    def _closed_line(self, day: date) -> Explained:
        return Explained(
            day=day, counted=0, rule=self._why_closed(day), source=self._published(day)
        )

    def _held_line(self, day: date) -> Explained:
        end = self.calendar.day_end(day)
        held = next(held for held in self.held if lies_in([held], end))
        if held[1] == FOREVER:
            return self._stopped(day)
        rule = "suspended: the clock does not run at the end of the day"
        return Explained(day=day, counted=0, rule=rule, source=self._name(held))

    def _stopped(self, day: date) -> Explained:
        rule = "suspended: the clock stands until the suspension ends"
        return Explained(day=day, counted=0, rule=rule, source=self._name(self.held[-1]))

    def _roll(self, last_counted: date) -> Iterator[Explained]:
        last = self.count.last_day(self.held)
        for number in range(1, (last - last_counted).days + 1):
            day = last_counted + number * DAY
            rule = "the last day moves here, the next working day"
            if day != last:
                rule = f"{self._why_closed(day)}: the last day moves on"
            source = f"window: roll forward; {self._published(day)}"
            yield Explained(day=day, counted=0, rule=rule, source=source)

    def _why_closed(self, day: date) -> str:
        if day not in self.calendar.holidays:
            return "weekend"
        name = self.calendar.names.get(day)
        return f"holiday ({name})" if name else "holiday"

    def _published(self, day: date) -> str:
        if self.calendar.is_published(day):
            return self.calendar.source
        return f"{self.calendar.source}, not published for this day: its ordinary week"

    @property
    def _budget(self) -> str:
        extensions = "".join(f" + {extension}" for extension in self.clock.extensions)
        return f"window {self.clock.window.budget}{extensions}"

    def _budget_of(self, nth: int) -> str:
        upto = self.clock.window.amount
        if nth <= upto:
            return f"window {self.clock.window.budget}"
        for extension in self.clock.extensions:
            upto += extension.amount
            if nth <= upto:
                break
        return f"extension {extension}"

    @property
    def _is_open(self) -> bool:
        return bool(self.held) and self.held[-1][1] == FOREVER

    def _name(self, held: Span) -> str:
        stops = held[0].astimezone(self.calendar.timezone)
        if held[1] == FOREVER:
            return f"suspension from {stops:%Y-%m-%d %H:%M}, open"
        resumes = held[1].astimezone(self.calendar.timezone)
        return f"suspension {stops:%Y-%m-%d %H:%M} to {resumes:%Y-%m-%d %H:%M}"


def _whole(counted: float) -> int | float:
    return int(counted) if counted.is_integer() else counted

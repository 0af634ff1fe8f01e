"""A calendar: which days are worked, which hours are open, and how far it is published.

Owns zone, weekend, holidays, make-up working days (调休) and opening intervals, and turns days
of its zone into UTC instants. It counts nothing; `domain.clock` does.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from domain.errors import InvalidRule
from domain.value import LegalValue

DAY = timedelta(days=1)
_MIDNIGHT = time()
_WALL_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")

Weekday = Annotated[int, Field(strict=True, ge=1, le=7)]
Span = tuple[datetime, datetime]
"""A half-open stretch of time in UTC, `[from, to)`."""


class Interval(LegalValue):
    """An opening interval of a day in wall time, half-open; `end` may be "24:00"."""

    start: str
    end: str

    @model_validator(mode="before")
    @classmethod
    def _from_pair(cls, given: Any) -> Any:
        if isinstance(given, dict | Interval):
            return given
        if not isinstance(given, list | tuple) or len(given) != 2:
            raise InvalidRule("intervals", "must be pairs of opening and closing time")
        return {"start": given[0], "end": given[1]}

    @field_validator("start", "end", mode="before")
    @classmethod
    def _wall_time(cls, written: Any) -> Any:
        if not isinstance(written, str) or not _WALL_TIME.fullmatch(written):
            raise InvalidRule("intervals", "must be wall times from 00:00 to 24:00")
        return written

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.closes <= self.opens:
            raise InvalidRule("intervals", "must close after it opens, on the same day")
        return self

    @cached_property
    def opens(self) -> timedelta:
        """Wall time from midnight to the opening."""
        return _since_midnight(self.start)

    @cached_property
    def closes(self) -> timedelta:
        """Wall time from midnight to the closing, at most 24 hours."""
        return _since_midnight(self.end)

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"


def _since_midnight(written: str) -> timedelta:
    hours, minutes = written.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


class Calendar(LegalValue):
    """Working days and opening hours of one place, of one version.

    `weekend` holds ISO weekdays (Monday 1 ... Sunday 7) and may be empty. `working_days` are the
    make-up days; they keep the ordinary hours. `weekday_intervals` replaces `intervals` on its
    weekdays. Days outside `published_from` ... `published_through` may not be listed. `names`
    says what a listed day is, for explanations only. A calendar that contradicts itself raises
    `InvalidRule`.
    """

    id: str = "calendar"
    version: str = ""
    zone: str
    weekend: frozenset[Weekday] = frozenset({6, 7})
    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    intervals: tuple[Interval, ...] = ()
    weekday_intervals: dict[Annotated[int, Field(ge=1, le=7)], tuple[Interval, ...]] = Field(
        default_factory=dict
    )
    published_from: date | None = None
    published_through: date | None = None
    names: dict[date, str] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise InvalidRule("zone", "must be a time zone of the IANA database") from None
        return zone

    @field_validator("intervals")
    @classmethod
    def _disjoint(cls, intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
        return _in_order("intervals", intervals)

    @field_validator("weekday_intervals")
    @classmethod
    def _each_disjoint(
        cls, given: dict[int, tuple[Interval, ...]]
    ) -> dict[int, tuple[Interval, ...]]:
        return {day: _in_order("weekday_intervals", hours) for day, hours in given.items()}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        first, last = self.published_from, self.published_through
        if first and last and last < first:
            raise InvalidRule("published_through", "must not be before published_from")
        for field, days in (("holidays", self.holidays), ("working_days", self.working_days)):
            for day in sorted(days):
                if (first and day < first) or (last and day > last):
                    raise InvalidRule(field, f"{day} is outside the published span")
        for day in sorted(self.holidays & self.working_days):
            raise InvalidRule("working_days", f"{day} is also listed as a holiday")
        return self

    @cached_property
    def timezone(self) -> ZoneInfo:
        """The zone whose days and wall times these are."""
        return ZoneInfo(self.zone)

    @cached_property
    def source(self) -> str:
        """Id and version, as explanations cite them."""
        return f"calendar {self.id} {self.version}".rstrip()

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked: a make-up day, or neither weekend nor holiday."""
        if day in self.working_days:
            return True
        return day.isoweekday() not in self.weekend and day not in self.holidays

    def is_published(self, day: date) -> bool:
        """Whether the authority has already said which days around `day` are worked."""
        return self.published_through is None or day <= self.published_through

    def hours(self, day: date) -> tuple[Interval, ...]:
        """Opening intervals of `day` in wall time; none when it is not a working day."""
        if not self.is_working_day(day):
            return ()
        return self.weekday_intervals.get(day.isoweekday(), self.intervals)

    def openings(self, day: date) -> list[Span]:
        """Opening intervals of `day` in UTC, in order and disjoint also where clocks change."""
        spans: list[Span] = []
        for hours in self.hours(day):
            opens, closes = self._instant(day, hours.opens), self._instant(day, hours.closes)
            if spans:
                opens = max(opens, spans[-1][1])
            if opens < closes:
                spans.append((opens, closes))
        return spans

    def closing(self, day: date) -> datetime | None:
        """End of the last opening interval of `day`, in UTC; None when nothing opens."""
        hours = self.hours(day)
        return self._instant(day, hours[-1].closes) if hours else None

    def day_of(self, instant: datetime) -> date:
        """The day of this zone in which `instant` lies; 00:00 belongs to the day it begins."""
        return instant.astimezone(self.timezone).date()

    def day_ended_by(self, instant: datetime) -> date:
        """The day of an expiry; 24:00 belongs to the day that it ends."""
        day = self.day_of(instant)
        return day - DAY if instant == self.day_start(day) else day

    def day_start(self, day: date) -> datetime:
        """00:00 of `day`, in UTC."""
        return self._instant(day, timedelta())

    def day_end(self, day: date) -> datetime:
        """24:00 of `day`, in UTC."""
        return self._instant(day, DAY)

    def wall_time(self, instant: datetime) -> time:
        """What a clock on the wall shows at `instant`."""
        return instant.astimezone(self.timezone).time().replace(fold=0)

    def at_wall_time(self, day: date, wall: time) -> datetime:
        """`wall` on `day`, in UTC.

        In a gap of the clocks it keeps the offset from before the gap; in a fold it is the first.
        """
        return datetime.combine(day, wall, self.timezone).astimezone(UTC)

    def _instant(self, day: date, since_midnight: timedelta) -> datetime:
        wall = datetime.combine(day, _MIDNIGHT) + since_midnight
        return wall.replace(tzinfo=self.timezone).astimezone(UTC)


def _in_order(field: str, intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    ordered = tuple(sorted(intervals, key=lambda hours: hours.opens))
    for one, other in pairwise(ordered):
        if other.opens < one.closes:
            raise InvalidRule(field, f"{one} and {other} overlap")
    return ordered

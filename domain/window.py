"""A legal window as data: how much of which unit, and how it is counted.

Owns the budget and the legality of its options. It knows no calendar and no instant; the
counting itself is `domain.clock`.
"""

import re
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, model_validator

from domain.errors import InvalidRule
from domain.value import LegalValue


class TimeUnit(StrEnum):
    """What a budget is counted in; `working_hours` and the three day units ask a calendar.

    Seconds are for demonstrations: no law counts in them.
    """

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    NATURAL_DAYS = "natural_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"

    @property
    def counts_days(self) -> bool:
        """Whether the budget ends with a day; the others are exact time."""
        return self in _DAY_UNITS


_DAY_UNITS = frozenset({TimeUnit.NATURAL_DAYS, TimeUnit.WORKING_DAYS, TimeUnit.MONTHS})
_SIGNS = {
    TimeUnit.SECONDS: "s",
    TimeUnit.MINUTES: "min",
    TimeUnit.HOURS: "h",
    TimeUnit.WORKING_HOURS: "wh",
    TimeUnit.NATURAL_DAYS: "d",
    TimeUnit.WORKING_DAYS: "wd",
    TimeUnit.MONTHS: "mo",
}
_UNITS = {sign: unit for unit, sign in _SIGNS.items()}
_WRITTEN = re.compile(r"([0-9]{1,12})(s|min|h|wh|d|wd|mo)")

A_CENTURY = {
    TimeUnit.SECONDS: 3_155_760_000,
    TimeUnit.MINUTES: 52_596_000,
    TimeUnit.HOURS: 876_600,
    TimeUnit.WORKING_HOURS: 876_600,
    TimeUnit.NATURAL_DAYS: 36_525,
    TimeUnit.WORKING_DAYS: 36_525,
    TimeUnit.MONTHS: 1_200,
}
"""The largest budget per unit: no law waits longer, and no count runs without end."""


def _whole(given: Any) -> Any:
    if type(given) is not int or given < 1:
        raise InvalidRule("amount", "must be a positive whole number")
    return given


def _known_unit(given: Any) -> Any:
    if isinstance(given, str) and given in frozenset(TimeUnit):
        return TimeUnit(given)
    raise InvalidRule("unit", f"must be one of {', '.join(TimeUnit)}")


Whole = Annotated[int, BeforeValidator(_whole)]
KnownUnit = Annotated[TimeUnit, BeforeValidator(_known_unit)]


def within_a_century(field: str, amount: int, unit: TimeUnit) -> None:
    """Refuse a budget of more than a hundred years in its own unit, naming `field`."""
    if amount > A_CENTURY[unit]:
        raise InvalidRule(field, f"must be at most {A_CENTURY[unit]} {unit}, a hundred years")


class Amount(LegalValue):
    """A positive whole number of one unit, written `20s 30min 2h 4wh 7d 7wd 1mo`."""

    amount: Whole
    unit: KnownUnit

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        within_a_century("amount", self.amount, self.unit)
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the written form; anything else raises `InvalidRule`."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise InvalidRule("amount", "must be written like 20s, 30min, 2h, 4wh, 7d, 7wd or 1mo")
        return cls(amount=int(written[1]), unit=_UNITS[written[2]])

    def __str__(self) -> str:
        return f"{self.amount}{_SIGNS[self.unit]}"


class Window(LegalValue):
    """A budget and the way of counting it.

    `first_day`: `next` leaves the day of the start out, `same` makes it day 1 whatever the hour.
    `ends`: at 24:00 of the last day, at its close of business, or at the start's wall time.
    `roll`: `forward` moves a last day that is not a working day to the next working day.
    These three are for days and months only. `snap`: `opening` moves a start outside opening
    intervals to the next opening, for every unit. An illegal combination raises `InvalidRule`.
    """

    amount: Whole
    unit: KnownUnit
    first_day: Literal["next", "same"] = "next"
    ends: Literal["midnight", "close_of_business", "time_of_day"] = "midnight"
    snap: Literal["none", "opening"] = "none"
    roll: Literal["none", "forward"] = "none"

    @model_validator(mode="after")
    def _countable(self) -> Self:
        within_a_century("amount", self.amount, self.unit)
        if not self.unit.counts_days:
            self._refuse_day_options()
        elif self.ends == "close_of_business" and not self.ends_on_a_working_day:
            raise InvalidRule(
                "ends", 'close_of_business is only for working_days or with roll = "forward"'
            )
        return self

    @property
    def ends_on_a_working_day(self) -> bool:
        """Whether the calendar decides which day may be the last."""
        return self.unit is TimeUnit.WORKING_DAYS or self.roll == "forward"

    @property
    def asks_a_calendar(self) -> bool:
        """Whether zone, days or opening hours can move the deadline; exact time needs none."""
        asks = self.unit.counts_days or self.unit is TimeUnit.WORKING_HOURS
        return asks or self.snap == "opening"

    @property
    def budget(self) -> Amount:
        """Amount and unit without the way of counting."""
        return Amount(amount=self.amount, unit=self.unit)

    def _refuse_day_options(self) -> None:
        for field in ("first_day", "ends", "roll"):
            default = type(self).model_fields[field].default
            if getattr(self, field) != default:
                raise InvalidRule(
                    field, f"is only for natural_days, working_days and months, not {self.unit}"
                )

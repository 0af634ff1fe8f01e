"""Rungs: at a share of the running time, or before or after the deadline, with the same clock."""

from typing import Any

import pytest

from domain.calendar import Calendar
from domain.clock import Clock, Deadline, measure
from domain.errors import InvalidRule
from domain.rung import Position, place
from domain.window import Amount
from tests.domain.test_clock import BEIJING, clock, instant

# 2026-07-06 is a Monday of a month without holidays, 10 July a Friday.


def placed(position: Position, on: Clock, calendar: Calendar = BEIJING) -> str:
    at = place(position, on, measure(on, calendar), calendar)
    return at.astimezone(calendar.timezone).strftime("%Y-%m-%d %H:%M")


def before(amount: str) -> Position:
    return Position(before=Amount.parse(amount))


def after(amount: str) -> Position:
    return Position(after=Amount.parse(amount))


def share(fraction: float) -> Position:
    return Position(fraction=fraction)


FRIDAY = clock("5d", "2026-07-05 10:00")
SATURDAY = clock("6d", "2026-07-05 10:00")
NEXT_MONDAY = clock("5wd", "2026-07-06 10:00")
AT_CLOSE = clock("4wd", "2026-07-06 10:00", ends="close_of_business")
AT_TEN = clock("4d", "2026-07-06 10:00", ends="time_of_day")
IN_HOURS = clock("10wh", "2026-07-06 09:00")
WITH_A_LOST_WEDNESDAY = clock("3wd", "2026-07-06 10:00", ("2026-07-08 17:00", "2026-07-09 09:00"))

PLACED: dict[str, tuple[Position, Clock, str]] = {
    "one working day before Friday 24:00 is Thursday 24:00": (
        before("1wd"),
        FRIDAY,
        "2026-07-10 00:00",
    ),
    "one working day after Friday 24:00 is Monday 24:00": (
        after("1wd"),
        FRIDAY,
        "2026-07-14 00:00",
    ),
    "one natural day after Friday 24:00 is Saturday 24:00": (
        after("1d"),
        FRIDAY,
        "2026-07-12 00:00",
    ),
    "one working day before Monday 24:00 is Friday 24:00": (
        before("1wd"),
        NEXT_MONDAY,
        "2026-07-11 00:00",
    ),
    "one working day before Saturday 24:00 is Friday 24:00": (
        before("1wd"),
        SATURDAY,
        "2026-07-11 00:00",
    ),
    "two working days before skip the day that a hold cost": (
        before("2wd"),
        WITH_A_LOST_WEDNESDAY,
        "2026-07-08 00:00",
    ),
    "one day after a close of business is the next close of business": (
        after("1wd"),
        AT_CLOSE,
        "2026-07-13 17:00",
    ),
    "one day before a time of day is the same time the day before": (
        before("1d"),
        AT_TEN,
        "2026-07-09 10:00",
    ),
    "one month after": (after("1mo"), FRIDAY, "2026-08-11 00:00"),
    "one month before": (before("1mo"), FRIDAY, "2026-06-11 00:00"),
    "two hours before a day's end": (before("2h"), FRIDAY, "2026-07-10 22:00"),
    "two hours after a day's end": (after("2h"), FRIDAY, "2026-07-11 02:00"),
    "two working hours before a day's end": (before("2wh"), FRIDAY, "2026-07-10 15:00"),
    "two working hours after a day's end": (after("2wh"), FRIDAY, "2026-07-13 11:00"),
    "hours before a deadline leave a hold out": (
        before("2h"),
        clock("4h", "2026-07-06 10:00", ("2026-07-06 13:00", "2026-07-06 15:00")),
        "2026-07-06 12:00",
    ),
    "half of the running time": (
        share(0.5),
        clock("4h", "2026-07-06 10:00"),
        "2026-07-06 12:00",
    ),
    "half of the running time with a hold left out": (
        share(0.5),
        clock("4h", "2026-07-06 10:00", ("2026-07-06 11:00", "2026-07-06 12:00")),
        "2026-07-06 13:00",
    ),
    "half of a day window, whose clock runs at night too": (
        share(0.5),
        clock("2d", "2026-07-06 00:00"),
        "2026-07-07 12:00",
    ),
    "half of ten working hours": (share(0.5), IN_HOURS, "2026-07-06 15:00"),
    "seven tenths of ten working hours end at a closing": (
        share(0.7),
        IN_HOURS,
        "2026-07-06 17:00",
    ),
    "the whole of the running time is the deadline": (share(1), IN_HOURS, "2026-07-07 12:00"),
    "a share of a snapped window begins at the opening": (
        share(0.5),
        clock("2h", "2026-07-06 05:00", snap="opening"),
        "2026-07-06 10:00",
    ),
}


@pytest.mark.parametrize(("position", "on", "expected"), PLACED.values(), ids=PLACED)
def test_a_rung_sits_where_the_clock_says(position: Position, on: Clock, expected: str) -> None:
    assert placed(position, on) == expected


def test_a_share_is_taken_up_to_the_deadline_that_binds() -> None:
    on = clock("4h", "2026-07-06 10:00")
    bound = Deadline(due_at=instant("2026-07-06 12:00", BEIJING))

    at = place(share(0.5), on, bound, BEIJING)

    assert at == instant("2026-07-06 11:00", BEIJING)


def test_an_open_hold_leaves_no_place_for_a_rung() -> None:
    on = clock("4h", "2026-07-06 10:00", ("2026-07-06 11:00", None))

    with pytest.raises(InvalidRule):
        placed(share(0.5), on)


@pytest.mark.parametrize(
    "values",
    [{}, {"fraction": 0.5, "after": Amount.parse("1d")}, {"fraction": 0}, {"fraction": 1.1}],
)
def test_a_position_is_exactly_one_thing(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidRule):
        Position(**values)

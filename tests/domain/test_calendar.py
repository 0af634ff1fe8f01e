"""Calendars: which days are worked, which hours are open, what a calendar may not say."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from domain.calendar import Calendar, Interval
from domain.errors import InvalidRule

OFFICE = Calendar(
    id="cn",
    version="2026.1",
    zone="Asia/Shanghai",
    holidays=frozenset({date(2026, 9, 25)}),
    working_days=frozenset({date(2026, 9, 20)}),
    intervals=[["09:00", "12:00"], ["13:00", "17:00"]],
    weekday_intervals={5: [["09:00", "12:00"]]},
    published_from=date(2026, 1, 1),
    published_through=date(2026, 12, 31),
)

WORKED = {
    "an ordinary Thursday is worked": (date(2026, 9, 24), True),
    "a holiday is not worked": (date(2026, 9, 25), False),
    "a Saturday is not worked": (date(2026, 9, 26), False),
    "a make-up Sunday is worked": (date(2026, 9, 20), True),
    "a Friday that is not published yet is worked like any other": (date(2027, 1, 1), True),
}

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a zone that does not exist": ({"zone": "Asia/Peking"}, "zone"),
    "a zone that is a path": ({"zone": "../UTC"}, "zone"),
    "a zone that is a folder": ({"zone": "Europe"}, "zone"),
    "an empty zone": ({"zone": ""}, "zone"),
    "a weekday that does not exist": ({"weekend": [0]}, "weekend"),
    "a weekday that is a truth value": ({"weekend": [True]}, "weekend"),
    "an interval that closes before it opens": (
        {"intervals": [["13:00", "12:00"]]},
        "intervals",
    ),
    "an interval across midnight": ({"intervals": [["22:00", "02:00"]]}, "intervals"),
    "an interval without length": ({"intervals": [["09:00", "09:00"]]}, "intervals"),
    "a wall time that does not exist": ({"intervals": [["09:00", "24:01"]]}, "intervals"),
    "a wall time that is a number": ({"intervals": [[9, 17]]}, "intervals"),
    "an interval of three times": ({"intervals": [["09:00", "12:00", "17:00"]]}, "intervals"),
    "intervals that overlap": (
        {"intervals": [["09:00", "13:00"], ["12:00", "17:00"]]},
        "intervals",
    ),
    "intervals of a weekday that overlap": (
        {"weekday_intervals": {6: [["09:00", "13:00"], ["12:00", "17:00"]]}},
        "weekday_intervals",
    ),
    "a holiday before the published span": (
        {"holidays": [date(2025, 12, 31)], "published_from": date(2026, 1, 1)},
        "holidays",
    ),
    "a make-up day after the published span": (
        {"working_days": [date(2027, 1, 2)], "published_through": date(2026, 12, 31)},
        "working_days",
    ),
    "a day that is a holiday and worked": (
        {"holidays": [date(2026, 5, 1)], "working_days": [date(2026, 5, 1)]},
        "working_days",
    ),
    "a published span that ends before it begins": (
        {"published_from": date(2026, 1, 1), "published_through": date(2025, 12, 31)},
        "published_through",
    ),
    "an unknown key": ({"holydays": []}, "holydays"),
}


@pytest.mark.parametrize(("day", "worked"), WORKED.values(), ids=WORKED)
def test_working_day(day: date, worked: bool) -> None:
    assert OFFICE.is_working_day(day) is worked


@pytest.mark.parametrize(("values", "field"), FAULTS.values(), ids=FAULTS)
def test_a_calendar_refuses(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRule) as refused:
        Calendar(**{"zone": "UTC", **values})

    assert refused.value.field == field


def test_a_weekend_may_be_empty() -> None:
    assert Calendar(zone="UTC", weekend=()).is_working_day(date(2026, 9, 26))


def test_intervals_are_kept_in_order() -> None:
    calendar = Calendar(zone="UTC", intervals=[["13:00", "17:00"], ["09:00", "12:00"]])

    assert [str(interval) for interval in calendar.intervals] == ["09:00-12:00", "13:00-17:00"]


def test_intervals_may_touch_and_end_at_24_00() -> None:
    calendar = Calendar(zone="UTC", intervals=[["00:00", "12:00"], ["12:00", "24:00"]])

    assert calendar.closing(date(2026, 9, 24)) == datetime(2026, 9, 25, tzinfo=UTC)


class TestHours:
    def test_openings_are_utc_instants(self) -> None:
        assert OFFICE.openings(date(2026, 9, 24)) == [
            (datetime(2026, 9, 24, 1, tzinfo=UTC), datetime(2026, 9, 24, 4, tzinfo=UTC)),
            (datetime(2026, 9, 24, 5, tzinfo=UTC), datetime(2026, 9, 24, 9, tzinfo=UTC)),
        ]

    def test_a_make_up_day_keeps_the_ordinary_hours(self) -> None:
        assert OFFICE.hours(date(2026, 9, 20)) == OFFICE.intervals

    def test_a_weekday_may_have_hours_of_its_own(self) -> None:
        assert OFFICE.hours(date(2026, 9, 18)) == (Interval(start="09:00", end="12:00"),)

    def test_a_holiday_has_no_hours(self) -> None:
        assert OFFICE.openings(date(2026, 9, 25)) == []
        assert OFFICE.closing(date(2026, 9, 25)) is None

    def test_the_day_on_which_clocks_go_forward_is_open_for_23_hours(self) -> None:
        always = Calendar(zone="Europe/London", weekend=(), intervals=[["00:00", "24:00"]])

        [(opens, closes)] = always.openings(date(2026, 3, 29))

        assert (closes - opens).total_seconds() == 23 * 3600

    def test_openings_inside_a_gap_do_not_overlap(self) -> None:
        early = Calendar(
            zone="America/New_York", weekend=(), intervals=[["02:00", "02:30"], ["03:00", "04:00"]]
        )

        assert early.openings(date(2026, 3, 8)) == [
            (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
            (datetime(2026, 3, 8, 7, 30, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC)),
        ]


class TestDays:
    MIDNIGHT = datetime(2026, 9, 24, 16, tzinfo=UTC)

    def test_midnight_belongs_to_the_day_it_begins(self) -> None:
        assert OFFICE.day_of(self.MIDNIGHT) == date(2026, 9, 25)

    def test_an_expiry_at_midnight_belongs_to_the_day_that_it_ends(self) -> None:
        assert OFFICE.day_ended_by(self.MIDNIGHT) == date(2026, 9, 24)

    def test_the_end_of_a_day_is_the_start_of_the_next(self) -> None:
        assert OFFICE.day_end(date(2026, 9, 24)) == OFFICE.day_start(date(2026, 9, 25))

    def test_a_wall_time_in_a_gap_keeps_the_offset_from_before(self) -> None:
        calendar = Calendar(zone="America/New_York")

        at = calendar.at_wall_time(date(2026, 3, 8), time(2, 30))

        assert at == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)

    def test_a_wall_time_in_a_fold_is_the_first_of_the_two(self) -> None:
        calendar = Calendar(zone="America/New_York")

        at = calendar.at_wall_time(date(2026, 11, 1), time(1, 30))

        assert at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_calendar_survives_being_recorded() -> None:
    assert Calendar.model_validate_json(OFFICE.model_dump_json()) == OFFICE

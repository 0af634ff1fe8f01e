"""The account of a deadline: what each day counted, by which rule and source."""

from datetime import date

import pytest

from domain.clock import Explained
from domain.errors import InvalidRule
from domain.explanation import explain
from tests.domain.test_clock import BEIJING, clock

NAMED = BEIJING.model_copy(
    update={"version": "2026.1", "names": {date(2026, 9, 25): "Mid-autumn Festival 中秋"}}
)


def test_working_days_say_why_each_day_counted_or_did_not() -> None:
    lines = explain(clock("2wd", "2026-09-23 10:00"), NAMED)

    assert [(line.day.day, line.counted, line.rule) for line in lines] == [
        (23, 0, "the day of the start is not counted"),
        (24, 1, "working day 1 of 2"),
        (25, 0, "holiday (Mid-autumn Festival 中秋)"),
        (26, 0, "weekend"),
        (27, 0, "weekend"),
        (28, 1, "working day 2 of 2"),
    ]
    assert lines[2].source == "calendar cn 2026.1"


def test_a_make_up_day_is_named() -> None:
    [_, _, sunday] = explain(clock("1wd", "2026-09-18 10:00"), NAMED)

    assert sunday == Explained(
        day=date(2026, 9, 20),
        counted=1,
        rule="make-up working day 1 of 1",
        source="window 1wd; calendar cn 2026.1",
    )


def test_working_hours_count_by_the_day() -> None:
    lines = explain(clock("4wh", "2026-09-24 16:30"), NAMED)

    assert [(line.day.day, line.counted) for line in lines] == [
        (24, 0.5),
        (25, 0),
        (26, 0),
        (27, 0),
        (28, 3.5),
    ]


def test_a_day_lost_to_a_hold_names_the_hold() -> None:
    on = clock("2d", "2026-07-06 10:00", ("2026-07-07 17:00", "2026-07-08 09:00"))

    lines = explain(on, NAMED)

    assert [line.counted for line in lines] == [0, 0, 1, 1]
    assert lines[1].source == "suspension 2026-07-07 17:00 to 2026-07-08 09:00"


def test_extended_days_name_their_extension() -> None:
    lines = explain(clock("1d", "2026-07-06 10:00", extensions=("1d", "2d")), NAMED)

    assert [line.source for line in lines[1:]] == [
        "window 1d",
        "extension 1d",
        "extension 2d",
        "extension 2d",
    ]


def test_months_count_on_the_day_that_completes_each() -> None:
    lines = explain(clock("2mo", "2026-01-31 10:00"), NAMED)

    assert [(line.day, line.counted) for line in lines] == [
        (date(2026, 1, 31), 0),
        (date(2026, 2, 28), 1),
        (date(2026, 3, 31), 1),
    ]


def test_a_rolled_day_says_so() -> None:
    lines = explain(clock("1d", "2026-09-24 10:00", roll="forward"), NAMED)

    assert [(line.day.day, line.counted) for line in lines] == [
        (24, 0),
        (25, 1),
        (26, 0),
        (27, 0),
        (28, 0),
    ]
    assert lines[-1].rule == "the last day moves here, the next working day"


def test_a_snapped_start_says_when_counting_begins() -> None:
    [snapped, counted] = explain(clock("2h", "2026-07-05 10:00", snap="opening"), NAMED)

    assert snapped.rule == "outside opening hours: counting begins 2026-07-06 09:00"
    assert (counted.day, counted.counted) == (date(2026, 7, 6), 2)


def test_a_day_beyond_the_published_span_says_so() -> None:
    lines = explain(clock("2wd", "2026-12-30 10:00"), NAMED)

    assert "not published" in lines[-1].source
    assert "not published" not in lines[-2].source


@pytest.mark.parametrize(
    ("window", "counted"), [("9h", [1, 0]), ("9d", [0, 0]), ("9wd", [0, 0]), ("1mo", [0, 0])]
)
def test_an_open_hold_ends_the_account_where_the_clock_stopped(
    window: str, counted: list[int]
) -> None:
    lines = explain(clock(window, "2026-07-06 10:00", ("2026-07-06 11:00", None)), NAMED)

    assert [line.counted for line in lines][: len(counted)] == counted
    assert lines[-1].rule == "suspended: the clock stands until the suspension ends"


def test_what_cannot_be_measured_is_not_explained() -> None:
    with pytest.raises(InvalidRule, match="suspensions"):
        explain(clock("1h", "2026-07-06 10:00", ("2026-07-06 11:00", None)), NAMED)

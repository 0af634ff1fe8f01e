"""The legal clock by worked examples, and what it refuses to count."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.calendar import Calendar
from domain.clock import Clock, Deadline, Hold, measure
from domain.errors import InvalidRule
from domain.window import Amount, Window

BEIJING = Calendar(
    id="cn",
    zone="Asia/Shanghai",
    holidays=frozenset({date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}),
    working_days=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    intervals=[["09:00", "12:00"], ["13:00", "17:00"]],
    published_from=date(2026, 1, 1),
    published_through=date(2026, 12, 31),
)
LONDON = Calendar(zone="Europe/London", intervals=[["09:00", "17:00"]])
NEW_YORK = Calendar(zone="America/New_York", intervals=[["00:00", "24:00"]], weekend=())
KOLKATA = Calendar(zone="Asia/Kolkata")
NEVER_OPEN = Calendar(zone="UTC")
NEVER_WORKED = Calendar(zone="UTC", weekend=range(1, 8))

CALENDARS = {"london": LONDON, "new-york-24x7": NEW_YORK, "kolkata": KOLKATA}
EXAMPLES = [
    [column.strip() for column in line.split("|")]
    for line in Path(__file__).with_name("test_clock_examples.txt").read_text("utf-8").splitlines()
    if line.count("|") == 4 and not line.startswith("window")
]


def instant(wall: str, calendar: Calendar = BEIJING) -> datetime:
    """A wall time of the calendar's zone as an instant."""
    return datetime.fromisoformat(wall).replace(tzinfo=calendar.timezone)


def clock(
    window: str,
    start: str,
    *holds: tuple[str, str | None],
    extensions: tuple[str, ...] = (),
    calendar: Calendar = BEIJING,
    start_is_expiry: bool = False,
    **options: str,
) -> Clock:
    """A clock written in wall times of `calendar`'s zone."""
    budget = Amount.parse(window)
    return Clock(
        window=Window(amount=budget.amount, unit=budget.unit, **options),
        start=instant(start, calendar),
        holds=tuple(
            Hold(starts_at=instant(begin, calendar), ends_at=end and instant(end, calendar))
            for begin, end in holds
        ),
        extensions=tuple(Amount.parse(extension) for extension in extensions),
        start_is_expiry=start_is_expiry,
    )


def read_how(how: str) -> dict[str, Any]:
    """The arguments of `clock` that the third column of an example stands for."""
    arguments: dict[str, Any] = {"holds": [], "extensions": [], "calendar": BEIJING}
    for word in how.split() if how != "-" else ():
        name, _, value = word.partition("=")
        match name:
            case "hold":
                arguments["holds"].append(value.split("/"))
            case "extend":
                arguments["extensions"].append(value)
            case "on":
                arguments["calendar"] = CALENDARS[value]
            case "expiry":
                arguments["start_is_expiry"] = True
            case _:
                arguments[name] = value
    return arguments


@pytest.mark.parametrize(
    ("window", "start", "how", "due"),
    [example[:4] for example in EXAMPLES],
    ids=[example[4] for example in EXAMPLES],
)
def test_it_is_the_law_that(window: str, start: str, how: str, due: str) -> None:
    arguments = read_how(how)
    holds, calendar = arguments.pop("holds"), arguments["calendar"]

    deadline = measure(clock(window, start, *holds, **arguments), calendar)

    assert deadline.due_at is not None
    wall = deadline.due_at.astimezone(calendar.timezone).strftime("%Y-%m-%d %H:%M")
    assert wall + " provisional" * deadline.provisional == due


def test_all_examples_are_read() -> None:
    assert len(EXAMPLES) > 70


class TestHolds:
    def test_an_open_hold_leaves_no_due_instant(self) -> None:
        on = clock("4h", "2026-09-24 10:00", ("2026-09-24 11:00", None))

        assert measure(on, BEIJING) == Deadline(due_at=None)

    @pytest.mark.parametrize("begin", ["2026-09-24 14:00", "2026-09-24 14:01"])
    @pytest.mark.parametrize("end", ["2026-09-25 09:00", None])
    def test_one_that_begins_at_or_after_the_due_instant_is_refused(
        self, begin: str, end: str | None
    ) -> None:
        with pytest.raises(InvalidRule) as refused:
            measure(clock("4h", "2026-09-24 10:00", (begin, end)), BEIJING)

        assert refused.value.field == "suspensions"

    def test_one_that_begins_at_24_00_of_the_last_day_is_refused(self) -> None:
        on = clock("1d", "2026-09-21 10:00", ("2026-09-23 00:00", "2026-09-24 00:00"))

        with pytest.raises(InvalidRule, match="suspensions"):
            measure(on, BEIJING)

    def test_one_that_ends_before_it_begins_is_refused(self) -> None:
        with pytest.raises(InvalidRule, match="suspensions"):
            clock("4h", "2026-09-24 10:00", ("2026-09-24 12:00", "2026-09-24 11:00"))


class TestExtensions:
    def test_one_in_another_unit_is_refused(self) -> None:
        with pytest.raises(InvalidRule, match="extensions"):
            clock("5wd", "2026-09-24 10:00", extensions=("7d",))

    def test_a_budget_that_grows_past_a_century_is_refused(self) -> None:
        with pytest.raises(InvalidRule, match="extensions"):
            clock("1200mo", "2026-09-24 10:00", extensions=("1mo",))


class TestRefusal:
    def test_a_start_before_the_published_span(self) -> None:
        with pytest.raises(InvalidRule, match="start"):
            measure(clock("4h", "2025-12-31 23:59"), BEIJING)

    def test_a_start_without_its_offset(self) -> None:
        with pytest.raises(InvalidRule, match="start"):
            Clock(window=Window(amount=4, unit="hours"), start="2026-09-24T10:00")

    def test_working_hours_without_opening_intervals(self) -> None:
        with pytest.raises(InvalidRule, match="window"):
            measure(clock("4wh", "2026-01-05 10:00"), NEVER_OPEN)

    def test_a_snap_without_opening_intervals(self) -> None:
        with pytest.raises(InvalidRule, match="window"):
            measure(clock("4h", "2026-01-05 10:00", snap="opening"), NEVER_OPEN)

    def test_working_days_without_a_working_day(self) -> None:
        with pytest.raises(InvalidRule, match="window"):
            measure(clock("1wd", "2026-01-05 10:00"), NEVER_WORKED)

    def test_a_roll_without_a_working_day(self) -> None:
        with pytest.raises(InvalidRule, match="window"):
            measure(clock("1d", "2026-01-05 10:00", roll="forward"), NEVER_WORKED)

    def test_close_of_business_without_opening_intervals(self) -> None:
        with pytest.raises(InvalidRule, match="intervals"):
            measure(clock("1wd", "2026-01-05 10:00", ends="close_of_business"), NEVER_OPEN)

    @pytest.mark.parametrize("window", ["60min", "24h", "9wh", "2d", "2wd", "1mo"])
    @pytest.mark.parametrize("snap", ["none", "opening"])
    def test_the_year_ten_thousand(self, window: str, snap: str) -> None:
        with pytest.raises(InvalidRule):
            measure(clock(window, "9999-12-31 23:59", calendar=NEW_YORK, snap=snap), NEW_YORK)

    @pytest.mark.parametrize("window", ["4h", "4wh", "2d"])
    def test_a_hold_of_centuries(self, window: str) -> None:
        on = clock(window, "2026-01-05 10:00", ("2026-01-05 11:00", "2999-01-01 00:00"))

        with pytest.raises(InvalidRule, match="two hundred years"):
            measure(on, LONDON)


class TestFold:
    """On 2026-11-01 and 2027-11-07 New York passes 01:30 twice."""

    def test_a_wall_time_in_a_fold_is_the_first_of_the_two(self) -> None:
        on = clock("1d", "2026-10-31 01:30", calendar=NEW_YORK, ends="time_of_day")

        assert measure(on, NEW_YORK).due_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    def test_so_it_is_for_a_start_in_the_second_pass(self) -> None:
        second_pass = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
        window = Window(amount=371, unit="natural_days", ends="time_of_day")

        deadline = measure(Clock(window=window, start=second_pass), NEW_YORK)

        assert deadline.due_at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_a_start_is_read_in_the_zone_of_the_calendar() -> None:
    evening_in_london = datetime(2026, 9, 21, 17, 0, tzinfo=UTC)
    on = Clock(window=Window(amount=1, unit="natural_days"), start=evening_in_london)

    assert measure(on, BEIJING).due_at == datetime(2026, 9, 23, 16, 0, tzinfo=UTC)


def test_a_calendar_without_an_end_is_never_provisional() -> None:
    assert not measure(clock("9wd", "2090-01-03 10:00"), LONDON).provisional

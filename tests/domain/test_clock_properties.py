"""What holds for every clock: it is monotone, its account adds up, its zone's hours are honest."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.calendar import DAY, Calendar
from domain.clock import Clock, Hold, measure
from domain.errors import InvalidRule
from domain.explanation import explain
from domain.window import Amount, TimeUnit, Window

lawful = settings(max_examples=120, derandomize=True, deadline=None, database=None)

ZONES = (
    "Asia/Shanghai",
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
)
HOURS = (
    (("09:00", "12:00"), ("13:00", "17:00")),
    (("00:00", "24:00"),),
    (("01:30", "02:30"), ("22:00", "24:00")),
)
MOST = {
    TimeUnit.SECONDS: 900_000,
    TimeUnit.MINUTES: 20_000,
    TimeUnit.HOURS: 400,
    TimeUnit.WORKING_HOURS: 80,
    TimeUnit.NATURAL_DAYS: 40,
    TimeUnit.WORKING_DAYS: 30,
    TimeUnit.MONTHS: 3,
}
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)

minutes_of_a_year = st.integers(0, 365 * 24 * 60)
instants = minutes_of_a_year.map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes))
days = st.integers(0, 450).map(lambda number: date(2026, 1, 1) + number * DAY)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    holidays = draw(st.frozensets(days, max_size=12))
    return Calendar(
        zone=draw(st.sampled_from(ZONES)),
        weekend=draw(st.sampled_from([(6, 7), (5, 6), (7,), ()])),
        holidays=holidays,
        working_days=draw(st.frozensets(days, max_size=4)) - holidays,
        intervals=draw(st.sampled_from(HOURS)),
        published_through=draw(st.none() | st.just(date(2027, 12, 31))),
    )


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Every legal window but those to a time of day, where a later start may end earlier."""
    unit = draw(st.sampled_from(TimeUnit))
    amount = draw(st.integers(1, MOST[unit]))
    snap = draw(st.sampled_from(["none", "opening"]))
    if not unit.counts_days:
        return Window(amount=amount, unit=unit, snap=snap)
    roll = draw(st.sampled_from(["none", "forward"]))
    worked = unit is TimeUnit.WORKING_DAYS or roll == "forward"
    ends = draw(st.sampled_from(["midnight", "close_of_business"] if worked else ["midnight"]))
    first_day = draw(st.sampled_from(["next", "same"]))
    return Window(amount=amount, unit=unit, snap=snap, roll=roll, ends=ends, first_day=first_day)


@st.composite
def holds(draw: st.DrawFn, start: datetime) -> tuple[Hold, ...]:
    """Up to three holds that begin within a week of the start and last up to ten days."""
    pairs = st.tuples(st.integers(-2_000, 10_000), st.integers(0, 14_400))
    return tuple(
        Hold(
            starts_at=start + timedelta(minutes=begin),
            ends_at=start + timedelta(minutes=begin + length),
        )
        for begin, length in draw(st.lists(pairs, max_size=3))
    )


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    window, start = draw(windows()), draw(instants)
    longer = st.integers(1, MOST[window.unit]).map(
        lambda amount: Amount(amount=amount, unit=window.unit)
    )
    return Clock(
        window=window,
        start=start,
        holds=draw(holds(start)),
        extensions=tuple(draw(st.lists(longer, max_size=2))),
    )


def due(clock: Clock, calendar: Calendar) -> datetime:
    """The due instant of a lawful clock; examples with a refused hold are left out."""
    try:
        due_at = measure(clock, calendar).due_at
    except InvalidRule as refused:
        assume(refused.field != "suspensions")
        raise
    assert due_at is not None
    return due_at


@lawful
@given(clocks(), calendars(), st.integers(1, 3_000))
def test_a_later_start_is_never_due_earlier(clock: Clock, calendar: Calendar, minutes: int) -> None:
    assume(not (clock.window.unit is TimeUnit.MONTHS and clock.holds))
    later = clock.model_copy(update={"start": clock.start + timedelta(minutes=minutes)})

    assert due(clock, calendar) <= due(later, calendar)


@lawful
@given(clocks(), calendars(), st.integers(1, 5))
def test_a_larger_budget_is_never_due_earlier(clock: Clock, calendar: Calendar, more: int) -> None:
    extension = Amount(amount=more, unit=clock.window.unit)
    extended = clock.model_copy(update={"extensions": (*clock.extensions, extension)})

    assert due(clock, calendar) <= due(extended, calendar)


@lawful
@given(st.data(), calendars())
def test_one_more_hold_is_never_due_earlier(data: st.DataObject, calendar: Calendar) -> None:
    clock = data.draw(clocks())
    more = data.draw(holds(clock.start))
    held = clock.model_copy(update={"holds": clock.holds + more})

    assert due(clock, calendar) <= due(held, calendar)


@lawful
@given(clocks(), calendars())
def test_the_account_adds_up_to_the_budget(clock: Clock, calendar: Calendar) -> None:
    due_at = due(clock, calendar)

    lines = explain(clock, calendar)

    assert round(sum(line.counted for line in lines), 5) == clock.amount
    assert all(one.day <= other.day for one, other in pairwise(lines))
    assert lines[-1].day == calendar.day_ended_by(due_at)


@lawful
@given(clocks(), calendars())
def test_a_clock_survives_being_recorded(clock: Clock, calendar: Calendar) -> None:
    read_again = Clock.model_validate_json(clock.model_dump_json())
    same_calendar = Calendar.model_validate_json(calendar.model_dump_json())

    assert due(read_again, same_calendar) == due(clock, calendar)


@lawful
@given(instants, calendars(), st.integers(1, 60))
def test_working_hours_count_each_minute_that_is_open(
    start: datetime, calendar: Calendar, hours: int
) -> None:
    clock = Clock(window=Window(amount=hours, unit="working_hours"), start=start)

    due_at = due(clock, calendar)

    assert minutes_open(start, due_at, calendar) == hours * 60
    assert minutes_open(due_at - timedelta(minutes=1), due_at, calendar) == 1


def minutes_open(begin: datetime, end: datetime, calendar: Calendar) -> int:
    """Minutes of `[begin, end)` inside opening intervals, by cutting each interval."""
    day, total = calendar.day_of(begin), timedelta()
    while day <= calendar.day_of(end):
        for opens, closes in calendar.openings(day):
            total += max(timedelta(), min(closes, end) - max(opens, begin))
        day += DAY
    return total // timedelta(minutes=1)


@lawful
@given(instants, calendars(), st.integers(1, 30), st.data())
def test_days_are_those_on_which_the_clock_runs_at_the_end(
    start: datetime, calendar: Calendar, amount: int, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from([TimeUnit.NATURAL_DAYS, TimeUnit.WORKING_DAYS]))
    clock = Clock(
        window=Window(amount=amount, unit=unit), start=start, holds=data.draw(holds(start))
    )
    due_at = due(clock, calendar)

    day, counted = calendar.day_of(start), 0
    while counted < amount:
        day += DAY
        end = calendar.day_end(day)
        runs = not any(hold.starts_at <= end < hold.ends_at for hold in clock.holds if hold.ends_at)
        counted += runs and (unit is TimeUnit.NATURAL_DAYS or calendar.is_working_day(day))

    assert due_at == calendar.day_end(day)

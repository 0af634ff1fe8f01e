"""One clock as a ruling measures it: due within bounds, rungs in order, its calendar named."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from domain.calendar import Calendar
from domain.clock import Clock, Hold
from domain.rules import Rung
from domain.rulings import ClockQuestion, ClockRuling
from domain.vocabulary import ClockKind, Demand, Tier, WindowName
from domain.window import Amount, Window
from packs import calendar_versions, clocks
from packs.calendar_files import load_calendar
from packs.clocks import rule_clock
from packs.loader import load_pack

NOW = datetime(2026, 9, 24, 8, 30, tzinfo=UTC)
"""Thursday 16:30 in Beijing, the day before Mid-Autumn."""

DAY = timedelta(days=1)
SEVEN_DAYS = Window(amount=7, unit="natural_days")


def question(window: Window = SEVEN_DAYS, **given: Any) -> ClockQuestion:
    clock = given.pop("clock", None) or Clock(window=window, start=NOW)
    return ClockQuestion(id="c", clock=clock, calendar=given.pop("calendar", "cn"), **given)


def measured(asked: ClockQuestion) -> ClockRuling:
    return rule_clock(asked, duty_calendar="cn")


def beijing_rungs(kind: ClockKind, tier: Tier = Tier.GENERAL) -> tuple[Rung, ...]:
    return load_pack("cn-beijing").case_rules(Demand.HELP, tier).ladders[kind].rungs


def test_a_clock_is_due_with_its_calendars_version() -> None:
    ruling = measured(question())

    assert ruling.due_at == datetime(2026, 10, 1, 16, tzinfo=UTC)
    assert (ruling.provisional, ruling.calendar_version) == (False, load_calendar("cn").version)
    assert ruling.explanation == ()


def test_the_account_comes_when_it_is_asked_for() -> None:
    ruling = measured(question(explain=True))

    assert sum(line.counted for line in ruling.explanation) == 7


@pytest.mark.parametrize(
    ("bounds", "due_at"),
    [
        ({"at_least": NOW + 20 * DAY}, NOW + 20 * DAY),
        ({"at_least": NOW + DAY}, datetime(2026, 10, 1, 16, tzinfo=UTC)),
        ({"at_most": NOW + 2 * DAY}, NOW + 2 * DAY),
        ({"at_most": NOW + 20 * DAY}, datetime(2026, 10, 1, 16, tzinfo=UTC)),
    ],
)
def test_bounds_hold_the_due_instant(bounds: dict[str, Any], due_at: datetime) -> None:
    assert (measured(question(**bounds))).due_at == due_at


def test_rungs_stand_in_order_and_returns_are_numbered() -> None:
    ruling = measured(question(rungs=beijing_rungs(ClockKind.CITIZEN)))
    keys = [rung.key for rung in ruling.rungs]
    last = [rung.at for rung in ruling.rungs if rung.key.startswith("last_resort")]

    assert keys[:4] == ["red", "urge", "supervise", "last_resort"]
    assert keys[4:] == [f"last_resort.{number}" for number in range(2, 10)]
    assert ruling.rungs[0].at == ruling.due_at
    assert {later - earlier for earlier, later in pairwise(last)} == {7 * DAY}


def test_a_rung_at_or_before_the_start_is_left_out() -> None:
    one_day = Window(amount=1, unit="natural_days")
    ruling = measured(question(one_day, rungs=beijing_rungs(ClockKind.ORDER)))

    # Yellow stands one day before Friday 24:00, which is after Thursday 16:30.
    assert [rung.key for rung in ruling.rungs] == ["yellow", "half", "most"]

    half_an_hour = Window(amount=30, unit="minutes")
    ruling = measured(question(half_an_hour, rungs=beijing_rungs(ClockKind.ORDER)))

    assert [rung.key for rung in ruling.rungs] == ["half", "most"]


def test_a_notice_for_duty_hours_waits_for_the_opening_and_its_rung_does_not() -> None:
    ruling = measured(question(rungs=beijing_rungs(ClockKind.CITIZEN)))
    red, urge = ruling.rungs[:2]

    assert red.notify_at == red.at
    # One day after the deadline lies in the National Day week; offices open on 8 October at 9:00.
    assert urge.at == datetime(2026, 10, 2, 16, tzinfo=UTC)
    assert urge.notify_at == datetime(2026, 10, 8, 1, tzinfo=UTC)


def test_while_a_hold_is_open_there_is_neither_deadline_nor_rung() -> None:
    held = Clock(window=SEVEN_DAYS, start=NOW, holds=(Hold(starts_at=NOW + DAY),))
    ruling = measured(question(clock=held, rungs=beijing_rungs(ClockKind.CITIZEN)))

    assert (ruling.due_at, ruling.rungs, ruling.error) == (None, (), None)


def test_a_pinned_calendar_is_used_while_it_is_on_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A newer calendar moves a clock that was measured before only by an amendment."""
    newest = load_calendar("cn")
    pinned = newest.model_copy(update={"version": "2025.1", "holidays": frozenset()})

    def on_file(id: str, version: str | None = None) -> Calendar:
        return pinned if version == "2025.1" else newest

    monkeypatch.setattr(clocks, "calendar_of", on_file)
    five = Window(amount=5, unit="working_days")
    before = measured(question(five, calendar_version="2025.1"))
    after = measured(question(five))

    assert (before.calendar_version, after.calendar_version) == ("2025.1", newest.version)
    assert before.due_at is not None
    assert after.due_at is not None
    assert before.due_at < after.due_at


@pytest.mark.parametrize("version", [None, "2026.1", "1066.1", "../cn", ""])
def test_a_version_that_is_not_on_file_falls_back_to_the_newest(version: str | None) -> None:
    assert calendar_versions.calendar_of("cn", version) == load_calendar("cn")


def test_a_ladder_in_seconds_stands_in_seconds() -> None:
    rules = load_pack("demo-fast").case_rules(Demand.HELP)
    window = rules.windows[WindowName.HANDLING]
    ruling = measured(
        question(
            window.window, calendar=window.calendar, rungs=rules.ladders[ClockKind.CITIZEN].rungs
        )
    )

    assert [(rung.at - NOW).total_seconds() for rung in ruling.rungs] == [20, 23, 28, 40]
    assert Amount.parse("20s") == window.window.budget

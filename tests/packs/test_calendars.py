"""Calendar files: what they say, how far they go, and that a broken one is refused by key."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.errors import InvalidRule
from packs.calendar_files import (
    FOLDER,
    calendar_ids,
    load_calendar,
    load_calendar_file,
    read_calendar_file,
)
from scripts.write_calendars import EDITIONS, Edition, rendered

ROOT = Path(__file__).parents[2]
STATUTORY_DAYS = ROOT.parent / "shared" / "data" / "cn_calendar" / "workdays_2019_2026.csv"
DAY = timedelta(days=1)

HORIZON = {
    "cn": (date(2019, 1, 1), date(2026, 12, 31)),
    "cn-24x7": (date(2019, 1, 1), None),
    "gb-eng": (date(2019, 1, 1), date(2027, 12, 31)),
    "in": (date(2019, 1, 1), date(2026, 12, 31)),
    "kr": (date(2019, 1, 1), date(2026, 12, 31)),
    "us-ma": (date(2014, 1, 1), date(2027, 12, 31)),
}

WORKED = {
    "China works on the Sunday before National Day 2026": ("cn", date(2026, 9, 20), True),
    "China rests on the Wednesday after National Day 2026": ("cn", date(2026, 10, 7), False),
    "the utilities of China never rest": ("cn-24x7", date(2026, 10, 1), True),
    "Korea rests on the substitute for Liberation Day 2026": ("kr", date(2026, 8, 17), False),
    "Korea rests on the local elections of 2026": ("kr", date(2026, 6, 3), False),
    "England rests on Easter Monday": ("gb-eng", date(2027, 3, 29), False),
    "England rested for the Coronation": ("gb-eng", date(2023, 5, 8), False),
    "England works on the Scottish second of January": ("gb-eng", date(2025, 1, 2), True),
    "Massachusetts rests on Patriots' Day 2015": ("us-ma", date(2015, 4, 20), False),
    "Boston works on Evacuation Day": ("us-ma", date(2015, 3, 17), True),
    "Massachusetts works on a Friday before a Saturday holiday": (
        "us-ma",
        date(2015, 7, 3),
        True,
    ),
    "India rests on Diwali 2024": ("in", date(2024, 10, 31), False),
}


@pytest.mark.skipif(
    not STATUTORY_DAYS.is_file(), reason="../shared/data/cn_calendar is not on this machine"
)
def test_china_agrees_with_the_statutory_days_of_2019_to_2026() -> None:
    china = load_calendar("cn")
    with STATUTORY_DAYS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    different = [
        row["date"]
        for row in rows
        if china.is_working_day(date.fromisoformat(row["date"])) != (row["is_workday"] == "1")
    ]

    assert len(rows) == 2922
    assert different == []


def test_china_has_248_working_days_in_2026() -> None:
    china = load_calendar("cn")

    worked = [china.is_working_day(date(2026, 1, 1) + number * DAY) for number in range(365)]

    assert sum(worked) == 248


def test_every_calendar_says_how_far_it_is_published() -> None:
    calendars = [load_calendar(id) for id in calendar_ids()]

    assert {
        calendar.id: (calendar.published_from, calendar.published_through) for calendar in calendars
    } == HORIZON


@pytest.mark.parametrize(("id", "day", "worked"), WORKED.values(), ids=WORKED)
def test_a_day_is_worked(id: str, day: date, worked: bool) -> None:
    assert load_calendar(id).is_working_day(day) is worked


def test_the_names_of_days_stand_in_the_calendar() -> None:
    assert load_calendar("cn").names[date(2026, 10, 1)] == "National Day 国庆节"


def test_korean_offices_are_open_for_eight_hours() -> None:
    openings = load_calendar("kr").openings(date(2026, 9, 21))

    assert sum((closes - opens for opens, closes in openings), timedelta()) == timedelta(hours=8)


@pytest.mark.parametrize("id", calendar_ids())
def test_hours_without_an_official_source_say_demo(id: str) -> None:
    file = load_calendar_file(id)

    assert file.source
    assert file.hours_source
    assert (file.hours_basis == "law") == (id == "cn-24x7")


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_the_files_are_what_the_script_writes(edition: Edition) -> None:
    written = (FOLDER / f"{edition.id}.toml").read_text(encoding="utf-8")

    assert written == rendered(edition)


@pytest.mark.parametrize("id", ["mars", "", "../cn", "cn.toml", "CN"])
def test_an_unknown_calendar_is_refused(id: str) -> None:
    with pytest.raises(InvalidRule, match="calendar"):
        load_calendar(id)


SOUND = (FOLDER / "cn-24x7.toml").read_text(encoding="utf-8")
BROKEN = {
    "no TOML": ("id =", "cn-24x7.toml"),
    "no hours": (SOUND.replace("[hours]", "[ours]"), "hours"),
    "an unknown key": ('colour = "red"\n' + SOUND, "colour"),
    "another id": (SOUND.replace('id = "cn-24x7"', 'id = "cn"'), "id"),
    "an unknown zone": (SOUND.replace("Asia/Shanghai", "Asia/Peking"), "zone"),
    "an unknown basis": (SOUND.replace('basis = "law"', 'basis = "hearsay"'), "hours_basis"),
    "a holiday that is no date": (SOUND + '\n[holidays]\nsoon = "Soon"\n', "holidays"),
    "a holiday outside the published span": (
        SOUND + '\n[holidays]\n2018-12-31 = "Early"\n',
        "holidays",
    ),
}


@pytest.mark.parametrize(("text", "key"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_by_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "cn-24x7.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidRule) as refused:
        read_calendar_file(path)

    assert refused.value.field.startswith("cn-24x7.toml")
    assert key in refused.value.field

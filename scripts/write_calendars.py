"""Write `packs/calendars/*.toml` from `chinesecalendar` and `holidays`, both development libraries.

Run it when an authority has published another year: raise the calendar's `through` and `version`
below, run `python scripts/write_calendars.py`, read the diff, commit it. The clock reads only the
files, so a library's guess about an unpublished year never reaches a deadline.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version as installed
from itertools import groupby
from pathlib import Path

import chinese_calendar
import holidays
from chinese_calendar import constants as cn_published

FOLDER = Path(__file__).parent.parent / "packs" / "calendars"
DAY = timedelta(days=1)

Days = Mapping[date, str]
OFFICE_DAY = (("09:00", "12:00"), ("13:00", "18:00"))


@dataclass(frozen=True)
class Hours:
    """Opening intervals and what they rest on; `demo` is no authority's word."""

    intervals: tuple[tuple[str, str], ...]
    basis: str
    source: str


@dataclass(frozen=True)
class Edition:
    """One calendar file: what it says about itself, and where its listed days come from."""

    id: str
    version: str
    title: str
    source: str
    zone: str
    first: date
    through: date | None
    hours: Hours
    days_off: Callable[[date, date], Days]
    make_up: Callable[[date, date], Days] = lambda _first, _last: {}
    weekend: tuple[int, ...] = (6, 7)


DEMO_HOURS = Hours(
    OFFICE_DAY, "demo", "eight office hours with a lunch break; not an official text"
)


def china_off(first: date, last: date) -> Days:
    """Statutory holidays with the weekends joined to them; both libraries must agree on them."""
    other = holidays.country_holidays("CN", years=range(first.year, last.year + 1))
    for number in range((last - first).days + 1):
        day = first + number * DAY
        if chinese_calendar.is_workday(day) != other.is_working_day(day):
            raise SystemExit(f"cn: the two sources disagree about {day}")
    return _china_named(cn_published.holidays, first, last)


def china_make_up(first: date, last: date) -> Days:
    """Saturdays and Sundays that are worked for a longer holiday (调休)."""
    return {
        day: f"make-up for {name}"
        for day, name in _china_named(cn_published.workdays, first, last).items()
    }


def _china_named(listed: Mapping[date, str], first: date, last: date) -> Days:
    chinese = {holiday.value: holiday.chinese for holiday in cn_published.Holiday}
    return {
        day: f"{name} {chinese[name]}"
        for day, name in sorted(listed.items())
        if first <= day <= last
    }


def nothing_off(_first: date, _last: date) -> Days:
    """No day off at all."""
    return {}


def listed_by_holidays(
    country: str, subdivision: str | None, language: str
) -> Callable[[date, date], Days]:
    """Days off as the `holidays` library lists them for a country or a part of it."""

    def days_off(first: date, last: date) -> Days:
        years = range(first.year, last.year + 1)
        listed = holidays.country_holidays(
            country, subdiv=subdivision, years=years, language=language
        )
        return {day: name for day, name in sorted(listed.items()) if first <= day <= last}

    return days_off


CHINA_SOURCE = (
    f"annual notices of the State Council (国务院办公厅) as collected by chinesecalendar "
    f"{installed('chinesecalendar')}; each day agrees with holidays {installed('holidays')}"
)
HOLIDAYS_SOURCE = f"holidays {installed('holidays')}"

EDITIONS = (
    Edition(
        id="cn",
        version="2026.1",
        title="China: office days with make-up working days (调休)",
        source=CHINA_SOURCE,
        zone="Asia/Shanghai",
        first=date(2019, 1, 1),
        through=date(2026, 12, 31),
        hours=DEMO_HOURS,
        days_off=china_off,
        make_up=china_make_up,
    ),
    Edition(
        id="cn-24x7",
        version="1",
        title="China, round the clock: water, power, gas and heat are served day and night",
        source="no day off and no closing hour, so there is nothing that a notice could change",
        zone="Asia/Shanghai",
        first=date(2019, 1, 1),
        through=None,
        hours=Hours(
            (("00:00", "24:00"),),
            "law",
            "Beijing's Regulations on Swift Response to Public Complaints, arts. 18-19",
        ),
        days_off=nothing_off,
        weekend=(),
    ),
    Edition(
        id="kr",
        version="2026.1",
        title="Korea: public holidays with substitute and election days",
        source=f"{HOLIDAYS_SOURCE}, KR; it lists later years by computation only",
        zone="Asia/Seoul",
        first=date(2019, 1, 1),
        through=date(2026, 12, 31),
        hours=DEMO_HOURS,
        days_off=listed_by_holidays("KR", None, "en_US"),
    ),
    Edition(
        id="gb-eng",
        version="2027.1",
        title="England: bank holidays",
        source=f"{HOLIDAYS_SOURCE}, GB-ENG: standing bank holidays, and those proclaimed once",
        zone="Europe/London",
        first=date(2019, 1, 1),
        through=date(2027, 12, 31),
        hours=Hours((("09:00", "17:00"),), "demo", "usual office hours; not an official text"),
        days_off=listed_by_holidays("GB", "ENG", "en_GB"),
    ),
    Edition(
        id="us-ma",
        version="2027.1",
        title="Massachusetts: legal holidays, with the business hours of the City of Boston",
        source=f"{HOLIDAYS_SOURCE}, US-MA: legal holidays fixed by statute",
        zone="America/New_York",
        first=date(2014, 1, 1),
        through=date(2027, 12, 31),
        hours=Hours(
            (("08:30", "17:00"),),
            "demo",
            "derived from the due times of Boston's 311 requests of 2015; no official text seen",
        ),
        days_off=listed_by_holidays("US", "MA", "en_US"),
    ),
    Edition(
        id="in",
        version="2026.1",
        title="India: holidays of the central government's offices",
        source=f"{HOLIDAYS_SOURCE}, IN; it estimates the moon-dependent days of later years",
        zone="Asia/Kolkata",
        first=date(2019, 1, 1),
        through=date(2026, 12, 31),
        hours=Hours(
            (("09:00", "13:00"), ("13:30", "17:30")),
            "demo",
            "eight office hours with a lunch break; not an official text",
        ),
        days_off=listed_by_holidays("IN", None, "en_IN"),
    ),
)


def rendered(edition: Edition) -> str:
    """The whole text of one calendar file."""
    last = edition.through or edition.first
    lines = [
        f"# {edition.title}.",
        "# Written by scripts/write_calendars.py; change that script, not this file.",
        "",
        f"id = {_quoted(edition.id)}",
        f"version = {_quoted(edition.version)}",
        f"title = {_quoted(edition.title)}",
        f"source = {_quoted(edition.source)}",
        f"zone = {_quoted(edition.zone)}",
        f"weekend = {list(edition.weekend)}",
        f"published_from = {edition.first}",
    ]
    if edition.through is not None:
        lines.append(f"published_through = {edition.through}")
    lines += [
        "",
        "[hours]",
        f"basis = {_quoted(edition.hours.basis)}",
        f"source = {_quoted(edition.hours.source)}",
        f"intervals = [{', '.join(_pair(pair) for pair in edition.hours.intervals)}]",
    ]
    lines += _table("holidays", edition.days_off(edition.first, last))
    lines += _table("working_days", edition.make_up(edition.first, last))
    return "\n".join(lines) + "\n"


def _table(name: str, days: Days) -> list[str]:
    if not days:
        return []
    lines = ["", f"[{name}]"]
    for year, listed in groupby(sorted(days), key=lambda day: day.year):
        lines.append(f"# {year}")
        lines += [f"{day} = {_quoted(days[day])}" for day in listed]
    return lines


def _pair(pair: tuple[str, str]) -> str:
    return f"[{_quoted(pair[0])}, {_quoted(pair[1])}]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for edition in EDITIONS:
        path = FOLDER / f"{edition.id}.toml"
        path.write_text(rendered(edition), encoding="utf-8")
        print(f"{path.name}: {edition.version}, through {edition.through or 'always'}")

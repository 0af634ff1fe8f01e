"""Reads the versioned calendar files of `packs/calendars/` into `domain.calendar.Calendar`."""

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from domain.calendar import Calendar
from domain.errors import InvalidRule
from domain.value import LegalValue
from domain.vocabulary import Basis

FOLDER = Path(__file__).parent / "calendars"

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REQUIRED = {"id", "version", "title", "source", "zone", "weekend", "published_from", "hours"}
_OPTIONAL = {"published_through", "holidays", "working_days"}
_HOURS = {"basis", "source", "intervals"}


class CalendarFile(LegalValue):
    """A calendar with what its file says about it: where its days and its hours come from."""

    calendar: Calendar
    title: str
    source: str
    hours_basis: Basis
    hours_source: str


def calendar_ids() -> tuple[str, ...]:
    """The ids of all calendars on file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load_calendar(id: str) -> Calendar:
    """The calendar on file under `id`; an unknown id or a faulty file raises `InvalidRule`."""
    return load_calendar_file(id).calendar


@cache
def load_calendar_file(id: str) -> CalendarFile:
    """The calendar on file under `id`, with its sources."""
    path = FOLDER / f"{id}.toml"
    if not _ID.fullmatch(id) or not path.is_file():
        raise InvalidRule("calendar", f"no calendar is on file under the id {id!r}")
    return read_calendar_file(path)


def read_calendar_file(path: Path) -> CalendarFile:
    """Read one calendar file; what breaks it is named by file, key and rule in `InvalidRule`."""
    try:
        return _calendar_file(path, tomllib.loads(path.read_text(encoding="utf-8")))
    except InvalidRule as refused:
        raise InvalidRule(f"{path.name}: {refused.field}", refused.rule) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as faulty:
        raise InvalidRule(path.name, f"is not TOML: {faulty}") from None


def _calendar_file(path: Path, given: dict[str, Any]) -> CalendarFile:
    _refuse_other_keys("", given, _REQUIRED, _OPTIONAL)
    hours = given["hours"]
    _refuse_other_keys("hours.", hours, _HOURS, {"weekdays"})
    if given["id"] != path.stem:
        raise InvalidRule("id", "must be the file's name")
    holidays = _listed(given, "holidays")
    working_days = _listed(given, "working_days")
    calendar = Calendar(
        id=given["id"],
        version=given["version"],
        zone=given["zone"],
        weekend=given["weekend"],
        holidays=frozenset(holidays),
        working_days=frozenset(working_days),
        intervals=hours["intervals"],
        weekday_intervals=hours.get("weekdays", {}),
        published_from=given["published_from"],
        published_through=given.get("published_through"),
        names=holidays | working_days,
    )
    return CalendarFile(
        calendar=calendar,
        title=given["title"],
        source=given["source"],
        hours_basis=hours["basis"],
        hours_source=hours["source"],
    )


def _refuse_other_keys(
    prefix: str, given: dict[str, Any], required: set[str], optional: set[str]
) -> None:
    for key in sorted(required - given.keys()):
        raise InvalidRule(f"{prefix}{key}", "is required")
    for key in sorted(given.keys() - required - optional):
        raise InvalidRule(f"{prefix}{key}", "is not a key of a calendar file")


def _listed(given: dict[str, Any], field: str) -> dict[date, str]:
    try:
        return {date.fromisoformat(day): name for day, name in given.get(field, {}).items()}
    except ValueError:
        raise InvalidRule(field, "must have dates as keys") from None

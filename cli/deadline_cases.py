"""Deadlines without a pack: a list of cases in, a list of answers out, one refusal per bad case."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from domain.calendar import Calendar
from domain.clock import Clock, Explained, Hold, measure
from domain.errors import InvalidRule
from domain.explanation import explain
from domain.window import Amount, TimeUnit, Window

_Value = TypeVar("_Value")
_LAWFUL_UNITS = [unit.value for unit in TimeUnit if unit is not TimeUnit.SECONDS]
_WINDOW = ("amount", "unit", "first_day", "ends", "snap", "roll")
_CALENDAR = ("zone", "weekend", "intervals", "weekday_intervals")


def answer(case: Any) -> dict[str, Any]:
    """The answer to one case: `{id, due_at, provisional, explanation}` or `{id, error}`.

    `due_at` is in UTC, or null while a suspension is open. Null or absent values take their
    default, unknown keys are ignored.
    """
    identity = case.get("id") if isinstance(case, dict) else None
    if isinstance(identity, dict | list):
        return {"id": None, "error": {"field": "id", "rule": "must be a text or a number"}}
    try:
        given = _table(case, "case")
        clock = _clock(given)
        calendar = _calendar(given, clock.window)
        deadline = measure(clock, calendar)
        lines = explain(clock, calendar)
    except InvalidRule as refused:
        return {"id": identity, "error": {"field": refused.field, "rule": refused.rule}}
    return {
        "id": identity,
        "due_at": None if deadline.due_at is None else in_utc(deadline.due_at),
        "provisional": deadline.provisional,
        "explanation": [line_of(line) for line in lines],
    }


def in_utc(instant: datetime) -> str:
    """`instant` in UTC with a trailing Z, to the second unless it is finer."""
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def line_of(line: Explained) -> dict[str, Any]:
    """One line of the account as JSON."""
    return line.model_dump(mode="json")


def _calendar(case: dict[str, Any], window: Window) -> Calendar:
    if case.get("calendar") is None:
        if window.asks_a_calendar:
            raise InvalidRule("calendar", f"is required to count {window.unit}")
        return Calendar(zone="UTC")
    given = _table(case["calendar"], "calendar")
    values = {"id": "as given", **_present(given, _CALENDAR)}
    for field in ("holidays", "working_days"):
        if given.get(field) is not None:
            days = _list(given[field], f"calendar.{field}")
            values[field] = frozenset(_date(day, f"calendar.{field}") for day in days)
    for field in ("published_from", "published_through"):
        if given.get(field) is not None:
            values[field] = _date(given[field], f"calendar.{field}")
    return _within("calendar", lambda: Calendar(**values))


def _clock(case: dict[str, Any]) -> Clock:
    if case.get("window") is None:
        raise InvalidRule("window", "is required")
    window = _table(case["window"], "window")
    if window.get("unit") not in _LAWFUL_UNITS:
        raise InvalidRule("window.unit", f"must be one of {', '.join(_LAWFUL_UNITS)}")
    legal_window = _within("window", lambda: Window(**_present(window, _WINDOW)))
    if case.get("start") is None:
        raise InvalidRule("start", "is required")
    return Clock(
        window=legal_window,
        start=_instant(case["start"], "start"),
        holds=tuple(_hold(pair) for pair in _list(case.get("suspensions"), "suspensions")),
        extensions=tuple(_extension(e) for e in _list(case.get("extensions"), "extensions")),
    )


def _hold(pair: Any) -> Hold:
    if not isinstance(pair, list) or len(pair) != 2:
        raise InvalidRule("suspensions", "must be pairs of instants, [from, to]")
    ends = None if pair[1] is None else _instant(pair[1], "suspensions")
    return Hold(starts_at=_instant(pair[0], "suspensions"), ends_at=ends)


def _extension(given: Any) -> Amount:
    values = _present(_table(given, "extensions"), ("amount", "unit"))
    return _within("extensions", lambda: Amount(**values))


def _present(given: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: given[field] for field in fields if given.get(field) is not None}


def _table(given: Any, field: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise InvalidRule(field, "must be an object")
    return given


def _list(given: Any, field: str) -> list[Any]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise InvalidRule(field, "must be a list")
    return given


def _date(given: Any, field: str) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise InvalidRule(field, "must be a date like 2026-09-24") from None


def _instant(given: Any, field: str) -> datetime:
    try:
        instant = datetime.fromisoformat(given)
        if instant.utcoffset() is not None:
            return instant.astimezone(UTC)
    except OverflowError:
        raise InvalidRule(field, "leads outside the years 1 to 9999") from None
    except (TypeError, ValueError):
        pass
    raise InvalidRule(field, "must be an instant with its offset, like 2026-09-24T16:30+08:00")


def _within(owner: str, build: Callable[[], _Value]) -> _Value:
    """Build a value of the case's `owner` part, naming refused fields from the case's root."""
    try:
        return build()
    except InvalidRule as refused:
        raise InvalidRule(f"{owner}.{refused.field}", refused.rule) from None

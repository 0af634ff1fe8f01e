"""Periods of statistics: half-open, by instant or by day of the default rule pack's zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from api.problems import Invalid
from api.resources import Resources
from domain.model import Instant
from domain.rates import Period

InstantOrDay = Instant | date


def period(
    shared: Resources, since: InstantOrDay, until: InstantOrDay, *, names: tuple[str, str]
) -> Period:
    """`names` are what the query calls the two. Raises `Invalid`."""
    pack = shared.catalogue.pack(shared.settings.pack)
    zone = ZoneInfo(pack.zone if pack else "UTC")
    first, last = _instant(since, zone, names[0]), _instant(until, zone, names[1])
    if last <= first:
        raise Invalid(names[1], f"must lie after {names[0]}")
    return Period(since=first, until=last)


def _instant(given: datetime | date, zone: ZoneInfo, name: str) -> datetime:
    if isinstance(given, datetime):
        return given
    try:
        return datetime.combine(given, time(), zone).astimezone(UTC)
    except OverflowError:
        raise Invalid(name, "leaves the years 1 to 9999 in UTC") from None

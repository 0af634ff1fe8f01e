"""Deadlines by a rule pack: one window of one pack, at work from a given start."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cli.deadline_cases import in_utc, line_of
from domain.calendar import Calendar
from domain.clock import Clock, Hold, measure
from domain.errors import InvalidRule
from domain.explanation import explain
from domain.vocabulary import Demand, Tier, WindowName
from domain.window import Amount
from packs.calendar_files import load_calendar
from packs.loader import load_pack
from packs.wording import in_words


def deadline_from_pack(
    pack_id: str,
    start: str,
    *,
    window: str = "handling",
    tier: str | None = None,
    demand: str = "complaint",
    category: str | None = None,
    suspensions: tuple[str, ...] = (),
    extensions: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The due instant with its window, sources and account; what cannot be is an `InvalidRule`.

    Instants are ISO 8601; one without an offset is wall time in the calendar's zone. A suspension
    is written `FROM..TO`, or `FROM..` while it is open.
    """
    pack = load_pack(pack_id)
    name, asked = _word("window", WindowName, window), _word("demand", Demand, demand)
    if category is not None and pack.catalogue.entry(category) is None:
        raise InvalidRule("category", f"{category!r} is not in the catalogue of {pack_id}")
    urgency = _word("tier", Tier, tier) if tier else pack.tier_of(category)
    entry = pack.window(name, asked, urgency, category)
    legal = entry.legal(pack.file.calendar or "")
    calendar = load_calendar(legal.calendar)
    clock = Clock(
        window=legal.window,
        start=_instant("start", start, calendar),
        holds=tuple(_hold(written, calendar) for written in suspensions),
        extensions=tuple(Amount.parse(written) for written in extensions),
    )
    deadline = measure(clock, calendar)
    due_at = deadline.due_at
    return {
        "pack": pack.id,
        "version": pack.version,
        "window": name.value,
        "tier": urgency.value,
        "demand": asked.value,
        "category": category,
        "rule": in_words(legal.window),
        "starts_at": legal.starts_at.value,
        "basis": legal.basis.value,
        "source": legal.source,
        "source_title": pack.file.sources[legal.source].title,
        "note": entry.note,
        "calendar": calendar.id,
        "calendar_version": calendar.version,
        "start": in_utc(clock.start),
        "due_at": in_utc(due_at) if due_at else None,
        "due_local": due_at.astimezone(calendar.timezone).isoformat() if due_at else None,
        "zone": calendar.zone,
        "provisional": deadline.provisional,
        "explanation": [line_of(line) for line in explain(clock, calendar)],
    }


def _word(field: str, kind: Any, given: str) -> Any:
    try:
        return kind(given)
    except ValueError:
        raise InvalidRule(field, f"must be one of {', '.join(kind)}") from None


def _instant(field: str, given: str, calendar: Calendar) -> datetime:
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        raise InvalidRule(field, "must be an instant like 2026-09-24T16:30+08:00") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(calendar.zone))


def _hold(written: str, calendar: Calendar) -> Hold:
    begins, dots, ends = written.partition("..")
    if not dots or not begins:
        raise InvalidRule("suspend", "must be written FROM..TO, or FROM.. while it is open")
    return Hold(
        starts_at=_instant("suspend", begins, calendar),
        ends_at=_instant("suspend", ends, calendar) if ends else None,
    )

"""What an amendment would move: every running deadline measured again, and compared.

Read from the ledger and the rule packs; nothing is changed here. A clock that is bounded by another
one (an order's by the citizen's, a co-handler's by the lead's) is bounded here as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pydantic import model_validator

from domain.acts import Amend, Code
from domain.calendar import Calendar
from domain.clock import Clock, Hold, measure
from domain.errors import InvalidRule
from domain.model import Instant, Strict
from domain.state import ClockView, ComplaintState
from domain.vocabulary import ClockKind, OrderState
from packs.calendar_versions import calendar_of
from packs.loader import load_pack

FIXED = frozenset({ClockKind.HOLD, ClockKind.DEFERRAL})
"""Clocks that end on a date which somebody named; lost time does not move them."""
LIVE = frozenset({OrderState.OPEN, OrderState.ACCEPTED, OrderState.OBJECTED})


class Amendment(Strict):
    """The file: a calendar's new version, time lost by an outage, or a unit that ended."""

    kind: str
    reason: str
    calendar: Code | None = None
    unit: Code | None = None
    since: Instant | None = None
    until: Instant | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        needed = {"calendar": ("calendar",), "outage": ("since", "until"), "unit": ("unit",)}
        if self.kind not in needed:
            raise ValueError(f"kind must be one of {', '.join(needed)}")
        missing = [name for name in needed[self.kind] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{self.kind} needs {', '.join(missing)}")
        if self.since and self.until and self.until <= self.since:
            raise ValueError("until must lie after since")
        return self

    def fields(self) -> dict[str, object]:
        """The act's own fields."""
        return {name: value for name, value in self if name in Amend.model_fields}


@dataclass(frozen=True)
class Move:
    """One deadline, or one order, that would move, and why."""

    number: str
    subject: str
    was: str
    becomes: str
    why: str


def moves(state: ComplaintState, amendment: Amendment) -> list[Move]:
    """What would move in one complaint; nothing for one that the amendment does not touch."""
    if amendment.kind == "unit":
        return list(_moved_orders(state, amendment))
    return list(_moved_clocks(state, amendment))


def _moved_clocks(state: ComplaintState, amendment: Amendment) -> Iterator[Move]:
    becomes = {clock.id: _becomes(clock, amendment) for clock in _running(state)}
    for clock in _running(state):
        due = _bounded(clock, becomes, state)
        if due is not None and clock.due_at is not None and due != clock.due_at:
            yield Move(
                number=state.number,
                subject=clock.id,
                was=clock.due_at.isoformat(),
                becomes=due.isoformat(),
                why=_why(clock, amendment),
            )


def _running(state: ComplaintState) -> Iterator[ClockView]:
    return (clock for clock in state.clocks if not clock.ended and clock.due_at is not None)


def _becomes(clock: ClockView, amendment: Amendment) -> datetime | None:
    """The clock by itself after the amendment; None where it is not touched."""
    assert clock.due_at is not None, "only running clocks are asked about"
    if amendment.kind == "calendar":
        if clock.calendar != amendment.calendar:
            return None
        return _due(clock, calendar_of(clock.calendar), clock.holds)
    assert amendment.since is not None
    assert amendment.until is not None
    if clock.kind in FIXED or clock.due_at <= amendment.since:
        return None
    lost = Hold(starts_at=amendment.since, ends_at=amendment.until)
    return _due(clock, calendar_of(clock.calendar, clock.calendar_version), (lost, *clock.holds))


def _due(clock: ClockView, calendar: Calendar, holds: tuple[Hold, ...]) -> datetime | None:
    """Measured as the complaint measures it; a start that is itself an expiry shows in its due."""
    try:
        for expiry in (False, True):
            before = _measured(clock, _present(clock), clock.holds, expiry)
            if before == clock.due_at:
                return _measured(clock, calendar, holds, expiry)
        return _measured(clock, calendar, holds, False)
    except InvalidRule:
        return None


def _present(clock: ClockView) -> Calendar:
    return calendar_of(clock.calendar, clock.calendar_version)


def _measured(
    clock: ClockView, calendar: Calendar, holds: tuple[Hold, ...], expiry: bool
) -> datetime | None:
    measured = Clock(
        window=clock.window,
        start=clock.start,
        holds=holds,
        extensions=clock.extensions,
        start_is_expiry=expiry,
    )
    return measure(measured, calendar).due_at


def _bounded(
    clock: ClockView, becomes: dict[str, datetime | None], state: ComplaintState
) -> datetime | None:
    """Within what binds the clock today, moved as that moves."""
    due = becomes[clock.id]
    leader = becomes.get(f"citizen.{state.round}")
    if due is None or leader is None:
        return due
    if clock.kind is ClockKind.ORDER:
        return max(due, leader)
    return min(due, leader) if clock.kind is ClockKind.CO_HANDLING else due


def _why(clock: ClockView, amendment: Amendment) -> str:
    if amendment.kind == "calendar":
        newest = calendar_of(clock.calendar)
        return f"{clock.calendar} {clock.calendar_version} -> {newest.version}"
    return f"lost {amendment.since} to {amendment.until}"


def _moved_orders(state: ComplaintState, amendment: Amendment) -> Iterator[Move]:
    units = load_pack(state.pack).units
    assert amendment.unit is not None
    closed = units.entries.get(amendment.unit)
    for order in state.orders:
        if order.unit != amendment.unit or order.state not in LIVE:
            continue
        heir = (closed.successor or closed.parent) if closed else None
        yield Move(
            number=state.number,
            subject=order.id,
            was=order.unit,
            becomes=heir or units.desks.hotline,
            why="the unit has ended; the clocks stay",
        )

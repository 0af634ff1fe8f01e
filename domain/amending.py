"""An operator's amendment: a calendar's new version, time lost by an outage, a unit's end."""

from datetime import datetime

from domain.acts import Amend
from domain.clock import Hold
from domain.complaint import Complaint
from domain.errors import Refused
from domain.event import EventKind
from domain.running import Order
from domain.unit import Unit
from domain.vocabulary import ClockKind, OrderKind, UnitKind

_BUDGETS = frozenset({ClockKind.CITIZEN, ClockKind.ORDER, ClockKind.CO_HANDLING})
_FIXED = frozenset({ClockKind.HOLD, ClockKind.DEFERRAL})
"""Clocks that end on a date somebody named: lost time does not move it."""


def amend(case: Complaint, act: Amend, now: datetime) -> None:
    """Move deadlines, or orders to a unit's successor; old and new are kept."""
    heir = _heir(case, act) if act.kind == "unit" else None
    lost = _lost(act) if act.kind == "outage" else None
    before = {
        clock.id: clock.due_at.isoformat() if clock.due_at else None
        for clock in case.running_clocks()
    }
    case.record(
        EventKind.AMENDED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        amendment=act.kind,
        reason=act.reason,
        before=before,
        calendar=act.calendar,
        unit=act.unit,
        since=act.since.isoformat() if act.since else None,
        until=act.until.isoformat() if act.until else None,
    )
    match act.kind:
        case "calendar":
            _adopt_calendar(case, act)
        case "outage":
            assert lost is not None, "checked before anything changed"
            _give_back(case, lost)
        case "unit":
            assert heir is not None, "looked up before anything changed"
            _move_orders(case, act.unit or "", heir, now)


def _adopt_calendar(case: Complaint, act: Amend) -> None:
    for clock in case.running_clocks():
        if act.calendar in (None, clock.window.calendar):
            clock.calendar_version, clock.stale = None, True


def _lost(act: Amend) -> tuple[datetime, datetime]:
    if act.since is None or act.until is None or act.until <= act.since:
        raise Refused("unlawful", "until", "an outage has a beginning and a later end")
    if act.until > act.received_at:
        raise Refused("unlawful", "until", "time is given back once it has been lost")
    return act.since, act.until


def _give_back(case: Complaint, lost: tuple[datetime, datetime]) -> None:
    """Time lost by an outage is a hold of every clock that ran through it."""
    since, until = lost
    for clock in case.running_clocks():
        expired = clock.due_at is not None and clock.due_at <= since
        if clock.kind in _FIXED or expired:
            continue
        # An open hold stays the last one.
        clock.holds.insert(0, Hold(starts_at=since, ends_at=until))
        if clock.at_most is not None and clock.kind in _BUDGETS and until > clock.start:
            clock.at_most += until - max(since, clock.start)
        clock.stale = True


def _heir(case: Complaint, act: Amend) -> Unit:
    """The closed unit's successor, else its parent; who is to lead must be able to."""
    closed = case.unit(act.unit or "")
    heir = case.unit(closed.successor or closed.parent or case.rules.desks.hotline)
    leads = any(o.kind is OrderKind.LEAD and o.unit == closed.code for o in case.live_orders())
    while heir.kind is UnitKind.COMMUNITY and leads:
        heir = case.unit(heir.parent or case.rules.desks.hotline)
    return heir


def _move_orders(case: Complaint, closed: str, heir: Unit, now: datetime) -> None:
    """A closed unit's open orders go to its heir; no clock changes."""
    case.units[closed] = case.units[closed].model_copy(update={"valid": False})
    for order in case.live_orders():
        if order.unit == closed:
            _move(case, order, closed, heir)
            case.tell(heir.code, "order_moved", now, order=order.id)


def _move(case: Complaint, order: Order, closed: str, heir: Unit) -> None:
    order.unit, order.cc = heir.code, heir.cc
    for clock in case.running_clocks():
        leads = clock.kind is ClockKind.CITIZEN and order.kind is OrderKind.LEAD
        if clock.party == closed and (leads or clock.order == order.id):
            clock.party = heir.code

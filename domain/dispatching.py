"""Orders to units: the lead of a round, its co-handlers, and the clocks they start (Arts. 12-14)."""

from datetime import datetime

from domain.acts import Dispatch
from domain.complaint import Complaint
from domain.errors import Refused
from domain.event import EventKind
from domain.rulings import DispatchRuling
from domain.running import Order, RunningClock
from domain.unit import Unit
from domain.vocabulary import (
    ClockKind,
    EndCause,
    OrderKind,
    OrderState,
    Stage,
    StartFact,
    UnitKind,
    WindowName,
)


def dispatch_by_machine(case: Complaint, ruling: DispatchRuling, now: datetime) -> None:
    case.units |= {unit.code: unit for unit in ruling.units}
    case.record(EventKind.DISPATCHED, now, unit=ruling.lead.code, reasons=list(ruling.reasons))
    lead_order(case, ruling.lead, ruling.co_handlers, now, now)


def dispatch_by_person(case: Complaint, act: Dispatch, now: datetime) -> None:
    """A person names the unit; a lead order that stands is returned, the citizen's clock runs on."""
    unit = able_to_lead(case, act.lead)
    at = act.received_at
    former = case.lead()
    case.record(EventKind.DISPATCHED, now, actor=act.actor, received_at=at, unit=unit.code)
    if former is not None and former.live:
        case.redispatches += 1
        case.end_order(former, EndCause.RETURNED, at, now)
    assistants = tuple(case.unit(code) for code in act.co_handlers)
    lead_order(case, unit, assistants, at, now)


def lead_order(
    case: Complaint, unit: Unit, assistants: tuple[Unit, ...], at: datetime, now: datetime
) -> Order:
    """Open this round's lead order and its clocks; the first one starts the citizen's clock."""
    order = case.open_order(OrderKind.LEAD, unit, at, now)
    case.stop_clocks(at, kind=ClockKind.DISPATCH)
    case.dispatched_at = case.dispatched_at or at
    case.stage = Stage.DISPATCHED
    citizen = case.citizen_clock()
    if citizen is None:
        citizen = _start_citizen_clock(case, unit, at)
        _start_order_clock(case, order, citizen)
    elif sum(1 for o in case.orders if o.round == case.round and o.kind is OrderKind.LEAD) == 1:
        _start_order_clock(case, order, citizen)
    else:
        citizen.party = unit.code
        case.start_clock(
            ClockKind.ORDER,
            WindowName.FLOOR,
            unit.code,
            at,
            clock_id=f"order.{order.id}",
            order=order.id,
            follows=citizen.id,
        )
    _start_sign_off(case, order, at)
    case.tell(unit.code, "order_opened", now, order=order.id)
    for observer in unit.cc:
        case.tell(observer, "order_copied", now, order=order.id)
    case.tell_citizen("dispatched", now, order=order.id)
    for assistant in assistants:
        open_co_handling(case, assistant, order, at, now)
    return order


def open_co_handling(
    case: Complaint,
    unit: Unit,
    lead: Order,
    at: datetime,
    now: datetime,
    due: datetime | None = None,
) -> Order:
    """A co-handler's order, due never later than the lead's."""
    order = case.open_order(OrderKind.CO_HANDLING, unit, at, now, serves=lead.id)
    lead_clock = case.order_clock(lead)
    case.start_clock(
        ClockKind.CO_HANDLING,
        WindowName.CO_HANDLING,
        unit.code,
        at,
        clock_id=f"order.{order.id}",
        order=order.id,
        at_most=due,
        follows=lead_clock.id if lead_clock else None,
    )
    _start_sign_off(case, order, at)
    case.tell(unit.code, "order_opened", now, order=order.id)
    return order


def accept_order(case: Complaint, order: Order, at: datetime) -> None:
    """The unit has the order, by its own word or by silence past the sign-off window."""
    order.state = OrderState.ACCEPTED
    case.stop_clocks(at, kind=ClockKind.SIGN_OFF, order=order.id)
    objection = case.clock_of(ClockKind.OBJECTION, order.id)
    if objection and objection.window.starts_at is StartFact.SIGNED_OFF:
        objection.start, objection.stale = at, True
    citizen = case.citizen_clock()
    started_by = (StartFact.SIGNED_OFF, StartFact.ACKNOWLEDGED)
    if order.kind is OrderKind.LEAD:
        if citizen and citizen.window.starts_at in started_by and case.redispatches == 0:
            for clock in (citizen, case.order_clock(order)):
                if clock is not None:
                    clock.start, clock.stale = at, True
        if case.stage is Stage.DISPATCHED:
            case.stage = Stage.HANDLING


def able_to_lead(case: Complaint, code: str) -> Unit:
    """Art. 17: a community assists and never leads."""
    unit = case.unit(code)
    if unit.kind is UnitKind.COMMUNITY:
        raise Refused("unlawful", "unit", "a community assists and never leads")
    return unit


def _start_citizen_clock(case: Complaint, unit: Unit, at: datetime) -> RunningClock:
    window = case.rules.windows[WindowName.HANDLING]
    start = case.submission.received_at if window.starts_at is StartFact.RECEIVED else at
    return case.start_clock(
        ClockKind.CITIZEN, window, unit.code, start, clock_id=f"citizen.{case.round}"
    )


def _start_order_clock(case: Complaint, order: Order, citizen: RunningClock) -> None:
    case.start_clock(
        ClockKind.ORDER,
        citizen.window,
        order.unit,
        citizen.start,
        clock_id=f"order.{order.id}",
        order=order.id,
    )


def _start_sign_off(case: Complaint, order: Order, at: datetime) -> None:
    case.start_clock(ClockKind.SIGN_OFF, WindowName.SIGN_OFF, order.unit, at, order=order.id)
    case.start_clock(ClockKind.CONTACT, WindowName.CONTACT, order.unit, at, order=order.id)
    case.start_clock(
        ClockKind.OBJECTION, WindowName.OBJECTION, order.unit, at, order=order.id, passive=True
    )

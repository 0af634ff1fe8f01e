"""Orders to units: the lead of a round, its co-handlers, and their clocks (Arts. 12-14)."""

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
    """A person names the unit; a standing lead order is returned, the citizen's clock runs on."""
    unit = able_to_lead(case, act.lead)
    assistants = tuple(
        in_service(case, code) for code in dict.fromkeys(act.co_handlers) if code != unit.code
    )
    at = act.received_at
    former = case.lead()
    case.record(EventKind.DISPATCHED, now, actor=act.actor, received_at=at, unit=unit.code)
    if former is None or not former.live:
        lead_order(case, unit, assistants, at, now)
        return
    if former.state is OrderState.OBJECTED:
        case.redispatches += 1
    case.end_order(former, EndCause.RETURNED, at, now)
    order = lead_order(case, unit, (), at, now)
    hand_over(case, former, order, at, now)
    helping = {o.unit for o in case.live_orders() if o.serves == order.id}
    for assistant in assistants:
        if assistant.code not in helping:
            open_co_handling(case, assistant, order, at, now)


def hand_over(case: Complaint, former: Order, order: Order, at: datetime, now: datetime) -> None:
    """Co-handlers go on under the new lead; help that the former lead asked for has no use now."""
    for other in case.live_orders():
        if other.serves != former.id:
            continue
        if other.kind is OrderKind.HELP or other.unit == order.unit:
            case.end_order(other, EndCause.SUPERSEDED, at, now)
        else:
            other.serves = order.id
            clock, lead_clock = case.order_clock(other), case.order_clock(order)
            if clock is not None and lead_clock is not None:
                clock.follows, clock.stale = lead_clock.id, True


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
    elif _is_first_lead(case):
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


def accept_order(case: Complaint, order: Order, at: datetime, *, by_silence: bool = False) -> None:
    """The unit has the order, by its own word or by silence past the sign-off window."""
    order.state = OrderState.ACCEPTED
    case.stop_clocks(at, kind=ClockKind.SIGN_OFF, order=order.id)
    objection = case.clock_of(ClockKind.OBJECTION, order.id)
    if objection and objection.window.starts_at is StartFact.SIGNED_OFF:
        objection.restart(at, at_expiry=by_silence)
    citizen = case.citizen_clock()
    started_by = (StartFact.SIGNED_OFF, StartFact.ACKNOWLEDGED)
    if order.kind is OrderKind.LEAD:
        if citizen and citizen.window.starts_at in started_by and _is_first_lead(case):
            for clock in (citizen, case.order_clock(order)):
                if clock is not None:
                    clock.restart(at, at_expiry=by_silence)
        if case.stage is Stage.DISPATCHED:
            case.stage = Stage.HANDLING


def awaits_arbitration(case: Complaint, order: Order) -> bool:
    """After so many returns it is the supervisor who names the unit."""
    ruling = case.clock_of(ClockKind.RULING, order.id)
    return ruling is not None and ruling.party == case.rules.desks.supervision


def able_to_lead(case: Complaint, code: str) -> Unit:
    """Art. 17: a community assists and never leads."""
    unit = in_service(case, code)
    if unit.kind is UnitKind.COMMUNITY:
        raise Refused("unlawful", "unit", "a community assists and never leads")
    return unit


def in_service(case: Complaint, code: str) -> Unit:
    """A unit that has not ended: a new order to one that has would reach nobody."""
    unit = case.unit(code)
    if not unit.valid:
        heir = unit.successor or unit.parent
        raise Refused("unlawful", "unit", f"{code} has ended" + (f": see {heir}" if heir else ""))
    return unit


def _is_first_lead(case: Complaint) -> bool:
    leads = [o for o in case.orders if o.round == case.round and o.kind is OrderKind.LEAD]
    return len(leads) == 1


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

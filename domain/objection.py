"""Objection and its ruling (Art. 12): a unit may say that an order is not its duty."""

from datetime import datetime

from domain.acts import Object, Rule
from domain.complaint import Complaint
from domain.dispatching import able_to_lead, accept_order, lead_order, open_co_handling
from domain.errors import Refused
from domain.event import EventKind
from domain.running import Order
from domain.vocabulary import (
    ClockKind,
    Decision,
    EndCause,
    OrderKind,
    OrderState,
    Role,
    Stage,
    WindowName,
)


def object_to_order(case: Complaint, act: Object, now: datetime) -> None:
    """Art. 12: a unit may say, once and inside its window, that the order is not its duty."""
    order = case.find_order(act.order)
    if act.reason not in case.rules.objection.reasons:
        raise Refused("unlawful", "reason", f"one of {', '.join(case.rules.objection.reasons)}")
    at = act.received_at
    order.state, order.objection, order.may_object = OrderState.OBJECTED, act, False
    case.stop_clocks(at, kind=ClockKind.SIGN_OFF, order=order.id)
    case.record(
        EventKind.OBJECTED,
        now,
        actor=act.actor,
        received_at=at,
        order=order.id,
        reason=act.reason,
        proposed_unit=act.proposed_unit,
        basis=act.basis,
        note=act.note,
    )
    desk = arbiter(case)
    case.start_clock(ClockKind.RULING, WindowName.RULING, desk, at, order=order.id)
    case.tell(desk, "objection", now, order=order.id)
    if order.kind is OrderKind.LEAD:
        case.stage = Stage.OBJECTED
        if case.rules.objection.pauses_clock:
            _hold_lead(case, order, at)


def arbiter(case: Complaint) -> str:
    """The desk that rules on the next objection: the hotline, then the supervisor's arbitration."""
    exhausted = case.redispatches >= case.rules.objection.max_redispatch
    return case.rules.desks.supervision if exhausted else case.rules.desks.hotline


def rule_on_objection(case: Complaint, act: Rule, now: datetime) -> None:
    order = _objected(case, act)
    arbitration = arbiter(case) == case.rules.desks.supervision
    if arbitration and act.actor.role is Role.HOTLINE:
        raise Refused("wrong-role", "subject", "a supervisor arbitrates after so many returns")
    objection = order.objection
    assert isinstance(objection, Object)
    at = act.received_at
    if case.rules.objection.pauses_clock:
        _release_lead(case, order, at)
    if act.decision is Decision.REJECTED:
        case.stop_clocks(at, kind=ClockKind.RULING, order=order.id)
        order.state = OrderState.OPEN
        accept_order(case, order, at)
        if order.kind is OrderKind.LEAD:
            case.stage = Stage.HANDLING
        _record_ruling(case, act, now, order.unit)
        case.tell(order.unit, "objection_rejected", now, order=order.id)
        return
    fallback = case.district if arbitration and case.district else objection.proposed_unit
    unit = able_to_lead(case, act.unit or fallback)
    _record_ruling(case, act, now, unit.code)
    case.stop_clocks(at, kind=ClockKind.RULING, order=order.id)
    case.end_order(order, EndCause.RETURNED, at, now)
    if order.kind is not OrderKind.LEAD:
        lead = case.lead()
        if lead is not None and lead.live:
            open_co_handling(case, unit, lead, at, now)
        return
    case.redispatches += 1
    successor = lead_order(case, unit, (), at, now)
    successor.may_object = not arbitration


def _objected(case: Complaint, act: Rule) -> Order:
    waiting = [o for o in case.live_orders() if o.state is OrderState.OBJECTED]
    named = [o for o in waiting if act.order in (None, o.id)]
    if not named:
        raise Refused("wrong-stage", "subject", "no objection awaits a ruling")
    return named[0]


def _record_ruling(case: Complaint, act: Rule, now: datetime, unit: str) -> None:
    case.record(
        EventKind.RULED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        subject=act.subject,
        decision=act.decision,
        order=act.order,
        unit=unit,
        reason=act.reason,
    )


def _hold_lead(case: Complaint, order: Order, at: datetime) -> None:
    for clock in (case.citizen_clock(), case.order_clock(order)):
        if clock is not None and clock.running and not clock.held:
            clock.hold(at)


def _release_lead(case: Complaint, order: Order, at: datetime) -> None:
    for clock in (case.citizen_clock(), case.order_clock(order)):
        if clock is not None and clock.running and clock.held:
            clock.release(at)

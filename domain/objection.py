"""Objection and its ruling (Art. 12): a unit may say that an order is not its duty."""

from datetime import datetime

from domain.acts import Object, Rule
from domain.complaint import Complaint
from domain.dispatching import (
    able_to_lead,
    accept_order,
    awaits_arbitration,
    hand_over,
    in_service,
    lead_order,
    open_co_handling,
)
from domain.errors import Refused
from domain.event import EventKind
from domain.running import Order
from domain.timing import budget_clocks
from domain.unit import Unit
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
    """Once and inside its window; who objects has received the order."""
    order = case.find_order(act.order)
    if act.reason not in case.rules.objection.reasons:
        raise Refused("unlawful", "reason", f"one of {', '.join(case.rules.objection.reasons)}")
    if case.unit(act.proposed_unit).code == order.unit:
        raise Refused("unlawful", "proposed_unit", "must be another unit")
    at = act.received_at
    if order.state is OrderState.OPEN:
        accept_order(case, order, at)
    order.state, order.objection, order.may_object = OrderState.OBJECTED, act, False
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
    desk = _arbiter(case)
    case.start_clock(ClockKind.RULING, WindowName.RULING, desk, at, order=order.id)
    case.tell(desk, "objection", now, order=order.id)
    if order.kind is OrderKind.LEAD:
        case.stage = Stage.OBJECTED
        if case.rules.objection.pauses_clock:
            _hold_lead(case, order, at)


def _arbiter(case: Complaint) -> str:
    """The desk that rules on the next objection: the hotline, then the supervisor's arbitration."""
    exhausted = case.redispatches >= case.rules.objection.max_redispatch
    return case.rules.desks.supervision if exhausted else case.rules.desks.hotline


def rule_on_objection(case: Complaint, act: Rule, now: datetime) -> None:
    order = _objected(case, act)
    arbitration = awaits_arbitration(case, order)
    if arbitration and act.actor.role is Role.HOTLINE:
        raise Refused("wrong-role", "subject", "a supervisor arbitrates after so many returns")
    if act.decision is Decision.REJECTED:
        _reject(case, order, act, now)
        return
    unit = _named(case, order, act, arbitration)
    at = act.received_at
    _record_ruling(case, act, now, order, unit.code)
    case.end_order(order, EndCause.RETURNED, at, now)
    case.redispatches += 1
    if order.kind is OrderKind.LEAD:
        successor = lead_order(case, unit, (), at, now)
        hand_over(case, order, successor, at, now)
        successor.may_object = not arbitration
        return
    lead = case.lead()
    if lead is not None and lead.live:
        assistant = open_co_handling(case, unit, lead, at, now)
        assistant.may_object = not arbitration


def _reject(case: Complaint, order: Order, act: Rule, now: datetime) -> None:
    at = act.received_at
    case.stop_clocks(at, kind=ClockKind.RULING, order=order.id)
    order.state = OrderState.ACCEPTED
    if order.kind is OrderKind.LEAD:
        case.stage = Stage.HANDLING
        _release_lead(case, order, at)
    _record_ruling(case, act, now, order, order.unit)
    case.tell(order.unit, "objection_rejected", now, order=order.id)


def _named(case: Complaint, order: Order, act: Rule, arbitration: bool) -> Unit:
    """The unit of the ruling; an arbitration falls to the district, else the proposal stands."""
    assert isinstance(order.objection, Object)
    proposed = order.objection.proposed_unit
    fallback = case.district if arbitration and case.district else proposed
    code = act.unit or fallback
    return able_to_lead(case, code) if order.kind is OrderKind.LEAD else in_service(case, code)


def _objected(case: Complaint, act: Rule) -> Order:
    waiting = [o for o in case.live_orders() if o.state is OrderState.OBJECTED]
    named = [o for o in waiting if act.order in (None, o.id)]
    if not named:
        raise Refused("wrong-stage", "subject", "no objection awaits a ruling")
    return named[0]


def _record_ruling(case: Complaint, act: Rule, now: datetime, order: Order, unit: str) -> None:
    case.record(
        EventKind.RULED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        subject=act.subject,
        decision=act.decision,
        order=order.id,
        unit=unit,
        reason=act.reason,
    )


def _hold_lead(case: Complaint, order: Order, at: datetime) -> None:
    for clock in budget_clocks(case, order):
        if clock.may_hold(at):
            clock.hold(at)


def _release_lead(case: Complaint, order: Order, at: datetime) -> None:
    """A suspension of the unit's own, begun before the objection, goes on."""
    if case.clock_of(ClockKind.HOLD, order.id) is not None:
        return
    for clock in budget_clocks(case, order):
        if clock.held:
            clock.release(at)

"""What units do with orders: sign off, contact, report, ask for help, complete (Arts. 14-20)."""

from datetime import datetime

from domain.acts import AddFacts, Attach, CoHandle, Complete, Contact, Help, Interim, SignOff
from domain.closing import close
from domain.complaint import Complaint
from domain.dispatching import accept_order, in_service, open_co_handling
from domain.errors import Refused
from domain.evaluation import open_evaluation
from domain.event import EventKind
from domain.overtaking import overtake, overtake_clock
from domain.running import Order, RunningClock
from domain.timing import budget_clocks
from domain.vocabulary import (
    ClockKind,
    EndCause,
    OrderKind,
    OrderState,
    Outcome,
    Result,
    Role,
    Stage,
    WindowName,
)

RESULTS = {
    OrderKind.SUPERVISION: frozenset({Result.REDONE, Result.CANNOT_BE_SOLVED, Result.NO_BASIS}),
}
UNIT_RESULTS = frozenset({Result.SOLVED, Result.PARTLY, Result.EXPLAINED, Result.UNABLE})


def sign_off(case: Complaint, act: SignOff, now: datetime) -> None:
    order = case.find_order(act.order)
    silence = case.accepted_by_silence(order)
    accept_order(case, order, act.received_at)
    order.signed_off = True
    if silence is not None:
        overtake_clock(case, silence, act.received_at, now)
    case.record(
        EventKind.SIGNED_OFF, now, actor=act.actor, received_at=act.received_at, order=order.id
    )


def contact(case: Complaint, act: Contact, now: datetime) -> None:
    order = case.find_order(act.order)
    if act.at > act.received_at:
        raise Refused("unlawful", "at", "a contact lies in the past")
    if act.at < order.opened_at:
        raise Refused("unlawful", "at", "a contact comes after the order")
    case.record(
        EventKind.CONTACTED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        order=order.id,
        at=act.at.isoformat(),
        means=act.means,
        reached=act.reached,
    )
    if act.reached:
        order.contacted_at = order.contacted_at or act.at
        case.stop_clocks(act.received_at, kind=ClockKind.CONTACT, order=order.id)


def interim(case: Complaint, act: Interim, now: datetime) -> None:
    order = case.find_order(act.order)
    case.record(
        EventKind.INTERIM_REPORTED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        order=order.id,
        text=act.text,
    )
    case.tell_citizen("interim", now, order=order.id)
    case.tell(case.rules.desks.hotline, "interim", now, order=order.id)


def ask_for_help(case: Complaint, act: Help, now: datetime) -> None:
    """Art. 20: what a unit cannot coordinate, it reports upwards."""
    order = case.find_order(act.order)
    superior = case.unit(case.superior(order.unit))
    at = act.received_at
    case.record(
        EventKind.HELP_REQUESTED,
        now,
        actor=act.actor,
        received_at=at,
        order=order.id,
        unit=superior.code,
        reason=act.reason,
    )
    helper = case.open_order(OrderKind.HELP, superior, at, now, serves=order.id)
    helper.state, helper.may_object = OrderState.ACCEPTED, False
    case.start_clock(
        ClockKind.HELP,
        WindowName.HELP,
        superior.code,
        at,
        clock_id=f"order.{helper.id}",
        order=helper.id,
    )
    case.tell(superior.code, "help_requested", now, order=helper.id)


def co_handle(case: Complaint, act: CoHandle, now: datetime) -> None:
    lead = case.find_order(act.order)
    unit = in_service(case, act.unit)
    if unit.code == lead.unit:
        raise Refused("unlawful", "unit", "the unit leads this order")
    at = act.received_at
    if act.due is not None and act.due <= at:
        raise Refused("unlawful", "due", "must lie in the future")
    open_co_handling(case, unit, lead, at, now, act.due)


def complete(case: Complaint, act: Complete, now: datetime) -> None:
    order = case.find_order(act.order)
    lawful = RESULTS.get(order.kind, UNIT_RESULTS)
    if act.result not in lawful:
        raise Refused("unlawful", "result", f"one of {', '.join(sorted(lawful))}")
    at = act.received_at
    outstanding = _outstanding(case, order, at) if order.kind is OrderKind.LEAD else []
    if order.cause is EndCause.SUPERSEDED:
        _restore(case, order, at, now)
    released = _release(case, order, at)
    order.state, order.result, order.answer = OrderState.COMPLETED, act.result, act.answer
    order.completed_at = order.ended_at = at
    overtake(case, order, at, now)
    case.stop_clocks(at, order=order.id)
    case.lapse_extension(order, now)
    case.record(
        EventKind.COMPLETED,
        now,
        actor=act.actor,
        received_at=at,
        order=order.id,
        result=act.result,
        answer=act.answer,
        evidence=act.evidence,
        outstanding=[o.id for o in outstanding] or None,
    )
    for missed in outstanding:
        case.end_order(missed, EndCause.MISSED, at, now)
    _answer(case, order, at, now)
    # What was held is measured once more: in time or not goes by its due instant.
    for clock in released:
        clock.stale = True


def add_facts(case: Complaint, act: AddFacts, now: datetime) -> None:
    case.record(
        EventKind.FACTS_ADDED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        text=act.text,
        media=act.media,
    )
    # What the hotline notes on an emergency transfer is the receiver's acknowledgement.
    if act.actor.role is Role.HOTLINE:
        case.stop_clocks(act.received_at, kind=ClockKind.ACKNOWLEDGEMENT)
    case.tell_orders("facts_added", now)


def attach(case: Complaint, act: Attach, now: datetime) -> None:
    case.attached += 1
    case.record(
        EventKind.ATTACHED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        reference=act.reference,
    )
    case.tell_orders("attached", now)


def _answer(case: Complaint, order: Order, at: datetime, now: datetime) -> None:
    """What a completion opens: the citizen's evaluation, or word to whom the order served."""
    if order.kind in (OrderKind.CO_HANDLING, OrderKind.HELP):
        served = next((o for o in case.live_orders() if o.id == order.serves), None)
        if served is not None:
            case.tell(served.unit, f"{order.kind}_completed", now, order=served.id)
        return
    case.last_asking = order.kind is OrderKind.SUPERVISION
    for other in case.live_orders():
        case.end_order(other, EndCause.SUPERSEDED, at, now)
    case.stop_clocks(at, kind=ClockKind.CITIZEN)
    if case.withdrawn:
        close(case, Outcome.WITHDRAWN, at, now)
        return
    case.stage = Stage.EVALUATING
    case.tell(case.rules.desks.hotline, "completed", now, order=order.id)
    case.tell_citizen("completed", now, order=order.id)
    open_evaluation(case, "completion", at, now)


def _outstanding(case: Complaint, lead: Order, at: datetime) -> list[Order]:
    """Art. 14: the lead waits for its co-handlers inside their windows, and names the late ones."""
    late = []
    for order in case.live_orders():
        if order.serves != lead.id or order.kind is not OrderKind.CO_HANDLING:
            continue
        due = case.due_of(order) or case.due_of(lead)
        if due is None or at <= due:
            raise Refused("co-handling-open", "order", f"co-handler {order.id} is in its window")
        late.append(order)
    return late


def _release(case: Complaint, order: Order, at: datetime) -> list[RunningClock]:
    """A completion ends a suspension."""
    held = [clock for clock in budget_clocks(case, order) if clock.held]
    for clock in held:
        clock.release(at)
    return held


def _restore(case: Complaint, order: Order, at: datetime, now: datetime) -> None:
    """A timely answer that arrives after supervision began takes its place back."""
    for other in case.live_orders():
        if other.kind is OrderKind.SUPERVISION:
            case.end_order(other, EndCause.SUPERSEDED, at, now)
            case.supervised = False
    order.state, order.cause, order.ended_at = OrderState.ACCEPTED, None, None

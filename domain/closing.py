"""How a round ends: the next one at a higher hand, supervision, or the legal closing."""

from datetime import datetime

from domain.acts import Supervise
from domain.complaint import Complaint
from domain.dispatching import lead_order
from domain.errors import Refused
from domain.event import EventKind
from domain.running import Order
from domain.vocabulary import (
    ClockKind,
    EndCause,
    OrderKind,
    OrderState,
    Outcome,
    Stage,
    WindowName,
)


def begin_round(case: Complaint, at: datetime, now: datetime) -> None:
    """A negative answer after completion: a higher hand leads, the former lead assists."""
    former = case.lead()
    assert former is not None, "only a round with a lead can be evaluated negatively"
    case.stop_clocks(at)
    case.round += 1
    case.automatic_rounds += 1
    case.redispatches = 0
    higher = case.unit(case.unit(former.unit).higher_hand)
    case.record(EventKind.ROUND_BEGUN, now, due_at=at, round=case.round, unit=higher.code)
    case.start_clock(
        ClockKind.CITIZEN,
        WindowName.REDO,
        higher.code,
        at,
        clock_id=f"citizen.{case.round}",
    )
    assistants = () if higher.code == former.unit else (case.unit(former.unit),)
    lead_order(case, higher, assistants, at, now)
    case.tell_citizen("round_begun", now)


def open_supervision(case: Complaint, cause: str, at: datetime, now: datetime) -> Order | None:
    """The one supervision order; it ends the lead order as superseded."""
    if case.supervised:
        return None
    case.supervised = True
    lead = case.lead()
    if lead is not None and lead.live:
        case.end_order(lead, EndCause.SUPERSEDED, at, now)
    desk = case.unit(case.rules.desks.supervision)
    order = case.open_order(OrderKind.SUPERVISION, desk, at, now)
    order.state, order.may_object = OrderState.ACCEPTED, False
    case.start_clock(
        ClockKind.SUPERVISION,
        WindowName.SUPERVISION,
        desk.code,
        at,
        clock_id=f"order.{order.id}",
        order=order.id,
    )
    case.record(EventKind.SUPERVISED, now, order=order.id, cause=cause)
    case.tell(desk.code, "supervision_opened", now, order=order.id)
    case.stage = Stage.HANDLING
    return order


def supervise(case: Complaint, act: Supervise, now: datetime) -> None:
    if case.supervised:
        raise Refused("already-done", "order", "this complaint has had its supervision order")
    open_supervision(case, "supervisor", act.received_at, now)


def close(case: Complaint, outcome: Outcome, at: datetime, now: datetime) -> None:
    """The legal closing; the run stays open for aftercare."""
    case.end_all_orders(EndCause.MISSED, at, now)
    for opening in case.openings:
        opening.ended = True
    for clock in case.running_clocks():
        if clock.kind is not ClockKind.CONTEST:
            clock.end(at)
    case.stage = Stage.CLOSED
    case.outcome = outcome
    case.closed_at = at
    case.record(EventKind.CLOSED, now, due_at=at, outcome=outcome)
    case.tell_citizen("closed", now)
    case.start_clock(ClockKind.AFTERCARE, WindowName.AFTERCARE, case.rules.desks.hotline, at)

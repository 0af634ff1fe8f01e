"""Rungs that fired although the act they waited for had come in time.

They stay in the file as overtaken, overdue is withdrawn, and all who were told get a correction.
"""

from datetime import datetime

from domain.complaint import Complaint
from domain.event import EventKind
from domain.running import Order, RunningClock
from domain.vocabulary import OrderKind


def overtake(case: Complaint, order: Order, received_at: datetime, now: datetime) -> None:
    """Withdraw every rung of the order's clocks that was due at or after `received_at`."""
    clocks = [case.order_clock(order)]
    if order.kind is OrderKind.LEAD:
        clocks.append(case.citizen_clock())
    for clock in clocks:
        if clock is not None:
            overtake_clock(case, clock, received_at, now)


def overtake_clock(
    case: Complaint, clock: RunningClock, received_at: datetime, now: datetime
) -> None:
    late = [
        fired
        for fired in clock.fired.values()
        if fired.due_at >= received_at and not fired.overtaken
    ]
    if clock.expired_at is not None and clock.expired_at >= received_at:
        clock.overdue = False
    if not late:
        return
    for fired in late:
        fired.overtaken = True
        for destination, notice in fired.told:
            case.tell(destination, "correction", now, order=clock.order, corrects=notice)
    case.escalation = max(
        (
            fired.level
            for other in case.clocks.values()
            for fired in other.fired.values()
            if not fired.overtaken
        ),
        default=0,
    )
    case.record(
        EventKind.RUNGS_OVERTAKEN,
        now,
        received_at=received_at,
        clock=clock.id,
        rungs=[fired.key for fired in late],
    )

"""What a due instant does, by what its clock measured: expiry, silence, the end of a hold."""

from datetime import datetime

from domain.classification import send_to_triage
from domain.closing import open_supervision
from domain.complaint import Complaint, lag
from domain.dispatching import accept_order
from domain.evaluation import fall_silent, open_evaluation
from domain.event import EventKind
from domain.running import Order, RunningClock
from domain.timing import budget_clocks, end_hold
from domain.vocabulary import ClockKind, Stage

SILENT_KINDS = frozenset(
    {
        ClockKind.HOLD,
        ClockKind.CALLBACK,
        ClockKind.EVALUATION,
        ClockKind.AFTERCARE,
        ClockKind.STANDING_REVIEW,
    }
)
"""Clocks whose end is nobody's failing."""


def expire(case: Complaint, clock: RunningClock, at: datetime, now: datetime) -> None:
    """A due instant has come. What it means depends on what the clock measured."""
    clock.expired_at = at
    order = next((o for o in case.orders if o.id == clock.order), None)
    if clock.kind not in SILENT_KINDS and clock.kind not in (
        ClockKind.SIGN_OFF,
        ClockKind.DEFERRAL,
    ):
        clock.overdue = True
        moved = at in clock.moved
        case.record(
            EventKind.EXPIRED,
            now,
            due_at=at,
            clock=clock.id,
            order=clock.order,
            cause="moved" if moved else "due",
            lag=0.0 if moved else lag(at, now),
        )
    match clock.kind:
        case ClockKind.CITIZEN if case.rules.evaluation.opens_at_expiry:
            open_evaluation(case, "expiry", at, now)
        case ClockKind.DISPATCH if case.stage is Stage.REGISTERED:
            send_to_triage(case, "dispatch_window_expired", now)
        case ClockKind.SIGN_OFF if order is not None:
            accept_order(case, order, at, by_silence=True)
            case.record(EventKind.ACCEPTED_BY_SILENCE, now, due_at=at, order=order.id)
        case ClockKind.EVALUATION:
            fall_silent(case, at, now)
        case ClockKind.CALLBACK:
            _call(case, clock, at, now)
        case ClockKind.HOLD if order is not None:
            end_hold(case, order, at)
            case.record(EventKind.RESUMED, now, due_at=at, order=order.id, cause="cap")
            case.tell(order.unit, "resumed", now, order=order.id)
        case ClockKind.DEFERRAL if order is not None:
            _review(case, order, at, now)
        case ClockKind.AFTERCARE if case.clock_of(ClockKind.CONTEST) is None:
            freeze(case, at, now)
        case _:
            pass


def freeze(case: Complaint, at: datetime, now: datetime) -> None:
    """The end of the file: aftercare is over and nothing is contested."""
    case.stop_clocks(at)
    case.frozen = True
    case.record(EventKind.FROZEN, now, due_at=at)


def _call(case: Complaint, clock: RunningClock, at: datetime, now: datetime) -> None:
    clock.ended_at = at
    case.record(EventKind.CALLBACK_DUE, now, due_at=at, attempt=clock.attempt)
    opening = case.open_opening()
    case.tell(
        case.rules.desks.hotline,
        "callback_due",
        now,
        opening=opening.number if opening else None,
    )


def _review(case: Complaint, order: Order, at: datetime, now: datetime) -> None:
    """A deferral comes back in the same round; the last lawful review is supervision."""
    case.reviews += 1
    case.stop_clocks(at, kind=ClockKind.DEFERRAL)
    case.record(EventKind.REVIEWED, now, due_at=at, order=order.id, review=case.reviews)
    for clock in budget_clocks(case, order):
        if clock.held:
            clock.release(at)
    case.stage = Stage.HANDLING
    case.tell(order.unit, "review_due", now, order=order.id)
    if case.reviews >= case.rules.deferral.max_reviews:
        open_supervision(case, "reviews", at, now)

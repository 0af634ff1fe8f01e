"""Deferral (Art. 15(2)): what cannot be solved now is explained, and comes back on a date."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.acts import Defer, Rule
from domain.complaint import Complaint
from domain.errors import Refused
from domain.evaluation import open_evaluation
from domain.event import EventKind
from domain.timing import approval_clock, budget_clocks, end_hold, record_ruling, start_approval
from domain.vocabulary import ClockKind, Decision, RulingSubject, Stage, WindowName


def defer(case: Complaint, act: Defer, now: datetime) -> None:
    """Ask the hotline for a deferral; it rules on a clock of its own."""
    order = case.find_order(act.order)
    if _end_of_day(case, act) <= act.received_at:
        raise Refused("unlawful", "review_on", "must lie in the future")
    if act.citizen_told.at > act.received_at:
        raise Refused("unlawful", "citizen_told", "the citizen is told before, not after")
    order.deferral_asked = act
    case.record(
        EventKind.DEFERRAL_REQUESTED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        order=order.id,
        review_on=act.review_on.isoformat(),
        reason=act.reason,
        measures=act.measures,
    )
    start_approval(case, RulingSubject.DEFERRAL, order, act.received_at, now)


def rule_on_deferral(case: Complaint, act: Rule, now: datetime) -> None:
    """Upheld: the clock stands until the review; the citizen is asked all the same."""
    order, clock = approval_clock(case, act)
    asked = order.deferral_asked
    assert asked is not None, "an approval clock runs only for what was asked"
    if act.decision is Decision.UPHELD and case.stage not in (Stage.DISPATCHED, Stage.HANDLING):
        raise Refused("wrong-stage", "subject", f"not while {case.stage}")
    order.deferral_asked = None
    at = act.received_at
    clock.end(at)
    record_ruling(case, act, order, now)
    if act.decision is Decision.REJECTED:
        case.tell(order.unit, "deferral_refused", now, order=order.id)
        return
    end_hold(case, order, at)
    for budget in budget_clocks(case, order):
        if budget.due_at is None or at < budget.due_at:
            budget.hold(at)
    case.stage = Stage.DEFERRED
    case.start_clock(
        ClockKind.DEFERRAL,
        WindowName.DEFERRAL,
        order.unit,
        at,
        order=order.id,
        at_most=_end_of_day(case, asked),
    )
    case.record(EventKind.DEFERRED, now, order=order.id, review_on=asked.review_on.isoformat())
    case.tell_citizen("deferred", now, order=order.id)
    open_evaluation(case, "deferral", at, now)


def _end_of_day(case: Complaint, act: Defer) -> datetime:
    try:
        following = act.review_on + timedelta(days=1)
        return datetime.combine(following, time(), ZoneInfo(case.rules.zone)).astimezone(UTC)
    except OverflowError:
        raise Refused("unlawful", "review_on", "leaves the calendar") from None

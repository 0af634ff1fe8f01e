"""Lawful changes of a deadline: extension, suspension, deferral, amendment (Art. 15(2)).

An act changes a clock's data; the next ruling measures what follows from it.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.acts import Amend, Defer, Extend, Resume, Rule, Suspend
from domain.clock import Hold
from domain.complaint import Complaint
from domain.errors import InvalidRule, Refused
from domain.evaluation import open_evaluation
from domain.event import EventKind
from domain.overtaking import overtake
from domain.running import Order, RunningClock
from domain.vocabulary import ClockKind, Decision, OrderKind, Stage, WindowName
from domain.window import Amount


def extend(case: Complaint, act: Extend, now: datetime) -> None:
    order = case.find_order(act.order)
    rule = case.rules.extension
    if order.extensions >= rule.max_count:
        raise Refused("already-done", "amount", f"at most {rule.max_count} extension(s)")
    if order.extension_asked is not None:
        raise Refused("already-done", "amount", "an extension awaits its ruling")
    _lawful_amount(case, order, act.amount)
    if rule.mode == "notify":
        if act.citizen_told is None:
            raise Refused("unlawful", "citizen_told", "an untold extension is void")
        _apply_extension(case, order, act, now)
        return
    order.extension_asked = act
    case.record(
        EventKind.EXTENSION_REQUESTED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        order=order.id,
        amount=act.amount,
        basis=act.basis,
        reason=act.reason,
    )
    desk = case.rules.desks.hotline
    case.start_clock(ClockKind.APPROVAL, WindowName.APPROVAL, desk, act.received_at, order=order.id)
    case.tell(desk, "extension_requested", now, order=order.id)


def rule_on_extension(case: Complaint, act: Rule, now: datetime) -> None:
    order = _waiting(case, act, "extension_asked")
    asked = order.extension_asked
    assert asked is not None
    order.extension_asked = None
    case.stop_clocks(act.received_at, kind=ClockKind.APPROVAL, order=order.id)
    _record(case, act, order, now)
    if act.decision is Decision.UPHELD:
        _apply_extension(case, order, asked, now)
    else:
        case.record(EventKind.EXTENSION_REFUSED, now, order=order.id, cause="ruling")
        case.tell(order.unit, "extension_refused", now, order=order.id)


def suspend(case: Complaint, act: Suspend, now: datetime) -> None:
    """Stop the clock for a named cause; it starts again by itself at the cap."""
    order = case.find_order(act.order)
    if act.cause not in case.rules.suspension.causes:
        lawful = ", ".join(case.rules.suspension.causes) or "none in this rule pack"
        raise Refused("unlawful", "cause", f"lawful causes: {lawful}")
    at = act.received_at
    if act.until <= at:
        raise Refused("unlawful", "until", "must lie in the future")
    clocks = budget_clocks(case, order)
    if any(clock.held for clock in clocks):
        raise Refused("already-done", "order", "the clock is already suspended")
    for clock in clocks:
        clock.hold(at)
    case.start_clock(
        ClockKind.HOLD,
        WindowName.HOLD_CAP,
        order.unit,
        at,
        order=order.id,
        at_most=act.until,
    )
    case.record(
        EventKind.SUSPENDED,
        now,
        actor=act.actor,
        received_at=at,
        order=order.id,
        cause=act.cause,
        until=act.until.isoformat(),
        evidence=act.evidence,
    )
    case.tell_citizen("suspended", now, order=order.id)


def resume(case: Complaint, act: Resume, now: datetime) -> None:
    order = case.find_order(act.order)
    end_hold(case, order, act.received_at)
    case.record(
        EventKind.RESUMED, now, actor=act.actor, received_at=act.received_at, order=order.id
    )


def end_hold(case: Complaint, order: Order, at: datetime) -> None:
    for clock in budget_clocks(case, order):
        if clock.held:
            clock.release(at)
    case.stop_clocks(at, kind=ClockKind.HOLD, order=order.id)


def defer(case: Complaint, act: Defer, now: datetime) -> None:
    """Art. 15(2): what cannot be solved now is explained, and comes back on a date."""
    order = case.find_order(act.order)
    if order.deferral_asked is not None:
        raise Refused("already-done", "order", "a deferral awaits its ruling")
    if _end_of_day(case, act) <= act.received_at:
        raise Refused("unlawful", "review_on", "must lie in the future")
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
    desk = case.rules.desks.hotline
    case.start_clock(ClockKind.APPROVAL, WindowName.APPROVAL, desk, act.received_at, order=order.id)
    case.tell(desk, "deferral_requested", now, order=order.id)


def rule_on_deferral(case: Complaint, act: Rule, now: datetime) -> None:
    """Upheld: the clock stands until the review; the citizen is asked all the same."""
    order = _waiting(case, act, "deferral_asked")
    asked = order.deferral_asked
    assert asked is not None
    order.deferral_asked = None
    at = act.received_at
    case.stop_clocks(at, kind=ClockKind.APPROVAL, order=order.id)
    _record(case, act, order, now)
    if act.decision is Decision.REJECTED:
        case.tell(order.unit, "deferral_refused", now, order=order.id)
        return
    end_hold(case, order, at)
    for clock in budget_clocks(case, order):
        if clock.due_at is None or at < clock.due_at:
            clock.hold(at)
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


def amend(case: Complaint, act: Amend, now: datetime) -> None:
    """Move deadlines by a published calendar or lost time, or orders to a unit's successor."""
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
            _give_back(case, act)
        case "unit":
            _move_orders(case, act, now)


def budget_clocks(case: Complaint, order: Order) -> list[RunningClock]:
    """The clocks an order's extension or suspension moves; a co-handler's never the lead's."""
    clocks = [case.order_clock(order)]
    if order.kind is OrderKind.LEAD:
        clocks.insert(0, case.citizen_clock())
    return [clock for clock in clocks if clock is not None and clock.running]


def _apply_extension(case: Complaint, order: Order, act: Extend, now: datetime) -> None:
    amount = Amount.parse(act.amount)
    order.extensions += 1
    for clock in budget_clocks(case, order):
        if clock.follows is None:
            clock.extensions.append(amount)
        clock.stale = True
    case.record(
        EventKind.EXTENDED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        order=order.id,
        amount=act.amount,
        basis=act.basis,
        reason=act.reason,
        told_at=act.citizen_told.at.isoformat() if act.citizen_told else None,
        told_by=act.citizen_told.means if act.citizen_told else None,
    )
    # Asked for in time and granted later: what fired in between was overtaken by the asking.
    overtake(case, order, act.received_at, now)
    case.tell_citizen("extended", now, order=order.id)


def _lawful_amount(case: Complaint, order: Order, written: str) -> None:
    try:
        amount = Amount.parse(written)
    except InvalidRule as broken:
        raise Refused("unlawful", broken.field, broken.rule) from broken
    rule = case.rules.extension
    window = next(
        (clock.window.window for clock in budget_clocks(case, order) if clock.follows is None),
        case.rules.windows[WindowName.HANDLING].window,
    )
    if amount.unit is not window.unit:
        raise Refused("unlawful", "amount", f"an extension is given in {window.unit}")
    cap = Amount(amount=window.amount, unit=window.unit) if rule.cap_is_original else rule.cap
    if cap is not None and cap.unit is amount.unit and amount.amount > cap.amount:
        raise Refused("unlawful", "amount", f"at most {cap}")


def _waiting(case: Complaint, act: Rule, asked: str) -> Order:
    for order in case.live_orders():
        if getattr(order, asked) is not None and act.order in (None, order.id):
            return order
    raise Refused("wrong-stage", "subject", f"no {act.subject} awaits a ruling")


def _record(case: Complaint, act: Rule, order: Order, now: datetime) -> None:
    case.record(
        EventKind.RULED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        subject=act.subject,
        decision=act.decision,
        order=order.id,
        reason=act.reason,
    )


def _end_of_day(case: Complaint, act: Defer) -> datetime:
    following = act.review_on + timedelta(days=1)
    return datetime.combine(following, time(), ZoneInfo(case.rules.zone)).astimezone(UTC)


def _adopt_calendar(case: Complaint, act: Amend) -> None:
    for clock in case.running_clocks():
        if act.calendar in (None, clock.window.calendar):
            clock.calendar_version, clock.stale = None, True


def _give_back(case: Complaint, act: Amend) -> None:
    """Time lost by an outage is a hold of every clock that ran through it."""
    if act.since is None or act.until is None or act.until <= act.since:
        raise Refused("unlawful", "until", "an outage has a beginning and a later end")
    for clock in case.running_clocks():
        due = clock.due_at
        if clock.kind is not ClockKind.HOLD and not clock.held and (due is None or act.since < due):
            clock.holds.append(Hold(starts_at=act.since, ends_at=act.until))
            clock.stale = True


def _move_orders(case: Complaint, act: Amend, now: datetime) -> None:
    """A closed unit's open orders go to its successor, else to its parent; no clock changes."""
    closed = case.unit(act.unit or "")
    heir = case.unit(closed.successor or closed.parent or case.rules.desks.hotline)
    for order in case.live_orders():
        if order.unit != closed.code:
            continue
        order.unit, order.cc = heir.code, heir.cc
        for clock in case.running_clocks():
            if clock.order == order.id or (
                clock.kind is ClockKind.CITIZEN and order.kind is OrderKind.LEAD
            ):
                clock.party = heir.code
        case.tell(heir.code, "order_moved", now, order=order.id)

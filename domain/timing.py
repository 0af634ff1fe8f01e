"""Lawful changes of a deadline: extension and suspension (Art. 15(2)).

An act changes a clock's data; the next ruling measures what follows from it.
"""

from datetime import datetime

from domain.acts import Extend, Resume, Rule, Suspend
from domain.complaint import Complaint
from domain.errors import InvalidRule, Refused
from domain.event import EventKind
from domain.overtaking import overtake
from domain.running import Order, RunningClock
from domain.vocabulary import ClockKind, Decision, OrderKind, RulingSubject, WindowName
from domain.window import Amount, within_a_century


def extend(case: Complaint, act: Extend, now: datetime) -> None:
    order = case.find_order(act.order)
    rule = case.rules.extension
    _check_amount(case, order, act.amount)
    if act.citizen_told is not None and act.citizen_told.at > act.received_at:
        raise Refused("unlawful", "citizen_told", "the citizen is told before, not after")
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
    start_approval(case, RulingSubject.EXTENSION, order, act.received_at, now)


def rule_on_extension(case: Complaint, act: Rule, now: datetime) -> None:
    """Upheld, it counts from when it was asked for: the clock ran on meanwhile."""
    order, clock = approval_clock(case, act)
    asked = order.extension_asked
    assert asked is not None, "an approval clock runs only for what was asked"
    if act.decision is Decision.UPHELD:
        _check_amount(case, order, asked.amount)
    order.extension_asked = None
    clock.end(act.received_at)
    record_ruling(case, act, order, now)
    if act.decision is Decision.UPHELD:
        _apply_extension(case, order, asked, now)
    else:
        case.record(EventKind.EXTENSION_REFUSED, now, order=order.id, cause="ruling")
        case.tell(order.unit, "extension_refused", now, order=order.id)


def start_approval(
    case: Complaint, subject: RulingSubject, order: Order, at: datetime, now: datetime
) -> None:
    """The hotline must rule, on a clock of its own for each thing that is asked."""
    desk = case.rules.desks.hotline
    case.start_clock(
        ClockKind.APPROVAL,
        WindowName.APPROVAL,
        desk,
        at,
        clock_id=f"{ClockKind.APPROVAL}.{subject}.{case.clocks_made + 1}",
        order=order.id,
    )
    case.tell(desk, f"{subject}_requested", now, order=order.id)


def approval_clock(case: Complaint, act: Rule) -> tuple[Order, RunningClock]:
    """What awaits this ruling; raises `Refused` for nothing."""
    for order in case.live_orders():
        for clock in case.running_clocks():
            asked = clock.id.startswith(f"{ClockKind.APPROVAL}.{act.subject}.")
            if asked and clock.order == order.id and act.order in (None, order.id):
                return order, clock
    raise Refused("wrong-stage", "subject", f"no {act.subject} awaits a ruling")


def record_ruling(case: Complaint, act: Rule, order: Order, now: datetime) -> None:
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


def suspend(case: Complaint, act: Suspend, now: datetime) -> None:
    """Stop the clock for a named cause; it starts again by itself at the cap."""
    order = case.find_order(act.order)
    if act.cause not in case.rules.suspension.causes:
        lawful = ", ".join(case.rules.suspension.causes) or "none in this rule pack"
        raise Refused("unlawful", "cause", f"lawful causes: {lawful}")
    at = act.received_at
    if act.until <= at:
        raise Refused("unlawful", "until", "must lie in the future")
    for clock in budget_clocks(case, order):
        if clock.may_hold(at):
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
            clock.at_most = None
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


def _check_amount(case: Complaint, order: Order, written: str) -> None:
    rule = case.rules.extension
    running = [clock for clock in budget_clocks(case, order) if clock.follows is None]
    window = (running[0].window if running else case.rules.windows[WindowName.HANDLING]).window
    try:
        amount = Amount.parse(written)
        if amount.unit is not window.unit:
            raise InvalidRule("amount", f"an extension is given in {window.unit}")
        for clock in running:
            within_a_century("amount", clock.clock.amount + amount.amount, amount.unit)
    except InvalidRule as broken:
        raise Refused("unlawful", broken.field, broken.rule) from broken
    cap = window.budget if rule.cap_is_original else rule.cap
    if cap is not None and cap.unit is amount.unit and amount.amount > cap.amount:
        raise Refused("unlawful", "amount", f"at most {cap}")

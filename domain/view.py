"""The complaint as others see it: the read model, the operator's details, the label of the timer."""

from domain.complaint import Complaint
from domain.escalation import next_due
from domain.lifecycle import allowed_actions
from domain.running import Order, RunningClock
from domain.state import ClockView, ComplaintState, OrderView
from domain.vocabulary import ClockKind, OrderKind


def view(case: Complaint) -> ComplaintState:
    lead = case.lead()
    supervision = [o for o in case.live_orders() if o.kind is OrderKind.SUPERVISION]
    citizen = case.citizen_clock()
    due = next_due(case)
    opening = case.open_opening()
    submission = case.submission
    return ComplaintState(
        number=case.number,
        pack=case.rules.pack,
        pack_version=case.rules.version,
        channel=submission.channel,
        demand=submission.demand,
        stage=case.stage,
        round=case.round,
        tier=case.tier,
        category=case.category,
        confidence=case.confidence,
        disposition=case.disposition,
        district=case.district,
        subdistrict=case.subdistrict,
        unit=supervision[0].unit if supervision else (lead.unit if lead else None),
        confidential=submission.person.confidential,
        reachable=submission.person.reachable,
        escalation=case.escalation,
        overdue=overdue(case),
        suspended=bool(citizen and citizen.running and citizen.held),
        evaluation_open=opening is not None,
        opening=len(case.openings),
        waiting_on=due.party if due else None,
        next_due_at=due.at if due else None,
        next_due=due.label if due else None,
        due_at=citizen.due_at if citizen else None,
        provisional=citizen.provisional if citizen else False,
        outcome=case.outcome,
        follows=submission.follows,
        attached=case.attached,
        received_at=submission.received_at,
        dispatched_at=case.dispatched_at,
        closed_at=case.closed_at,
        orders=tuple(_order_view(case, order) for order in case.orders),
        clocks=tuple(_clock_view(clock) for clock in _shown(case)),
        allowed_actions=allowed_actions(case),
        sequence=case.sequence,
    )


def overdue(case: Complaint) -> bool:
    """Whether the citizen waits past the law: the round's clock, or the supervision's."""
    watched = (ClockKind.CITIZEN, ClockKind.SUPERVISION)
    return any(
        clock.overdue for clock in case.clocks.values() if clock.kind in watched and clock.running
    ) or bool((citizen := case.citizen_clock()) and citizen.overdue)


def details(state: ComplaintState) -> str:
    """The Markdown list an operator reads in the Temporal UI; lists render there, tables do not."""
    lines = [
        f"- **Stage** {state.stage}, round {state.round}, tier {state.tier}",
        f"- **Unit** {state.unit or 'none yet'}",
        f"- **Category** {state.category or 'none yet'}",
        f"- **Due** {_instant(state.due_at)}{' (provisional)' if state.provisional else ''}",
        f"- **Next** {state.next_due or 'nothing'} at {_instant(state.next_due_at)}",
        f"- **Waiting on** {state.waiting_on or 'nobody'}",
    ]
    if state.overdue:
        lines.append(f"- **Overdue**, escalation level {state.escalation}")
    if state.suspended:
        lines.append("- **Suspended**: the clock stands")
    if state.outcome:
        lines.append(f"- **Outcome** {state.outcome}")
    lines += [f"- Order {o.id}: {o.kind} {o.unit}, {o.state}" for o in state.orders]
    return "\n".join(lines)


def _shown(case: Complaint) -> list[RunningClock]:
    """What still runs, and this round's citizen clock even when it has stopped."""
    citizen = f"citizen.{case.round}"
    return [
        clock
        for clock in case.clocks.values()
        if not clock.passive and (clock.running or clock.id == citizen)
    ]


def _instant(instant: object) -> str:
    return str(instant) if instant else "not set"


def _order_view(case: Complaint, order: Order) -> OrderView:
    clock = case.order_clock(order)
    citizen = case.clocks.get(f"citizen.{order.round}")
    lead_overdue = order.kind is OrderKind.LEAD and citizen is not None and citizen.overdue
    return OrderView(
        id=order.id,
        round=order.round,
        kind=order.kind,
        unit=order.unit,
        cc=order.cc,
        state=order.state,
        cause=order.cause,
        result=order.result,
        opened_at=order.opened_at,
        due_at=clock.due_at if clock else None,
        provisional=clock.provisional if clock else False,
        overdue=bool(clock and clock.overdue) or lead_overdue,
        contacted_at=order.contacted_at,
        completed_at=order.completed_at,
        ended_at=order.ended_at,
        answer=order.answer,
    )


def _clock_view(clock: RunningClock) -> ClockView:
    return ClockView(
        id=clock.id,
        kind=clock.kind,
        party=clock.party,
        order=clock.order,
        start=clock.start,
        window=clock.window.window,
        calendar=clock.window.calendar,
        calendar_version=clock.calendar_version or "",
        basis=clock.window.basis,
        source=clock.window.source,
        holds=tuple(clock.holds),
        extensions=tuple(clock.extensions),
        due_at=clock.due_at,
        provisional=clock.provisional,
        overdue=clock.overdue,
        ended=not clock.running,
    )

"""The complaint as others see it: the read model, and the details an operator reads."""

from datetime import datetime
from zoneinfo import ZoneInfo

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


def details(case: Complaint, state: ComplaintState) -> str:
    """The Markdown list an operator reads in the Temporal UI; lists render there, tables do not."""
    zone = ZoneInfo(case.rules.zone)
    lines = [
        f"- **Stage** {state.stage}, round {state.round}, tier {state.tier}",
        f"- **Unit** {_named(case, state.unit)}",
        f"- **Category** {state.category or 'none yet'}",
        f"- **Due** {_local(state.due_at, zone)}{_why(state)}",
        f"- **Next** {state.next_due or 'nothing'}, {_local(state.next_due_at, zone)}",
        f"- **Waiting on** {_named(case, state.waiting_on)}",
    ]
    if state.overdue:
        lines.append(f"- **Overdue**, escalation level {state.escalation}")
    if state.suspended:
        lines.append("- **Suspended**: the clock stands")
    if state.outcome:
        lines.append(f"- **Outcome** {state.outcome}")
    lines += [
        f"- Order {o.id}: {o.kind}, {_named(case, o.unit)}, {o.cause or o.state}"
        for o in state.orders
    ]
    return "\n".join(lines)


def _named(case: Complaint, code: str | None) -> str:
    if code is None:
        return "nobody yet"
    unit = case.units.get(code)
    return f"{unit.name} ({code})" if unit else code


def _local(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S} {zone.key}" if instant else "not set"


def _why(state: ComplaintState) -> str:
    """The rule behind the citizen's deadline, and what it rests on."""
    clock = next((c for c in state.clocks if c.kind is ClockKind.CITIZEN), None)
    if clock is None:
        return ""
    changes = [f"extended by {extension}" for extension in clock.extensions]
    changes += ["suspended meanwhile"] if clock.holds else []
    reason = ", ".join([f"{clock.window.budget} from {clock.start:%Y-%m-%d %H:%M}Z", *changes])
    provisional = ", provisional until the calendar is published" if clock.provisional else ""
    return f": {reason} ({clock.basis}, {clock.source}){provisional}"


def _shown(case: Complaint) -> list[RunningClock]:
    """What still runs, and this round's citizen clock even when it has stopped."""
    citizen = f"citizen.{case.round}"
    return [
        clock
        for clock in case.clocks.values()
        if not clock.passive and (clock.running or clock.id == citizen)
    ]


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

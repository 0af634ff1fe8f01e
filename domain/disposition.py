"""Decisions without an order: answered at once, or a way of Art. 11, and their contest.

Only people choose them; whoever is told such an answer may have another supervisor look at it.
"""

from datetime import datetime

from domain.acts import Actor, Contest, Rule
from domain.complaint import Complaint
from domain.errors import Refused
from domain.evaluation import end_opening, open_evaluation
from domain.event import EventKind
from domain.vocabulary import (
    ClockKind,
    Decision,
    DispositionKind,
    EndCause,
    Role,
    Stage,
    WindowName,
)


def dispose(
    case: Complaint,
    kind: DispositionKind,
    answer: str | None,
    basis: str,
    actor: Actor,
    at: datetime,
    now: datetime,
) -> None:
    """Answer without an order; the citizen is asked once, and the complaint closes."""
    case.disposition, case.contested = kind, False
    case.disposed_by = actor.person or actor.key
    case.stop_clocks(at, kind=ClockKind.DISPATCH)
    case.stage = Stage.EVALUATING
    case.record(
        EventKind.DISPOSED,
        now,
        actor=actor,
        received_at=at,
        disposition=kind,
        answer=answer,
        basis=basis,
    )
    case.tell_citizen("disposed", now)
    if kind is DispositionKind.EMERGENCY_TRANSFER:
        desk = case.rules.desks.hotline
        case.start_clock(ClockKind.ACKNOWLEDGEMENT, WindowName.ACKNOWLEDGEMENT, desk, at)
        case.tell(desk, "emergency_transfer", now)
    open_evaluation(case, "disposition", at, now)


def contest(case: Complaint, act: Contest, now: datetime) -> None:
    case.contested = True
    case.record(
        EventKind.CONTESTED, now, actor=act.actor, received_at=act.received_at, reason=act.reason
    )
    desk = case.rules.desks.supervision
    case.start_clock(ClockKind.CONTEST, WindowName.CONTEST, desk, act.received_at)
    case.tell(desk, "contested", now)


def rule_on_contest(case: Complaint, act: Rule, now: datetime) -> None:
    """Another supervisor than the decider rules; upheld, the complaint is dispatched after all."""
    if case.clock_of(ClockKind.CONTEST) is None:
        raise Refused("wrong-stage", "subject", "no contest awaits a ruling")
    if act.actor.role is not Role.SUPERVISOR:
        raise Refused("wrong-role", "actor", "a supervisor rules on a contest")
    if (act.actor.person or act.actor.key) == case.disposed_by:
        raise Refused("wrong-role", "actor", "another person than the decider rules on a contest")
    at = act.received_at
    case.stop_clocks(at, kind=ClockKind.CONTEST)
    case.record(
        EventKind.RULED,
        now,
        actor=act.actor,
        received_at=at,
        subject=act.subject,
        decision=act.decision,
        reason=act.reason,
    )
    if act.decision is Decision.REJECTED:
        case.tell_citizen("contest_rejected", now)
        return
    end_opening(case, at)
    case.stop_clocks(at, kind=ClockKind.AFTERCARE)
    case.stop_clocks(at, kind=ClockKind.ACKNOWLEDGEMENT)
    case.end_all_orders(EndCause.SUPERSEDED, at, now)
    case.disposition, case.outcome, case.closed_at = None, None, None
    case.stage = Stage.CLASSIFIED if case.category else Stage.TRIAGE
    # The window of the original receipt: a wrong answer at the desk gains nobody any time.
    desk = case.rules.desks.hotline
    received_at = case.submission.received_at
    case.start_clock(ClockKind.DISPATCH, WindowName.DISPATCH, desk, received_at, backdated=True)
    case.tell_citizen("contest_upheld", now)

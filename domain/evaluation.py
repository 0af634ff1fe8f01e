"""The citizen's verdict: asked at expiry and at completion, by callbacks, ended by an answer.

Art. 23 of the Beijing Regulation: when the window has run out, the hotline must ask. Silence never
counts as satisfied and never closes what was not answered.
"""

from datetime import datetime

from domain.acts import Callback, Evaluate
from domain.closing import begin_round, close, open_supervision
from domain.complaint import Complaint
from domain.errors import Refused
from domain.event import EventKind
from domain.running import Opening, Order
from domain.verdict import PLEASED, disposed_outcome, final_outcome, negative, undecided, verdict
from domain.vocabulary import (
    CallbackOutcome,
    ClockKind,
    EndCause,
    OrderKind,
    Outcome,
    Resolved,
    Stage,
    WindowName,
)


def open_evaluation(case: Complaint, cause: str, at: datetime, now: datetime) -> None:
    """Ask the citizen anew: a new opening with its own link, callbacks and closing window.

    Whoever has withdrawn is not asked, though orders go on. Callbacks are for an answer and for its
    want (Art. 23): whoever hears of a deferral may answer, and is not called after.
    """
    if case.withdrawn:
        return
    end_opening(case, at)
    opening = Opening(number=len(case.openings) + 1, round=case.round, cause=cause, opened_at=at)
    case.openings.append(opening)
    case.record(EventKind.EVALUATION_OPENED, now, opening=opening.number, cause=cause)
    case.tell_citizen("evaluation_opened", now, opening=opening.number)
    expiry = cause == "expiry"
    case.start_clock(ClockKind.EVALUATION, WindowName.EVALUATION, "citizen", at, at_expiry=expiry)
    if cause == "deferral" or not case.submission.person.reachable:
        return
    for nth, attempt in enumerate(case.rules.evaluation.callbacks, start=1):
        case.start_clock(
            ClockKind.CALLBACK,
            case.free_window(attempt.after, WindowName.EVALUATION),
            case.rules.desks.hotline,
            at,
            attempt=nth,
            at_expiry=expiry,
        )


def end_opening(case: Complaint, at: datetime) -> None:
    opening = case.open_opening()
    if opening is None:
        return
    opening.ended = True
    case.stop_clocks(at, kind=ClockKind.EVALUATION)
    case.stop_clocks(at, kind=ClockKind.CALLBACK)


def evaluate(case: Complaint, act: Evaluate, now: datetime) -> None:
    opening = _opening_of(case, act)
    if case.stage is Stage.CLOSED and overtakes_silence(case, act):
        _undo_silent_close(case, now)
    if opening is not None:
        # Whoever does not know yet may still say, by the same link.
        opening.answered = not undecided(act)
    case.record(
        EventKind.EVALUATED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        round=act.round,
        opening=opening.number if opening else None,
        contacted=act.contacted,
        resolved=act.resolved,
        satisfied=act.satisfied,
        comment=act.comment,
        stage=case.stage,
    )
    if case.stage is Stage.CLOSED:
        _evaluate_late(case, act, now)
    elif case.stage is Stage.EVALUATING:
        _evaluate_answer(case, act, now)
    else:
        _evaluate_unanswered(case, act, now)


def callback(case: Complaint, act: Callback, now: datetime) -> None:
    """One attempt on the schedule: it stands for the earliest one that is still to come."""
    opening = case.open_opening()
    assert opening is not None, "the gate lets a callback pass only while an evaluation is open"
    opening.calls += 1
    for clock in case.running_clocks():
        if clock.kind is ClockKind.CALLBACK and clock.attempt <= opening.calls:
            clock.ended_at = act.received_at
    case.record(
        EventKind.CALLED_BACK,
        now,
        actor=act.actor,
        received_at=act.received_at,
        outcome=act.outcome,
        opening=opening.number,
    )
    if act.outcome in (CallbackOutcome.REFUSED, CallbackOutcome.WRONG_NUMBER):
        case.stop_clocks(act.received_at, kind=ClockKind.CALLBACK)


def fall_silent(case: Complaint, at: datetime, now: datetime) -> None:
    """The citizen's window has run out. Only what was answered or disposed of is closed by it."""
    opening = case.open_opening()
    if opening is not None:
        opening.silent_at = at
    end_opening(case, at)
    reachable = case.submission.person.reachable
    case.record(
        EventKind.EVALUATION_ENDED,
        now,
        due_at=at,
        opening=opening.number if opening else None,
        cause="silence" if reachable else "no_contact",
    )
    if case.stage is not Stage.EVALUATING:
        return
    if case.disposition is not None:
        close(case, disposed_outcome(case.disposition), at, now)
    else:
        close(case, Outcome.NOT_REACHED if reachable else Outcome.NO_CONTACT, at, now)


def overtakes_silence(case: Complaint, act: Evaluate) -> bool:
    """Whether the answer came in time, although silence was recorded before it was applied."""
    opening = case.openings[-1] if case.openings else None
    return (
        opening is not None
        and opening.silent_at is not None
        and not opening.answered
        and opening.round == act.round
        and act.received_at <= opening.silent_at
        and not case.withdrawn
        and not case.frozen
    )


def _opening_of(case: Complaint, act: Evaluate) -> Opening | None:
    if act.opening is None:
        return case.open_opening() or (case.openings[-1] if case.openings else None)
    opening = next((o for o in case.openings if o.number == act.opening), None)
    if opening is None:
        raise Refused("unlawful", "opening", "this evaluation was never opened")
    if opening.answered:
        raise Refused("already-done", "opening", "this link has been used")
    if opening.round != case.round:
        raise Refused("stale-round", "opening", f"round {case.round} is under way")
    return opening


def _evaluate_unanswered(case: Complaint, act: Evaluate, now: datetime) -> None:
    """Before completion: a satisfied citizen ends the matter, any other answer is told on."""
    at = act.received_at
    if act.resolved is Resolved.YES and act.satisfied in PLEASED:
        _end_answered(case, at, now)
        case.end_all_orders(EndCause.CONFIRMED_BY_CITIZEN, at, now)
        close(case, Outcome.RESOLVED, at, now)
        return
    if not undecided(act):
        _end_answered(case, at, now)
    duty = _duty(case)
    if duty is not None:
        case.tell(duty.unit, "evaluated_before_answer", now, order=duty.id)
        case.tell(case.superior(duty.unit), "evaluated_before_answer", now, order=duty.id)


def _duty(case: Complaint) -> Order | None:
    """The order that the citizen waits for: the supervision's if there is one, else the lead's."""
    supervisions = (o for o in case.live_orders() if o.kind is OrderKind.SUPERVISION)
    return next(supervisions, None) or case.lead()


def _evaluate_answer(case: Complaint, act: Evaluate, now: datetime) -> None:
    """After completion: close, begin the one automatic round, or bring in the supervision."""
    at = act.received_at
    last = case.disposition is not None or case.last_asking
    if undecided(act) and not last:
        return
    _end_answered(case, at, now)
    if last or not negative(case.rules, act):
        close(case, final_outcome(case, act), at, now)
    elif case.automatic_rounds < case.rules.evaluation.automatic_rounds:
        begin_round(case, at, now)
    else:
        open_supervision(case, "second_negative", at, now)


def _evaluate_late(case: Complaint, act: Evaluate, now: datetime) -> None:
    """In aftercare: the automatic round if it is unused, else a correction of the file."""
    lead = case.lead()
    unused = case.automatic_rounds < case.rules.evaluation.automatic_rounds
    reopenable = (
        lead is not None
        and lead.kind is OrderKind.LEAD
        and not case.withdrawn
        and not case.last_asking
        and case.disposition is None
    )
    if negative(case.rules, act) and unused and reopenable:
        case.stop_clocks(act.received_at, kind=ClockKind.AFTERCARE)
        case.outcome = None
        case.closed_at = None
        begin_round(case, act.received_at, now)
    else:
        case.record(
            EventKind.CORRECTED,
            now,
            was=case.outcome,
            verdict=None if undecided(act) else verdict(act),
            cause="late_evaluation",
        )


def _undo_silent_close(case: Complaint, now: datetime) -> None:
    """Take back a closing by silence that a timely answer has overtaken."""
    case.record(EventKind.CORRECTED, now, was=case.outcome, cause="answered_in_time")
    case.stop_clocks(now, kind=ClockKind.AFTERCARE)
    case.stage, case.outcome, case.closed_at = Stage.EVALUATING, None, None


def _end_answered(case: Complaint, at: datetime, now: datetime) -> None:
    end_opening(case, at)
    case.record(EventKind.EVALUATION_ENDED, now, cause="answered")

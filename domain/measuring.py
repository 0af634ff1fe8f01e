"""Between an act and the next wait: which clocks a ruling must measure, and what it answered."""

from datetime import datetime
from typing import Any

from domain.complaint import Complaint
from domain.event import EventKind
from domain.overtaking import overtake_clock
from domain.rulings import ClockQuestion, ClockRuling, ClocksQuestion, ClocksRuling
from domain.running import RunningClock
from domain.vocabulary import ClockKind

EXPLAINED = frozenset(
    {ClockKind.CITIZEN, ClockKind.ORDER, ClockKind.CO_HANDLING, ClockKind.SUPERVISION}
)
"""The clocks whose day-by-day account goes into the file: a unit or a citizen may ask for it."""

_BUDGETS = EXPLAINED | {ClockKind.HELP, ClockKind.CONTACT}


def stale_clocks(case: Complaint) -> ClocksQuestion | None:
    """The question for all clocks that changed; a clock that follows another waits for its turn."""
    stale = [clock for clock in case.clocks.values() if clock.stale]
    leaders = {clock.id for clock in stale}
    ready = [clock for clock in stale if clock.follows not in leaders]
    if not ready:
        return None
    return ClocksQuestion(
        clocks=tuple(_question(case, clock) for clock in ready),
        duty_calendar=case.rules.duty_calendar,
    )


def accept_measures(case: Complaint, ruling: ClocksRuling, now: datetime) -> None:
    for measured in ruling.clocks:
        clock = case.clocks[measured.id]
        was, expired_at = clock.due_at, clock.expired_at
        clock.accept(measured, now)
        if expired_at is not None and clock.expired_at is None:
            overtake_clock(case, clock, expired_at, now)
        _wake_followers(case, clock, was)
        if clock.kind in _BUDGETS:
            _record(case, clock, measured, was, now)
        if measured.error:
            case.record(EventKind.RULING_FAILED, now, clock=clock.id, reason=measured.error)


def _question(case: Complaint, clock: RunningClock) -> ClockQuestion:
    leader = case.clocks.get(clock.follows) if clock.follows else None
    at_least, at_most = clock.at_least, clock.at_most
    if leader is not None and clock.kind is ClockKind.ORDER:
        at_least = leader.due_at or leader.due_when_held
    elif leader is not None and leader.due_at is not None:
        at_most = min(at_most, leader.due_at) if at_most else leader.due_at
    return ClockQuestion(
        id=clock.id,
        clock=clock.clock,
        calendar=clock.window.calendar,
        calendar_version=clock.calendar_version,
        rungs=clock.ladder,
        at_least=at_least,
        at_most=at_most,
        explain=clock.kind in EXPLAINED,
    )


def _wake_followers(case: Complaint, leader: RunningClock, was: datetime | None) -> None:
    if leader.due_at == was:
        return
    for clock in case.running_clocks():
        if clock.follows == leader.id:
            clock.stale = True


def _record(
    case: Complaint,
    clock: RunningClock,
    measured: ClockRuling,
    was: datetime | None,
    now: datetime,
) -> None:
    case.record(
        EventKind.CLOCK_SET,
        now,
        due_at=measured.due_at,
        clock=clock.id,
        clock_kind=clock.kind,
        order=clock.order,
        was=was.isoformat() if was else None,
        provisional=measured.provisional,
        calendar=clock.window.calendar,
        calendar_version=measured.calendar_version,
        basis=clock.window.basis,
        source=clock.window.source,
        explanation=[line.model_dump(mode="json") for line in measured.explanation] or None,
        **_charged(case, clock),
    )


def _charged(case: Complaint, clock: RunningClock) -> dict[str, Any]:
    """A re-dispatched order may end after the citizen's due: that is the dispatching desk's."""
    citizen = case.clocks.get(clock.follows) if clock.follows else None
    if clock.kind is not ClockKind.ORDER or citizen is None:
        return {}
    if clock.due_at is None or citizen.due_at is None or clock.due_at <= citizen.due_at:
        return {}
    beyond = (clock.due_at - citizen.due_at).total_seconds()
    return {"charged_to": case.rules.desks.hotline, "beyond_citizen_seconds": beyond}

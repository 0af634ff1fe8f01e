"""No complaint without a clock: what is next when every ladder has been climbed and nothing is due.

A closed file whose aftercare is over freezes; any other comes before the last resort every week.
"""

from datetime import datetime

from domain.complaint import Complaint
from domain.escalation import pending
from domain.expiry import freeze
from domain.rules import LegalWindow, Repeat, Rung
from domain.rung import Position
from domain.vocabulary import Basis, ClockKind, Party, RungAction, Stage, WindowName
from domain.window import Amount, TimeUnit

WEEK = Amount(amount=7, unit=TimeUnit.NATURAL_DAYS)
A_YEAR_OF_WEEKS = 52


def keep_watch(case: Complaint, now: datetime) -> None:
    """Start the standing review when nothing else is due; end it as soon as something is."""
    if case.frozen:
        return
    kinds = [case.clocks[due.clock].kind for due in pending(case)]
    if any(kind is not ClockKind.STANDING_REVIEW for kind in kinds):
        case.stop_clocks(now, kind=ClockKind.STANDING_REVIEW)
    elif _is_over(case):
        freeze(case, now, now)
    elif not kinds:
        case.stop_clocks(now, kind=ClockKind.STANDING_REVIEW)
        _start(case, now)


def _is_over(case: Complaint) -> bool:
    aftercare = case.clock_of(ClockKind.AFTERCARE)
    expired = aftercare is not None and aftercare.expired_at is not None
    return case.stage is Stage.CLOSED and expired and case.clock_of(ClockKind.CONTEST) is None


def _start(case: Complaint, now: datetime) -> None:
    desk = case.rules.desks.last_resort
    window: LegalWindow = case.free_window(WEEK, WindowName.AFTERCARE)
    clock = case.start_clock(ClockKind.STANDING_REVIEW, window, desk, now)
    clock.ladder = (
        Rung(
            key="last_resort",
            position=Position(fraction=1),
            action=RungAction.LAST_RESORT,
            level=case.escalation,
            to=(Party.SUPERVISION, Party.LAST_RESORT),
            repeat=Repeat(every=WEEK, times=A_YEAR_OF_WEEKS),
            basis=Basis.DEMO,
            source="every open complaint has a next instant",
        ),
    )

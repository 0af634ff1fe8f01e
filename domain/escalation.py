"""What fires next, and what firing does: rungs climb, due instants act (`domain.expiry`).

A rung's key is (complaint, round, clock, rung): once, in order. One that a change moved into the
past fires at once with lag 0; after an outage reminders collapse into the last one.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.closing import open_supervision
from domain.complaint import Complaint, lag
from domain.event import EventKind
from domain.expiry import expire
from domain.rules import Rung
from domain.rulings import PlacedRung
from domain.running import Fired, RunningClock
from domain.vocabulary import ClockKind, OrderKind, Party, RungAction


@dataclass(frozen=True)
class Due:
    """The next instant of a complaint: on which clock, for which rung (None: the due itself)."""

    at: datetime
    clock: str
    rung: str | None
    label: str
    party: str


def next_due(case: Complaint) -> Due | None:
    """The earliest instant that awaits.

    At one instant a clock's expiry comes before its rungs; only silence on a sign-off comes after
    them, since it stops the clock.
    """
    return min(pending(case), key=lambda due: (due.at, _rank(due)), default=None)


def pending(case: Complaint) -> list[Due]:
    """Every instant that awaits, on every clock that runs."""
    return [due for clock in case.running_clocks() for due in _pending(clock)]


def fire(case: Complaint, due: Due, now: datetime) -> None:
    clock = case.clocks[due.clock]
    if due.rung is None:
        expire(case, clock, due.at, now)
    else:
        placed = next(p for p in clock.placed if p.key == due.rung)
        _climb(case, clock, placed, now)


def _pending(clock: RunningClock) -> list[Due]:
    if clock.passive or clock.stale:
        return []
    dues = [
        Due(placed.at, clock.id, placed.key, _label(clock, placed.key), clock.party)
        for placed in clock.placed
        if clock.awaits(placed)
    ]
    if clock.due_at is not None and clock.expired_at is None:
        dues.append(Due(clock.due_at, clock.id, None, _label(clock, "due"), clock.party))
    return dues


def _rank(due: Due) -> int:
    if due.rung is not None:
        return 1
    return 2 if due.clock.startswith(ClockKind.SIGN_OFF) else 0


def _label(clock: RunningClock, what: str) -> str:
    return f"{clock.kind} {what}: {clock.party}"


def _climb(case: Complaint, clock: RunningClock, placed: PlacedRung, now: datetime) -> None:
    rung = clock.rung(placed.key)
    fired = Fired(key=placed.key, due_at=placed.at, level=rung.level)
    clock.fired[placed.key] = fired
    if _a_later_one_speaks_for(clock, placed, now):
        fired.awaits_later = True
        return
    collapsed = _collapsed_into(clock, placed)
    moved = placed.at in clock.moved
    case.escalation = max(case.escalation, rung.level)
    case.record(
        EventKind.RUNG_FIRED,
        now,
        due_at=placed.at,
        round=case.round,
        clock=clock.id,
        order=clock.order,
        rung=placed.key,
        action=rung.action,
        level=rung.level,
        to=[str(party) for party in rung.to],
        cause="moved" if moved else "due",
        lag=0.0 if moved else lag(placed.at, now),
        basis=rung.basis,
        source=rung.source,
        collapsed=collapsed or None,
    )
    for destination in _destinations(case, clock, rung):
        notice = case.tell(
            destination,
            f"{clock.kind}_{rung.action}",
            now,
            order=clock.order or _lead_id(case),
            due_at=clock.due_at,
            not_before=placed.notify_at,
        )
        fired.told.append((destination, notice))
    if rung.action is RungAction.SUPERVISE and clock.kind is ClockKind.CITIZEN:
        supervision = open_supervision(case, "ladder", placed.at, now)
        fired.supervision = supervision.id if supervision else None


def _a_later_one_speaks_for(clock: RunningClock, placed: PlacedRung, now: datetime) -> bool:
    """After an outage one reminder says it all: of those due by now only the last is sent."""
    kind = _reminds(clock, placed.key)
    return kind is not None and any(
        placed.at < other.at <= now and clock.awaits(other) and _reminds(clock, other.key) == kind
        for other in clock.placed
    )


def _collapsed_into(clock: RunningClock, placed: PlacedRung) -> list[str]:
    """The reminders for which this one speaks."""
    kind = _reminds(clock, placed.key)
    found = []
    for fired in clock.fired.values():
        if fired.awaits_later and _reminds(clock, fired.key) == kind:
            fired.awaits_later = False
            found.append(fired.key)
    return found


def _reminds(clock: RunningClock, key: str) -> str | None:
    """What a rung reminds of, None if it is none: a repetition reminds of the rung it repeats."""
    if "." in key:
        return key.split(".", maxsplit=1)[0]
    return RungAction.REMIND if clock.rung(key).action is RungAction.REMIND else None


def _destinations(case: Complaint, clock: RunningClock, rung: Rung) -> list[str]:
    """Units' codes in the pack's order, each once; a party that nobody is falls to the hotline."""
    desks = case.rules.desks
    owner = desks.hotline if clock.party == "citizen" else clock.party
    found: dict[str, None] = {}
    for party in rung.to:
        match party:
            case Party.OWNER:
                found[owner] = None
            case Party.SUPERIOR:
                found[case.superior(owner)] = None
            case Party.DISTRICT:
                found[case.unit(owner).district or case.district or desks.hotline] = None
            case Party.HOTLINE:
                found[desks.hotline] = None
            case Party.SUPERVISION:
                found[desks.supervision] = None
            case Party.LAST_RESORT:
                found[desks.last_resort] = None
            case Party.CITIZEN if case.submission.person.reachable:
                found[f"citizen:{case.number}"] = None
            case Party.CITIZEN:
                pass
    return list(found)


def _lead_id(case: Complaint) -> str | None:
    lead = case.lead()
    return lead.id if lead and lead.kind is OrderKind.LEAD else None

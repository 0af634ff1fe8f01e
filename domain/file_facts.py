"""What one complaint's file says for the statistics: who led, in time or not, and the answer.

Read from the events alone, so that any past period can be counted again.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from domain.event import Event, EventKind
from domain.model import Frozen, Instant
from domain.state import ComplaintState, OrderView
from domain.vocabulary import (
    ClockKind,
    Contacted,
    EndCause,
    OrderKind,
    Outcome,
    Resolved,
    Satisfied,
)

HOUR = 3600.0


class Answer(Frozen):
    """What the citizen said."""

    contacted: Contacted = Contacted.UNKNOWN
    resolved: Resolved = Resolved.UNKNOWN
    satisfied: Satisfied = Satisfied.UNKNOWN


class RoundFacts(Frozen):
    """One round under its last lead; the leads before it are the hops, their time is lost."""

    round: int
    unit: str
    ended_at: Instant | None
    responded: bool
    on_time: bool
    answer: Answer | None
    late_answers: int
    hops: int
    hours_lost: float
    lags: tuple[float, ...]


class FileFacts(Frozen):
    """`excluded`: a disposition or a withdrawal, counted as volume only."""

    number: str
    tier: str
    category: str | None
    district: str | None
    channel: str
    closed_at: Instant | None
    excluded: bool
    hours_to_dispatch: float | None
    rounds: tuple[RoundFacts, ...]


class _RoundLog:
    """What the events of one round say, while they are read."""

    def __init__(self) -> None:
        self.evaluation_ended_at: datetime | None = None
        self.finished_at: datetime | None = None
        self.answers: list[tuple[bool, Answer]] = []
        self.lags: list[float] = []

    @property
    def ended_at(self) -> datetime | None:
        return self.evaluation_ended_at or self.finished_at

    @property
    def answer(self) -> Answer | None:
        in_time = [answer for late, answer in self.answers if not late]
        return in_time[-1] if in_time else None


def facts_of(events: Sequence[Event]) -> FileFacts | None:
    """The facts of a whole file, its events in order; None while it has no state to tell."""
    state = next((event.state for event in reversed(events) if event.state), None)
    if state is None:
        return None
    logs, contact_due = _read_rounds(events), _contact_due(events)
    rounds = [_round(state, number, logs[number], contact_due) for number in sorted(logs)]
    led = tuple(facts for facts in rounds if facts is not None)
    return FileFacts(
        number=state.number,
        tier=state.tier,
        category=state.category,
        district=state.district,
        channel=state.channel,
        closed_at=state.closed_at,
        excluded=state.outcome is Outcome.WITHDRAWN or state.disposition is not None,
        hours_to_dispatch=_hours_to_dispatch(state),
        rounds=led,
    )


def _read_rounds(events: Sequence[Event]) -> dict[int, _RoundLog]:
    logs: dict[int, _RoundLog] = defaultdict(_RoundLog)
    current = 1
    closed_at: datetime | None = None
    for event in events:
        log = logs[current]
        match event.kind:
            case EventKind.ROUND_BEGUN:
                log.finished_at = log.finished_at or event.due_at or event.acted_at
                current, closed_at = int(event.body.get("round", current + 1)), None
            case EventKind.CLOSED:
                log.finished_at = closed_at = event.due_at or event.acted_at
            case EventKind.WITHDRAWAL_REVOKED:
                log.finished_at = closed_at = None
            case EventKind.EVALUATION_ENDED:
                log.evaluation_ended_at = event.due_at or event.acted_at
            case EventKind.EVALUATED:
                of_round = logs[int(event.body.get("round", current))]
                said_at = event.received_at or event.acted_at
                late = closed_at is not None and said_at > closed_at
                of_round.answers.append((late, Answer.model_validate(event.body)))
            case EventKind.RUNG_FIRED | EventKind.EXPIRED if event.due_at is not None:
                lag = (event.acted_at - event.due_at).total_seconds()
                # A rung that a change moved into the past is not late, whatever the clock says.
                log.lags.append(0.0 if event.body.get("cause") == "moved" else max(0.0, lag))
    return logs


def _contact_due(events: Sequence[Event]) -> dict[str, datetime]:
    """By order, until when its unit had to reach the citizen: the last that was set."""
    return {
        str(event.body.get("order")): event.due_at
        for event in events
        if event.kind is EventKind.CLOCK_SET
        and event.body.get("clock_kind") == ClockKind.CONTACT
        and event.due_at is not None
    }


def _round(
    state: ComplaintState, number: int, log: _RoundLog, contact_due: dict[str, datetime]
) -> RoundFacts | None:
    leads = [o for o in state.orders if o.kind is OrderKind.LEAD and o.round == number]
    if not leads:
        return None
    lead, returned = leads[-1], [o for o in leads if o.cause is EndCause.RETURNED]
    denied = log.answer is not None and log.answer.contacted is Contacted.NO
    lost = [(o.ended_at - o.opened_at).total_seconds() for o in returned if o.ended_at]
    return RoundFacts(
        round=number,
        unit=lead.unit,
        ended_at=log.ended_at,
        responded=not denied and _contacted_in_time(lead, contact_due.get(lead.id)),
        on_time=_on_time(lead),
        answer=log.answer,
        late_answers=sum(1 for late, _ in log.answers if late),
        hops=len(returned),
        hours_lost=sum(lost) / HOUR,
        lags=tuple(log.lags),
    )


def _hours_to_dispatch(state: ComplaintState) -> float | None:
    if state.dispatched_at is None:
        return None
    return (state.dispatched_at - state.received_at).total_seconds() / HOUR


def _contacted_in_time(lead: OrderView, due_at: datetime | None) -> bool:
    return lead.contacted_at is not None and (due_at is None or lead.contacted_at <= due_at)


def _on_time(lead: OrderView) -> bool:
    """By the legal instant: a completion, or the citizen's word that ended the order."""
    confirmed = lead.cause is EndCause.CONFIRMED_BY_CITIZEN
    done_at = lead.completed_at or (lead.ended_at if confirmed else None)
    return done_at is not None and (lead.due_at is None or done_at <= lead.due_at)

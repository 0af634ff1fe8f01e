"""One complaint, read from the ledger: its state, its events, its deadlines."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access import File, open_file
from api.act_routes import Number
from api.answers import READ_RESPONSES
from api.auth import Authenticated, Caller
from api.opened import with_answers
from api.related import related
from api.resources import Shared
from api.view import (
    ClockLine,
    ComplaintView,
    RepeatView,
    clock_lines,
    complaint_view,
    links,
    only_registered,
)
from domain.acts import Actor, Sealable
from domain.event import EventKind
from domain.model import Instant, Strict
from domain.vocabulary import Role
from storage import complaints, events

router = APIRouter(prefix="/v1", tags=["complaints"], responses=READ_RESPONSES)

SEES_STAFF = frozenset({Role.HOTLINE, Role.SUPERVISOR, Role.AUDITOR, Role.OPERATOR})


class EventLine(Strict):
    """A fact of the file, its words shown as `sealed`; an auditor has the verbatim `file`."""

    sequence: int
    kind: EventKind
    actor: Actor
    received_at: Instant | None
    due_at: Instant | None
    acted_at: Instant
    body: dict[str, Any]
    hash: str
    file: dict[str, Any] | None = None


class EventPage(Strict):
    items: list[EventLine]
    next: str | None


class DeadlineLine(ClockLine):
    """A clock's account: one line per day, which add up to the budget."""

    days: list[dict[str, Any]]


class Deadlines(Strict):
    number: str
    as_of: Instant
    clocks: list[DeadlineLine]


@router.get("/complaints/{number}", operation_id="read_complaint")
async def complaint(
    caller: Authenticated, shared: Shared, number: Number
) -> ComplaintView | RepeatView:
    """The complaint; of a repeat, for hotline, supervisor, auditor and operator, where it went."""
    file = await open_file(shared, number, caller)
    if file.attached_to is not None:
        return _repeat_view(file, file.attached_to)
    if file.read is None:
        view = only_registered(file.submission)
    else:
        view = complaint_view(file.read.state, caller, file.read.as_of)
    if caller.role is Role.CITIZEN:
        return view if file.read is None else await with_answers(shared, file, view)
    return view.model_copy(update={"related": await related(shared, file, caller)})


@router.get("/complaints/{number}/events", operation_id="read_events")
async def complaint_events(
    caller: Authenticated,
    shared: Shared,
    number: Number,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> EventPage:
    """`after` is the `next` of the page before."""
    await open_file(shared, number, caller)
    async with shared.database.transaction() as session:
        lines = await events.of(session, number, after, limit)
    more = len(lines) == limit
    shown = [_event_line(line, caller) for line in lines]
    return EventPage(items=shown, next=str(shown[-1].sequence) if more else None)


@router.get("/complaints/{number}/deadline", operation_id="explain_deadline")
async def deadline(caller: Authenticated, shared: Shared, number: Number) -> Deadlines:
    """Why each clock is due when it is: what counted on which day, by which rule and source."""
    file = await open_file(shared, number, caller)
    if file.read is None:
        return Deadlines(number=number, as_of=file.entry.received_at, clocks=[])
    async with shared.database.transaction() as session:
        accounts = await complaints.deadlines(session, number) or {}
    lines = [
        DeadlineLine(**dict(clock), days=(accounts.get(clock.id) or {}).get("explanation") or [])
        for clock in clock_lines(file.read.state)
    ]
    return Deadlines(number=number, as_of=file.read.as_of, clocks=lines)


def _repeat_view(file: File, attached_to: str) -> RepeatView:
    return RepeatView(
        number=file.number,
        attached_to=attached_to,
        pending=file.entry.status is None,
        channel=file.submission.channel,
        received_at=file.entry.received_at,
        links=links(file.number),
    )


def _event_line(line: events.ChainedEvent, caller: Caller) -> EventLine:
    event = line.event
    staff = event.actor if caller.role in SEES_STAFF else _unnamed(event.actor)
    verbatim = {**line.fields, "previous_hash": line.previous_hash, "hash": line.hash}
    return EventLine(
        sequence=event.sequence,
        kind=event.kind,
        actor=staff,
        received_at=event.received_at,
        due_at=event.due_at,
        acted_at=event.acted_at,
        body=_without_words(event.body),
        hash=line.hash,
        file=verbatim if caller.role is Role.AUDITOR else None,
    )


def _unnamed(actor: Actor) -> Actor:
    return actor.model_copy(update={"person": None, "key": actor.role.value})


def _without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_words(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_words(inner) for inner in value]
    sealed = isinstance(value, str) and value.startswith(Sealable.SEAL)
    return "sealed" if sealed else value

"""The projection rebuilt from truth: by folding events, never by running code.

Truth is what the workflow's history says it wrote; where there is no history any more, the
verified events. Journal, vault, API keys, access log, delivery states and labels are left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.event import Event
from domain.state import ComplaintState, OrderView
from storage import events, ledger
from storage.events import ChainedEvent, same_fact
from storage.locks import Lock, hold
from storage.projection import Projection, fold
from storage.tables import ComplaintRow, OrderRow
from storage.verify import judge


@dataclass(frozen=True)
class Finding:
    """How a complaint's projection compares with truth up to its last acknowledged sequence.

    `digest` is the SHA-256 over the canonical rows that truth comes to. `beyond_repair` differences
    are not mended by a rebuild: a person must look.
    """

    number: str
    from_history: bool
    acknowledged: int
    digest: str | None = None
    differences: tuple[str, ...] = ()
    beyond_repair: bool = False


async def rebuild(
    session: AsyncSession, number: str, history: Sequence[Event] | None, check: bool
) -> Finding:
    """Compares and, unless it is only a check, puts right. `history`: what it acknowledged.

    Events that the history has and the table lost (an older backup) are appended again.
    """
    await hold(session, Lock.LEDGER, number)
    stored = await events.of(session, number)
    told = _whole(history)
    verdict = judge(number, stored, 0)
    if verdict.broken_at is not None:
        broken = f"the chain breaks at {verdict.broken_at}: {verdict.reason}"
        return Finding(number, bool(told), len(told), None, (broken,), beyond_repair=True)
    conflicts = _conflicts(told, stored)
    if conflicts:
        return Finding(number, True, len(told), None, tuple(conflicts), beyond_repair=True)
    truth = [*told, *(line.event for line in stored[len(told) :])]
    expected = fold(truth)
    differences = [*_lost(told, stored), *_differences(expected, await _present(session, number))]
    if differences and not check:
        await _put_right(session, number, truth, expected)
    return Finding(
        number,
        bool(told),
        len(told) or len(stored),
        expected.digest() if expected else None,
        tuple(differences),
    )


def _whole(history: Sequence[Event] | None) -> list[Event]:
    """The acknowledged events from the first on; a history without its beginning tells nothing."""
    by_sequence = {event.sequence: event for event in history or ()}
    told: list[Event] = []
    while (event := by_sequence.get(len(told) + 1)) is not None:
        told.append(event)
    return told


def _conflicts(told: Sequence[Event], stored: Sequence[ChainedEvent]) -> list[str]:
    return [
        f"event {event.sequence} differs from the history's"
        for event, line in zip(told, stored, strict=False)
        if not same_fact(event, line.event)
    ]


def _lost(told: Sequence[Event], stored: Sequence[ChainedEvent]) -> list[str]:
    if len(stored) >= len(told):
        return []
    return [f"events {len(stored) + 1} to {len(told)} are missing"]


def _differences(expected: Projection | None, present: Projection | None) -> list[str]:
    if expected is None or present is None:
        return [] if expected is present else [_missing(expected)]
    if expected.digest() == present.digest():
        return []
    columns = [
        f"complaints.{name}"
        for name, value in expected.complaint.items()
        if value != present.complaint[name]
    ]
    return [f"{', '.join(columns) or 'orders'} differ from the events"]


def _missing(expected: Projection | None) -> str:
    return "no event stands behind the projection" if expected is None else "no projection"


async def _put_right(
    session: AsyncSession, number: str, truth: Sequence[Event], expected: Projection | None
) -> None:
    await ledger.append_events(session, number, truth)
    await ledger.drop_projection(session, number)
    if expected is not None:
        await ledger.project(session, expected)


async def _present(session: AsyncSession, number: str) -> Projection | None:
    """The rows as they stand, their documents spelled by today's models."""
    complaint = await session.get(ComplaintRow, number)
    if complaint is None:
        return None
    orders = await session.scalars(select(OrderRow).where(OrderRow.number == number))
    state = {"state": _spelled(ComplaintState, complaint.state)}
    return Projection(
        complaint=_columns(complaint) | state,
        orders=tuple(_columns(row) | {"view": _spelled(OrderView, row.view)} for row in orders),
    )


def _spelled(model: type[BaseModel], document: dict[str, Any]) -> dict[str, Any]:
    """A document that an older model wrote is no difference; one that none wrote stays as it is."""
    try:
        return model.model_validate(document).model_dump(mode="json")
    except ValidationError:
        return document


def _columns(row: ComplaintRow | OrderRow) -> dict[str, Any]:
    names = [column.key for column in row.__table__.columns if column.key != "updated_at"]
    return {name: getattr(row, name) for name in names}

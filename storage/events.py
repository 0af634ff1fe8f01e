"""Reading the legal file: events in their order, with the hashes that chain them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.event import Event
from storage.tables import EventRow


@dataclass(frozen=True)
class ChainedEvent:
    """An event as it stands in the file. `fields` is its JSON as written, which the hash covers."""

    event: Event
    fields: dict[str, Any]
    previous_hash: str
    hash: str


async def of(
    session: AsyncSession, number: str, after: int = 0, limit: int | None = None
) -> list[ChainedEvent]:
    """The events with a sequence above `after`, oldest first."""
    query = (
        select(EventRow)
        .where(EventRow.number == number, EventRow.sequence > after)
        .order_by(EventRow.sequence)
        .limit(limit)
    )
    return [chained(row) for row in await session.scalars(query)]


async def numbers(session: AsyncSession) -> AsyncIterator[str]:
    """Every complaint with a file, in order of the number."""
    query = select(EventRow.number).where(EventRow.sequence == 1).order_by(EventRow.number)
    async for number in await session.stream_scalars(query):
        yield number


def chained(row: EventRow) -> ChainedEvent:
    fields = {
        "number": row.number,
        "sequence": row.sequence,
        "kind": row.kind,
        "actor": row.actor,
        "acted_at": row.acted_at,
        "received_at": row.received_at,
        "due_at": row.due_at,
        "body": row.body,
        "state": row.state,
    }
    event = Event.model_validate(fields)
    instants = event.model_dump(mode="json", include={"acted_at", "received_at", "due_at"})
    return ChainedEvent(event, {**fields, **instants}, row.previous_hash, row.hash)


def same_fact(one: Event, other: Event) -> bool:
    """Whether two events tell the same. The state left behind may be told in newer words."""
    without = {"state"}
    return one.model_dump(mode="json", exclude=without) == other.model_dump(
        mode="json", exclude=without
    )

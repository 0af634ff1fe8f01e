"""Labels: what a person decided on a category, beside what was guessed. Training data."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.event import Event, EventKind
from domain.vocabulary import Role
from storage.tables import LabelRow

DECISIONS = frozenset({EventKind.CLASSIFIED, EventKind.CLASSIFICATION_RECORDED})


async def learn(session: AsyncSession, events: Iterable[Event]) -> None:
    """Keeps the decisions among `events` that a person took; the engine's own teach nothing."""
    for event in events:
        by_person = event.kind in DECISIONS and event.actor.role is not Role.ENGINE
        if by_person and "category" in event.body:
            label = {
                "number": event.number,
                "sequence": event.sequence,
                "guessed": event.body.get("was"),
                "decided": event.body["category"],
                "decided_by": event.actor.person or event.actor.key,
                "decided_at": event.received_at or event.acted_at,
            }
            await session.execute(insert(LabelRow).values(label).on_conflict_do_nothing())


async def newest(session: AsyncSession) -> list[LabelRow]:
    """The last decision on each complaint, by number."""
    query = select(LabelRow).order_by(LabelRow.number, LabelRow.sequence)
    return list({row.number: row for row in await session.scalars(query)}.values())


async def of(session: AsyncSession, number: str) -> list[LabelRow]:
    query = select(LabelRow).where(LabelRow.number == number).order_by(LabelRow.sequence)
    return list(await session.scalars(query))

"""The access log: who read which field of which complaint, why and when (append-only)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.key_tables import ReadRow


@dataclass(frozen=True, kw_only=True)
class Read:
    """`field` is `matter` or `person`; `person` is the member of staff that the key names."""

    number: str
    key_id: str
    person: str | None
    field: str
    reason: str | None
    at: datetime


async def record(session: AsyncSession, read: Read) -> None:
    """In the same transaction that reads, so that nothing is shown that was not logged."""
    session.add(ReadRow(**vars(read)))
    await session.flush()


async def of(session: AsyncSession, *numbers: str) -> list[Read]:
    """All reads of a complaint and of its repeats, oldest first."""
    query = select(ReadRow).where(ReadRow.number.in_(numbers)).order_by(ReadRow.id)
    return [
        Read(
            number=row.number,
            key_id=row.key_id,
            person=row.person,
            field=row.field,
            reason=row.reason,
            at=row.at,
        )
        for row in await session.scalars(query)
    ]

"""Reading complaints: what the ledger says of them, and as of when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.state import ComplaintState
from storage.filters import Filters, on_complaints
from storage.pages import Cursor, Page
from storage.tables import ComplaintRow


@dataclass(frozen=True)
class ComplaintRead:
    """`as_of` is the newest event's instant; `updated_at` is when the ledger wrote it."""

    state: ComplaintState
    as_of: datetime
    updated_at: datetime


async def get(session: AsyncSession, number: str) -> ComplaintRead | None:
    """None also while a complaint stands in the journal only."""
    row = await session.get(ComplaintRow, number)
    return None if row is None else _read(row)


async def find(
    session: AsyncSession, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[ComplaintRead]:
    """A page, the nearest due first. Raises `BadCursor`."""
    query = select(ComplaintRow).where(*on_complaints(filters))
    if cursor is not None:
        place = Cursor.read(cursor).after(ComplaintRow.next_due_at, ComplaintRow.number)
        query = query.where(place)
    query = query.order_by(ComplaintRow.next_due_at.asc().nulls_last(), ComplaintRow.number)
    rows = list(await session.scalars(query.limit(limit + 1)))
    shown = rows[:limit]
    more = len(rows) > limit
    following = Cursor(shown[-1].next_due_at, shown[-1].number).write() if more else None
    return Page(tuple(map(_read, shown)), following)


async def deadlines(session: AsyncSession, number: str) -> dict[str, Any] | None:
    """By clock id, the body of the newest event that set this clock, explanation included."""
    return await session.scalar(select(ComplaintRow.deadlines).where(ComplaintRow.number == number))


def _read(row: ComplaintRow) -> ComplaintRead:
    return ComplaintRead(ComplaintState.model_validate(row.state), row.as_of, row.updated_at)

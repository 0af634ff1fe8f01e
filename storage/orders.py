"""Reading orders: what units have on their desks, and who may see which."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.state import OrderView
from storage.filters import Filters, on_orders, sees
from storage.pages import Cursor, Page
from storage.projection import BINDING
from storage.tables import ComplaintRow, OrderRow


@dataclass(frozen=True)
class OrderRead:
    """An order, and what its complaint is like. `updated_at` is when the ledger wrote it."""

    number: str
    order: OrderView
    stage: str
    tier: str
    category: str | None
    district: str | None
    waiting_on: str | None
    as_of: datetime
    updated_at: datetime


async def get(session: AsyncSession, order_id: str) -> OrderRead | None:
    query = _joined().where(OrderRow.id == order_id)
    found = (await session.execute(query)).one_or_none()
    return None if found is None else _read(*found)


async def find(
    session: AsyncSession, filters: Filters, cursor: str | None = None, limit: int = 50
) -> Page[OrderRead]:
    """A page, the nearest due first; orders that bind nobody any more come last.

    Raises `BadCursor`.
    """
    query = _joined().where(*on_orders(filters))
    if cursor is not None:
        query = query.where(Cursor.read(cursor).after(OrderRow.next_due_at, OrderRow.id))
    query = query.order_by(OrderRow.next_due_at.asc().nulls_last(), OrderRow.id)
    rows = list(await session.execute(query.limit(limit + 1)))
    shown = rows[:limit]
    more = len(rows) > limit
    following = Cursor(shown[-1][0].next_due_at, shown[-1][0].id).write() if more else None
    return Page(tuple(_read(*row) for row in shown), following)


async def may_see(session: AsyncSession, number: str, unit: str) -> bool:
    """Whether the unit has, or ever had, an order of this complaint or a copy of one."""
    query = select(exists().where(OrderRow.number == number, sees(unit)))
    return bool(await session.scalar(query))


async def has_open(session: AsyncSession, number: str, unit: str) -> bool:
    """Whether an order of this complaint binds the unit now: the condition to read a person."""
    states = [state.value for state in BINDING]
    query = select(
        exists().where(OrderRow.number == number, OrderRow.unit == unit, OrderRow.state.in_(states))
    )
    return bool(await session.scalar(query))


def _joined() -> Select[OrderRow, ComplaintRow]:
    return select(OrderRow, ComplaintRow).join(ComplaintRow, OrderRow.number == ComplaintRow.number)


def _read(row: OrderRow, complaint: ComplaintRow) -> OrderRead:
    return OrderRead(
        number=row.number,
        order=OrderView.model_validate(row.view),
        stage=complaint.stage,
        tier=complaint.tier,
        category=complaint.category,
        district=complaint.district,
        waiting_on=complaint.waiting_on,
        as_of=complaint.as_of,
        updated_at=row.updated_at,
    )

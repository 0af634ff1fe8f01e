"""Notices and their delivery states. A delivery is recorded by whichever lane comes first."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.batch import Delivery
from domain.notice import Notice
from storage.tables import NoticeRow

PENDING = "pending"
DELIVERED = "delivered"
UNDELIVERABLE = "undeliverable"


async def add(session: AsyncSession, notices: Sequence[Notice]) -> None:
    """Notices to be delivered; one that is there already keeps its delivery state."""
    if notices:
        # Values that stand inside the statement would have it compiled anew for every notice.
        statement = insert(NoticeRow).on_conflict_do_nothing()
        await session.execute(statement, [_values(notice) for notice in notices])


async def apply(session: AsyncSession, deliveries: Iterable[Delivery]) -> None:
    """How notices fared. What was delivered stays so, whatever is reported later."""
    for delivery in deliveries:
        await session.execute(
            update(NoticeRow)
            .where(NoticeRow.id == delivery.notice, NoticeRow.state != DELIVERED)
            .values(**_fate(delivery))
            .execution_options(synchronize_session=False)
        )


async def record(session: AsyncSession, notice: Notice, delivery: Delivery) -> None:
    """The same from the sender's side, who may know of a notice before the ledger does."""
    await add(session, [notice])
    await apply(session, [delivery])


async def delivered(session: AsyncSession, ids: Iterable[str]) -> dict[str, Delivery]:
    """Those of `ids` that have reached their destination."""
    query = select(NoticeRow).where(NoticeRow.id.in_(list(ids)), NoticeRow.state == DELIVERED)
    return {
        row.id: Delivery(notice=row.id, delivered_at=row.delivered_at)
        for row in await session.scalars(query)
    }


async def of(session: AsyncSession, number: str) -> list[NoticeRow]:
    """The notices of one complaint, oldest first."""
    query = select(NoticeRow).where(NoticeRow.number == number)
    return list(await session.scalars(query.order_by(NoticeRow.made_at, NoticeRow.id)))


def _values(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "number": notice.number,
        "destination": notice.destination,
        "kind": notice.kind,
        "made_at": notice.made_at,
        "notice": notice.model_dump(mode="json"),
    }


def _fate(delivery: Delivery) -> dict[str, Any]:
    if delivery.delivered_at is not None:
        return {"state": DELIVERED, "delivered_at": delivery.delivered_at}
    return {
        "state": UNDELIVERABLE,
        "undeliverable_at": delivery.undeliverable_at,
        "reason": delivery.reason,
    }

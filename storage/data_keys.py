"""The vault's table: one wrapped data key per complaint, until it is erased."""

import asyncio

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import likenesses, sketches
from storage.database import Database
from storage.errors import StillSeen
from storage.key_tables import VAULT, DataKeyRow, SketchRow

PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5)
"""Between attempts: most transactions that can still see an old row end in milliseconds."""


async def add(
    session: AsyncSession, number: str, wrapped: bytes, master_key_id: str, person_key: str | None
) -> None:
    session.add(
        DataKeyRow(
            number=number,
            wrapped_key=wrapped,
            master_key_id=master_key_id,
            person_key=person_key,
        )
    )
    await session.flush()


async def find(session: AsyncSession, number: str) -> DataKeyRow | None:
    return await session.get(DataKeyRow, number)


async def numbers_of(session: AsyncSession, person_key: str) -> list[str]:
    """The complaints of one person, newest first."""
    query = select(DataKeyRow.number).where(DataKeyRow.person_key == person_key)
    return list(await session.scalars(query.order_by(DataKeyRow.created_at.desc())))


async def renew_receipt(session: AsyncSession, number: str) -> int | None:
    """Makes older receipt tokens void; returns the new version, None for an unknown number."""
    statement = (
        update(DataKeyRow)
        .where(DataKeyRow.number == number)
        .values(receipt_version=DataKeyRow.receipt_version + 1)
        .returning(DataKeyRow.receipt_version)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement)


async def erase(session: AsyncSession, number: str) -> bool:
    """Forgets key, person, sketch and likenesses; False for an unknown number. Repeating changes
    nothing."""
    await sketches.drop(session, [number])
    await likenesses.drop(session, [number])
    statement = (
        update(DataKeyRow)
        .where(DataKeyRow.number == number)
        .values(
            wrapped_key=None,
            person_key=None,
            erased_at=func.coalesce(DataKeyRow.erased_at, func.clock_timestamp()),
        )
        .returning(DataKeyRow.number)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def scrub(database: Database) -> None:
    """Writes the tables anew without their dead rows, which PostgreSQL would keep in its files.

    Raises `StillSeen`. The old wrapped key stays readable in the write-ahead log and in backups as
    long as those are kept; there it opens only with the master key.
    """
    for row in (DataKeyRow, SketchRow):
        await _scrub(database, f"{VAULT}.{row.__tablename__}")


async def _scrub(database: Database, table: str) -> None:
    for pause in PAUSES_SECONDS:
        if await database.rewrite(table) == 0:
            return
        await asyncio.sleep(pause)
    raise StillSeen

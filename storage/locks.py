"""One writer at a time per complaint, by PostgreSQL's advisory locks; released at commit."""

from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


class Lock(IntEnum):
    """What is locked: an act entering the journal does not wait for the ledger.

    A person's lock is held by their person key, and taken before that of a complaint.
    """

    JOURNAL = 1
    LEDGER = 2
    PERSON = 3


async def hold(session: AsyncSession, lock: Lock, name: str) -> None:
    """Waits for its turn. Two names may share a lock by chance; that only costs time."""
    await session.execute(select(func.pg_advisory_xact_lock(int(lock), func.hashtext(name))))

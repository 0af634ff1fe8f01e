"""The journal: what came in, with the `received_at` that law goes by, until the workflow has it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.locks import Lock, hold
from storage.tables import JournalRow

SUBMISSION = "submission"
CREATED = 201
"""The status of a submission that opened a complaint."""
PENDING = "pending"
DELIVERED = "delivered"
LONGEST_BACK_OFF = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A submission or an act to be journaled; `body` is the sealed model as JSON.

    `kind` is `submission` or the act's name; a submission that only repeats an open complaint names
    that in `attach_to`. `body_hash` tells a repeat from another use of the
    same key; make it a keyed hash (`SealingKeys.body_hash`), for the plain body names persons.
    """

    number: str
    act_id: str
    kind: str
    key_id: str
    idempotency_key: str
    body_hash: str
    body: dict[str, Any]
    received_at: datetime
    order_id: str | None = None
    channel: str | None = None
    external_id: str | None = None
    attach_to: str | None = None


@dataclass(frozen=True)
class Entered:
    """`created` is True for exactly one of any number of identical calls."""

    row: JournalRow
    created: bool


async def enter(session: AsyncSession, entry: Entry, relay_after: timedelta) -> Entered:
    """Inserts the entry, or fetches the one that the same key, or the same external id, made.

    A concurrent twin waits until the first commits. The relay leaves the entry to its caller for
    `relay_after`.
    """
    # The ids of one complaint commit in their order.
    await hold(session, Lock.JOURNAL, entry.attach_to or entry.number)
    values = {**vars(entry), "next_attempt_at": entry.received_at + relay_after}
    statement = insert(JournalRow).values(values).on_conflict_do_nothing().returning(JournalRow)
    created = await session.scalar(statement)
    if created is not None:
        return Entered(created, True)
    twin = await find(session, entry.key_id, entry.idempotency_key)
    if twin is None and entry.channel is not None and entry.external_id is not None:
        twin = await find_external(session, entry.channel, entry.external_id)
    assert twin is not None, "the journal loses no rows"
    return Entered(twin, False)


async def find(session: AsyncSession, key_id: str, idempotency_key: str) -> JournalRow | None:
    query = select(JournalRow).where(
        JournalRow.key_id == key_id, JournalRow.idempotency_key == idempotency_key
    )
    return await session.scalar(query)


async def holds_another(session: AsyncSession, key_id: str, prefix: str, body_hash: str) -> bool:
    """Whether one of the idempotency keys with this prefix came with another body."""
    query = select(
        exists().where(
            JournalRow.key_id == key_id,
            func.starts_with(JournalRow.idempotency_key, prefix),
            JournalRow.body_hash != body_hash,
        )
    )
    return bool(await session.scalar(query))


async def count(session: AsyncSession, number: str, key_id: str) -> int:
    """How much one caller has already sent for one complaint."""
    query = select(func.count()).where(JournalRow.number == number, JournalRow.key_id == key_id)
    return await session.scalar(query) or 0


async def find_external(session: AsyncSession, channel: str, external_id: str) -> JournalRow | None:
    """The submission that a channel already made under its own id."""
    query = select(JournalRow).where(
        JournalRow.kind == SUBMISSION,
        JournalRow.channel == channel,
        JournalRow.external_id == external_id,
    )
    return await session.scalar(query)


async def submission(session: AsyncSession, number: str) -> JournalRow | None:
    """What the complaint began with; there before the workflow is."""
    query = select(JournalRow).where(JournalRow.number == number, JournalRow.kind == SUBMISSION)
    return await session.scalar(query)


async def own_complaints(session: AsyncSession, numbers: Collection[str], pack: str) -> set[str]:
    """Those of the numbers under which a complaint of this pack stands, and not only a repeat."""
    query = select(JournalRow.number).where(
        JournalRow.number.in_(numbers),
        JournalRow.kind == SUBMISSION,
        JournalRow.body["pack"].as_string() == pack,
        is_own_complaint(),
    )
    return set(await session.scalars(query))


def is_own_complaint() -> ColumnElement[bool]:
    """A submission that opens a complaint; also a repeat that came too late to be attached."""
    return or_(JournalRow.attach_to.is_(None), _became_own())


def _became_own() -> ColumnElement[bool]:
    return func.coalesce(JournalRow.status, 0) == CREATED


async def repeats_of(session: AsyncSession, number: str) -> list[JournalRow]:
    """What was, or still is to be, attached to the complaint, oldest first."""
    query = select(JournalRow).where(JournalRow.attach_to == number, ~_became_own())
    return list(await session.scalars(query.order_by(JournalRow.id)))


async def settle(
    session: AsyncSession, entry_id: int, status: int, response: dict[str, Any]
) -> bool:
    """Keeps the first answer for every repeat; False where one was kept already."""
    statement = (
        update(JournalRow)
        .where(JournalRow.id == entry_id, JournalRow.state == PENDING)
        .values(
            state=DELIVERED,
            status=status,
            response=response,
            delivered_at=func.clock_timestamp(),
        )
        .returning(JournalRow.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def has_earlier_pending(session: AsyncSession, entry_id: int) -> bool:
    """Whether an earlier act of this complaint still waits: then this one must wait behind it."""
    waits = or_(*_in_the_way(aliased(JournalRow)))
    query = select(exists().where(JournalRow.id == entry_id, waits))
    return bool(await session.scalar(query))


async def claim(session: AsyncSession, now: datetime, limit: int = 20) -> list[JournalRow]:
    """The entries that the relay should try: of each complaint only the oldest that is pending.

    A claim counts as an attempt and moves `next_attempt_at` on, so that no other relay takes the
    entry meanwhile and a relay that dies has lost nothing. Deliver outside this transaction.
    """
    query = (
        select(JournalRow)
        .where(
            JournalRow.state == PENDING,
            JournalRow.next_attempt_at <= now,
            *(~waits for waits in _in_the_way(aliased(JournalRow))),
        )
        .order_by(JournalRow.next_attempt_at, JournalRow.id)
        .limit(limit)
        .with_for_update(of=JournalRow, skip_locked=True)
    )
    heads = list(await session.scalars(query))
    for head in heads:
        head.attempts += 1
        head.next_attempt_at = now + back_off(head.attempts)
    await session.flush()
    return heads


def _in_the_way(earlier: type[JournalRow]) -> list[ColumnElement[bool]]:
    """An earlier entry of the same complaint waits; a repeat also stands in the line of the one
    that it goes to."""
    return [
        exists().where(theirs == ours, earlier.state == PENDING, earlier.id < JournalRow.id)
        for ours in (JournalRow.number, JournalRow.attach_to)
        for theirs in (earlier.number, earlier.attach_to)
    ]


def back_off(attempts: int) -> timedelta:
    """Doubles from two seconds up to half a minute."""
    return min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_BACK_OFF)

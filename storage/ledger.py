"""The one writer of the legal file: events, chain, projections, notices, in one transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, cast, delete, func, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.batch import LedgerBatch
from domain.chain import GENESIS, link
from domain.event import Event
from domain.state import ComplaintState
from domain.vocabulary import Stage
from storage import labels, notices, sketches
from storage.errors import LedgerConflict, LedgerGap
from storage.events import chained, of, same_fact
from storage.locks import Lock, hold
from storage.projection import Projection, fold
from storage.tables import ComplaintRow, EventRow, OrderRow


async def append(session: AsyncSession, batch: LedgerBatch) -> None:
    """Writes the batch once, whatever part of it an earlier attempt has already committed.

    Raises `LedgerGap` where an event's predecessor is missing, and `LedgerConflict` where another
    event stands in its place; then nothing of the batch is written.
    """
    await hold(session, Lock.LEDGER, batch.number)
    written = await append_events(session, batch.number, batch.events)
    if written:
        projection = await _projected(session, batch.number, written)
        if projection is not None:
            await project(session, projection)
            if projection.complaint["stage"] == Stage.CLOSED:  # only open ones are compared
                await sketches.drop(session, [batch.number])
        await labels.learn(session, written)
    await notices.add(session, batch.notices)
    await notices.apply(session, batch.deliveries)


async def _projected(
    session: AsyncSession, number: str, written: Sequence[Event]
) -> Projection | None:
    """A batch may end in the middle of a step, and the first ones before any state."""
    row = await session.get(ComplaintRow, number)
    if row is None:
        return fold([line.event for line in await of(session, number)])
    told = any(event.state for event in written)
    before = None if told else ComplaintState.model_validate(row.state)
    return fold(written, before, row.deadlines)


async def project(session: AsyncSession, projection: Projection) -> None:
    """Puts a complaint's rows in place of those that stand."""
    complaint = insert(ComplaintRow).values(projection.complaint)
    await session.execute(
        complaint.on_conflict_do_update(
            index_elements=["number"],
            set_=_newer(complaint, projection.complaint),
        )
    )
    if projection.orders:
        await _put_orders(session, projection.orders)


async def _put_orders(session: AsyncSession, rows: tuple[dict[str, Any], ...]) -> None:
    """Orders that stay the same keep their `updated_at`."""
    orders = insert(OrderRow).values(list(rows))
    await session.execute(
        orders.on_conflict_do_update(
            index_elements=["id"],
            set_=_newer(orders, rows[0]),
            where=cast(OrderRow.view, Text).is_distinct_from(cast(orders.excluded.view, Text)),
        )
    )


def _newer(statement: Insert, row: dict[str, Any]) -> dict[str, Any]:
    columns = {name: statement.excluded[name] for name in row}
    return {**columns, "updated_at": func.clock_timestamp()}


async def drop_projection(session: AsyncSession, number: str) -> None:
    await session.execute(delete(OrderRow).where(OrderRow.number == number))
    await session.execute(delete(ComplaintRow).where(ComplaintRow.number == number))


async def append_events(session: AsyncSession, number: str, events: Sequence[Event]) -> list[Event]:
    """Extends the chain; returns the events that were not there yet."""
    last, head = await _head(session, number)
    written: list[Event] = []
    for event in events:
        if event.number != number:
            raise LedgerConflict(number, event.sequence)
        if event.sequence <= last:
            await _insist_on_the_same(session, event, written)
            continue
        if event.sequence != last + 1:
            raise LedgerGap(number, event.sequence)
        previous, head, last = head, link(head, event), event.sequence
        session.add(_row(event, previous, head))
        written.append(event)
    await session.flush()
    return written


async def _head(session: AsyncSession, number: str) -> tuple[int, str]:
    query = (
        select(EventRow.sequence, EventRow.hash)
        .where(EventRow.number == number)
        .order_by(EventRow.sequence.desc())
        .limit(1)
    )
    newest = (await session.execute(query)).one_or_none()
    return (0, GENESIS) if newest is None else (newest.sequence, newest.hash)


async def _insist_on_the_same(session: AsyncSession, event: Event, written: list[Event]) -> None:
    if written:  # a batch that goes back behind its own beginning is out of order
        raise LedgerConflict(event.number, event.sequence)
    stored = await session.get_one(EventRow, (event.number, event.sequence))
    if not same_fact(chained(stored).event, event):
        raise LedgerConflict(event.number, event.sequence)


def _row(event: Event, previous: str, digest: str) -> EventRow:
    document = event.model_dump(mode="json")
    return EventRow(
        number=event.number,
        sequence=event.sequence,
        kind=event.kind.value,
        actor=document["actor"],
        acted_at=event.acted_at,
        received_at=event.received_at,
        due_at=event.due_at,
        body=document["body"],
        state=document["state"],
        previous_hash=previous,
        hash=digest,
    )

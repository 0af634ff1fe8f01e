"""The files that a period's rates are counted from."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from domain.event import Event, EventKind
from domain.state import ComplaintState
from storage.tables import ComplaintRow, EventRow

ENDINGS = (EventKind.EVALUATION_ENDED, EventKind.ROUND_BEGUN, EventKind.CLOSED)
FILES_AT_ONCE = 500


async def events_for_rates(
    session: AsyncSession, since: datetime, until: datetime
) -> AsyncIterator[list[Event]]:
    """Whole files, each in order, in which a round's evaluation ended within `[since, until)`.

    By the instant of law where an event has one. A file may hold rounds of other periods too. Only
    the last event of each carries a state, the newest.
    """
    ended = func.coalesce(EventRow.due_at, EventRow.acted_at)
    query = (
        select(EventRow.number)
        .where(EventRow.kind.in_([kind.value for kind in ENDINGS]), ended >= since, ended < until)
        .distinct()
        .order_by(EventRow.number)
    )
    numbers = list(await session.scalars(query))
    for start in range(0, len(numbers), FILES_AT_ONCE):
        for file in await _files(session, numbers[start : start + FILES_AT_ONCE]):
            yield file


async def _files(session: AsyncSession, numbers: Sequence[str]) -> list[list[Event]]:
    states = await session.execute(
        select(ComplaintRow.number, ComplaintRow.state).where(ComplaintRow.number.in_(numbers))
    )
    newest = {number: ComplaintState.model_validate(state) for number, state in states}
    rows = await session.scalars(
        select(EventRow)
        .where(EventRow.number.in_(numbers))
        .order_by(EventRow.number, EventRow.sequence)
        .options(defer(EventRow.state))
    )
    files = []
    for number, lines in groupby(rows, key=lambda row: row.number):
        file = [_stateless(row) for row in lines]
        file[-1] = file[-1].model_copy(update={"state": newest.get(number)})
        files.append(file)
    return files


def _stateless(row: EventRow) -> Event:
    return Event.model_validate(
        {
            "number": row.number,
            "sequence": row.sequence,
            "kind": row.kind,
            "actor": row.actor,
            "acted_at": row.acted_at,
            "received_at": row.received_at,
            "due_at": row.due_at,
            "body": row.body,
        }
    )

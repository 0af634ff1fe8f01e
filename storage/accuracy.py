"""The files that a period's accuracy is counted from."""

from collections.abc import AsyncIterator, Sequence
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.accuracy import AccuracyReport, AccuracyTally
from domain.event import Event, EventKind
from domain.lead_facts import TELLING, LeadFacts
from domain.rates import Period
from storage.tables import ComplaintRow, EventRow

CHOICES = (
    EventKind.CLASSIFIED,
    EventKind.CLASSIFICATION_RECORDED,
    EventKind.SENT_TO_TRIAGE,
    EventKind.DISPATCHED,
)
FILES_AT_ONCE = 500


async def accuracy(
    session: AsyncSession, period: Period, pack: str | None = None, limit: int = 100
) -> AccuracyReport:
    """Reads every file in which something was chosen within the period: its few telling events."""
    tally = AccuracyTally(period)
    numbers = await _chosen_in(session, period, pack)
    for start in range(0, len(numbers), FILES_AT_ONCE):
        async for of_pack, facts in _facts(session, numbers[start : start + FILES_AT_ONCE]):
            tally.add(of_pack, facts)
    return tally.report(limit)


async def _chosen_in(session: AsyncSession, period: Period, pack: str | None) -> list[str]:
    at = func.coalesce(EventRow.due_at, EventRow.acted_at)
    query = (
        select(EventRow.number)
        .join(ComplaintRow, ComplaintRow.number == EventRow.number)
        .where(EventRow.kind.in_([kind.value for kind in CHOICES]))
        .where(at >= period.since, at < period.until)
        .distinct()
    )
    if pack is not None:
        query = query.where(ComplaintRow.pack == pack)
    return list(await session.scalars(query.order_by(EventRow.number)))


async def _facts(
    session: AsyncSession, numbers: Sequence[str]
) -> AsyncIterator[tuple[str, LeadFacts]]:
    query = (
        select(
            ComplaintRow.pack,
            ComplaintRow.category,
            EventRow.number,
            EventRow.sequence,
            EventRow.kind,
            EventRow.actor,
            EventRow.acted_at,
            EventRow.body,
        )
        .join(ComplaintRow, ComplaintRow.number == EventRow.number)
        .where(EventRow.number.in_(numbers))
        .where(EventRow.kind.in_([kind.value for kind in TELLING]))
        .order_by(EventRow.number, EventRow.sequence)
    )
    rows = (await session.execute(query)).mappings()
    for _, lines in groupby(rows, key=lambda row: row["number"]):
        file = list(lines)
        events = [Event.model_validate(dict(row)) for row in file]
        yield file[0]["pack"], LeadFacts(events, file[0]["category"])

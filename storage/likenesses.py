"""Complaints that may be about one matter: found at the door, shown together, gone with erasure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.vocabulary import Stage
from storage.filters import may_compare, sees
from storage.journal import SUBMISSION, is_own_complaint
from storage.tables import ComplaintRow, JournalRow, LikenessRow, OrderRow

MOST_SHOWN = 20


@dataclass(frozen=True)
class Related:
    """Another complaint that may be about the same matter, and where it stands."""

    number: str
    likeness: float
    stage: Stage
    unit: str | None


async def link(
    session: AsyncSession, number: str, others: Mapping[str, float], found_at: datetime
) -> None:
    """One complaint with others, each with its likeness; what is linked already stays as it is."""
    rows = [
        {
            "number": max(number, other),
            "other": min(number, other),
            "likeness": likeness,
            "found_at": found_at,
        }
        for other, likeness in others.items()
    ]
    if rows:
        await session.execute(insert(LikenessRow).values(rows).on_conflict_do_nothing())


async def of(session: AsyncSession, number: str, visible_to: str | None = None) -> list[Related]:
    """The likest first, whichever of the two came later; a repeat that was attached is none.

    `visible_to`: only those of which this unit may see an order, and none where either of the two
    is confidential.
    """
    pairs = union(
        select(LikenessRow.other.label("number"), LikenessRow.likeness).where(
            LikenessRow.number == number
        ),
        select(LikenessRow.number, LikenessRow.likeness).where(LikenessRow.other == number),
    ).subquery()
    submitted = and_(JournalRow.number == pairs.c.number, JournalRow.kind == SUBMISSION)
    query = (
        select(pairs.c.number, pairs.c.likeness, ComplaintRow.stage, ComplaintRow.unit)
        .join(JournalRow, and_(submitted, is_own_complaint()))
        .outerjoin(ComplaintRow, ComplaintRow.number == pairs.c.number)
        .order_by(pairs.c.likeness.desc(), pairs.c.number)
        .limit(MOST_SHOWN)
    )
    if visible_to is not None:
        ordered = exists().where(OrderRow.number == pairs.c.number, sees(visible_to))
        query = query.where(ordered, *may_compare(number))
    return [
        Related(other, likeness, Stage(stage or Stage.REGISTERED), unit)
        for other, likeness, stage, unit in await session.execute(query)
    ]


async def drop(session: AsyncSession, numbers: Collection[str]) -> None:
    """Whatever these complaints were like."""
    listed = list(numbers)
    either = or_(LikenessRow.number.in_(listed), LikenessRow.other.in_(listed))
    await session.execute(delete(LikenessRow).where(either))

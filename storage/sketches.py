"""The sketches of open complaints: kept at the door, compared, dropped at the end.

A complaint's row goes when the ledger hears that it is closed, and when its data key is erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Select, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import BIT, insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.sketch import (
    SIGNATURE_BITS,
    SOUGHT,
    Place,
    Sketch,
    anchors,
    likeness,
    packed,
    place,
    signature,
    unpacked,
)
from storage.key_tables import DataKeyRow, SketchRow

FACTS = ("number", "received_at", "district", "demand", "category")
SHORTLIST = 150
"""Candidates that are fetched, by what they have in common, to be compared in full."""


@dataclass(frozen=True)
class Kept:
    """The sketch of one open complaint, with what says when, where and whose."""

    number: str
    received_at: datetime
    district: str | None
    demand: str
    category: str | None
    person_key: str | None
    sketch: Sketch


@dataclass(frozen=True)
class Near:
    """`likeness` is from 0 to 1; `place` is None where one of the two has no coordinates."""

    kept: Kept
    likeness: float
    place: Place | None


async def keep(
    session: AsyncSession,
    number: str,
    sketch: Sketch,
    *,
    received_at: datetime,
    demand: str,
    district: str | None = None,
    category: str | None = None,
) -> None:
    """In the transaction that journals the submission; what is kept already stays as it is."""
    row = insert(SketchRow).values(
        number=number,
        received_at=received_at,
        demand=demand,
        district=district,
        category=category,
        **stored(sketch),
    )
    await session.execute(row.on_conflict_do_nothing())


def stored(sketch: Sketch) -> dict[str, Any]:
    """The columns that are the sketch itself."""
    kept = anchors(sketch)
    return {
        "title": packed(sketch.title),
        "words": packed(sketch.words),
        "complete": sketch.complete,
        "cell": sketch.cell,
        "anchors": _signed(kept),
        "signature": signature(kept),
    }


async def nearest(
    session: AsyncSession,
    sketch: Sketch,
    *,
    district: str | None,
    since: datetime,
    limit: int,
) -> list[Near]:
    """The open complaints received since then that are most like this one, the likest first.

    Another district is left out, an unknown one is not. Only what shares a rare piece of text or
    lies in the same or a neighbouring cell is looked at.
    """
    query = _kept_with_person(_shortlist(sketch, district, since).subquery())
    found = [_kept(row) for row in await session.execute(query)]
    near = [Near(kept, likeness(sketch, kept.sketch), place(sketch, kept.sketch)) for kept in found]
    near.sort(key=lambda each: (-each.likeness, each.kept.received_at, each.kept.number))
    return near[:limit]


def _shortlist(sketch: Sketch, district: str | None, since: datetime) -> Select[Any]:
    """Persons are joined to what this leaves, not to every candidate."""
    sought = anchors(sketch, SOUGHT)
    cells = [] if sketch.cell is None else [sketch.cell, *sketch.around]
    found = SketchRow.anchors.overlap(_signed(sought))
    query = select(SketchRow.__table__).where(SketchRow.received_at >= since)
    query = query.where(or_(found, SketchRow.cell.in_(cells)) if cells else found)
    if district is not None:
        query = query.where(or_(SketchRow.district == district, SketchRow.district.is_(None)))
    asked = literal(signature(sought), BIT(SIGNATURE_BITS))
    shared = func.bit_count(SketchRow.signature.op("&")(asked))
    return query.order_by(shared.desc(), SketchRow.number).limit(SHORTLIST)


async def of_person(session: AsyncSession, person_key: str) -> list[Kept]:
    """The open complaints of one person, newest first."""
    query = _kept_with_person(SketchRow.__table__).where(DataKeyRow.person_key == person_key)
    query = query.order_by(SketchRow.received_at.desc(), SketchRow.number.desc())
    return [_kept(row) for row in await session.execute(query)]


async def drop(session: AsyncSession, numbers: Sequence[str]) -> None:
    """Forgets them; a number without a sketch is no error."""
    await session.execute(delete(SketchRow).where(SketchRow.number.in_(numbers)))


def _kept_with_person(sketches: FromClause) -> Select[Any]:
    """A complaint that names nobody has no person; it is compared all the same."""
    kept = [sketches.c[name] for name in FACTS]
    words = [sketches.c[name] for name in ("title", "words", "complete", "cell")]
    query = select(*kept, DataKeyRow.person_key, *words)
    return query.outerjoin(DataKeyRow, DataKeyRow.number == sketches.c.number)


def _kept(row: Any) -> Kept:
    number, received_at, district, demand, category, person_key, *sketch = row
    title, words, complete, cell = sketch
    return Kept(
        number=number,
        received_at=received_at,
        district=district,
        demand=demand,
        category=category,
        person_key=person_key,
        sketch=Sketch(unpacked(title), unpacked(words), complete, cell),
    )


def _signed(features: Sequence[int]) -> list[int]:
    """PostgreSQL's integers have a sign."""
    return [feature - (1 << 32) if feature >> 31 else feature for feature in features]

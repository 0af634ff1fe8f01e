"""Checks the chains: that no line of a legal file was changed, taken out, or slipped in."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncSession

from domain.chain import GENESIS, link_fields
from storage import events
from storage.events import ChainedEvent
from storage.tables import ComplaintRow, EventRow


@dataclass(frozen=True)
class Verdict:
    """`broken_at` is the first sequence that does not hold; None for a file that is whole."""

    number: str
    events: int
    broken_at: int | None = None
    reason: str | None = None


async def verify(session: AsyncSession) -> AsyncIterator[Verdict]:
    """One verdict for each complaint, in order of the number."""
    for number in await known_numbers(session):
        yield await verify_one(session, number)


async def verify_one(session: AsyncSession, number: str) -> Verdict:
    # The projection first: events that are appended meanwhile only make the file longer.
    shown = await session.scalar(select(ComplaintRow.sequence).where(ComplaintRow.number == number))
    return judge(number, await events.of(session, number), shown or 1)


def judge(number: str, chain: Sequence[ChainedEvent], at_least: int) -> Verdict:
    """`at_least` is a sequence that the file is known to have reached: a cut-off end is a break."""
    previous = GENESIS
    for expected, line in enumerate(chain, start=1):
        if line.event.sequence != expected:
            return Verdict(number, len(chain), expected, "the event is missing")
        if line.previous_hash != previous:
            return Verdict(number, len(chain), expected, "it does not follow the one before")
        if link_fields(previous, line.fields) != line.hash:
            return Verdict(number, len(chain), expected, "the event was changed")
        previous = line.hash
    if len(chain) < at_least:
        return Verdict(number, len(chain), len(chain) + 1, "the end of the file is missing")
    return Verdict(number, len(chain))


async def known_numbers(session: AsyncSession) -> list[str]:
    """Every complaint that has events or a projection, in order."""
    query = union(select(EventRow.number), select(ComplaintRow.number)).order_by("number")
    return list(await session.scalars(query))

"""Brings what the engine did not take at once: in order per complaint, for as long as it takes."""

import asyncio
import logging
from datetime import UTC, datetime

from api.delivery import deliver
from api.gateway import EngineSilent
from api.resources import Resources
from storage import journal
from storage.database import DatabaseDown
from storage.tables import JournalRow

PAUSE_SECONDS = 1.0

logger = logging.getLogger(__name__)


async def relay(shared: Resources) -> None:
    """Runs until it is cancelled. Several may run at once: a claim is one relay's alone."""
    while True:
        try:
            delivered = await deliver_what_waits(shared)
        except DatabaseDown:
            delivered = 0
        if not delivered:
            await asyncio.sleep(PAUSE_SECONDS)


async def deliver_what_waits(shared: Resources) -> int:
    """One pass over the oldest entry of each complaint; returns how many were taken."""
    # Without this look, a long outage would leave every entry at its longest back-off.
    if not await shared.gateway.reachable():
        return 0
    async with shared.database.transaction() as session:
        heads = await journal.claim(session, datetime.now(UTC))
    return sum(await asyncio.gather(*(_bring(shared, head) for head in heads)))


async def _bring(shared: Resources, head: JournalRow) -> bool:
    try:
        await deliver(shared, head)
    except (EngineSilent, DatabaseDown):
        return False
    except Exception:
        # One entry that cannot be brought must not keep all others from the law.
        logger.exception("entry %s of complaint %s cannot be brought", head.id, head.number)
        return False
    return True

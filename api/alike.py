"""What words that nobody has sent are like among the open complaints, and who may hear which."""

import asyncio
from datetime import UTC, datetime

from api.auth import Caller
from api.complaint_body import Place
from api.likeness import likely_duplicates
from api.resources import Resources
from api.submissions import Checked
from api.view import RelatedLine
from domain.model import Strict
from domain.vocabulary import Role, Stage
from sealing.sketches import Sketcher
from storage import complaints
from storage.complaints import ComplaintRead
from storage.sketches import Near


class Alike(Strict):
    """How many open complaints are likely about the same matter, twenty at most.

    `complaints`, the likest first, is for the hotline and for a channel that vouches for its
    persons (null for others); a channel hears of no confidential one which it is.
    """

    count: int
    complaints: tuple[RelatedLine, ...] | None = None


async def alike(
    shared: Resources, caller: Caller, at: Checked, title: str | None, text: str, place: Place
) -> Alike:
    """As a complaint of these words would be linked now. Keeps nothing."""
    point = None if place.lat is None or place.lon is None else (place.lat, place.lon)
    sketch = await asyncio.to_thread(
        Sketcher(shared.keys).sketch, title, text, place.address, point
    )
    async with shared.database.transaction() as session:
        found = await likely_duplicates(
            session, at.pack, sketch, district=at.district, now=datetime.now(UTC)
        )
        if caller.role is not Role.HOTLINE and not caller.vouches:
            return Alike(count=len(found))
        files = [(near, await complaints.get(session, near.kept.number)) for near in found]
    shown = [_line(near, read) for near, read in files if _may_hear(caller, read)]
    return Alike(count=len(found), complaints=tuple(shown))


def _may_hear(caller: Caller, read: ComplaintRead | None) -> bool:
    """Whether one is confidential is not known before the ledger has it."""
    if caller.role is Role.HOTLINE:
        return True
    return read is not None and not read.state.confidential


def _line(near: Near, read: ComplaintRead | None) -> RelatedLine:
    return RelatedLine(
        number=near.kept.number,
        likeness=near.likeness,
        stage=read.state.stage if read else Stage.REGISTERED,
        unit=read.state.unit if read else None,
    )

"""Which open complaints a new one may be about the same matter as, judged by their sketches."""

from datetime import datetime, timedelta

from api.catalogue import PackEntry
from api.incoming import Incoming
from domain.sketch import Sketch
from storage import journal, likenesses, sketches
from storage.database import Session
from storage.sketches import Near

MOST = 20


async def likely_duplicates(
    session: Session,
    pack: PackEntry,
    sketch: Sketch,
    *,
    district: str | None,
    now: datetime,
) -> list[Near]:
    """Open complaints of this pack, whoever's, as like as the pack asks; the likest first.

    Another district's are left out, those far from the sketch's point too.
    """
    rule = pack.repeats
    if rule is None:
        return []
    since = now - timedelta(days=rule.within_days)
    found = await sketches.nearest(session, sketch, district=district, since=since, limit=MOST)
    near = [one for one in found if one.likeness >= rule.linked and one.place != "far"]
    own = await journal.own_complaints(session, [one.kept.number for one in near], pack.id)
    return [one for one in near if one.kept.number in own]


async def link(session: Session, new: Incoming) -> None:
    """Remembers which these are for a complaint that comes in; safe to repeat."""
    submission = new.submission
    now = submission.received_at
    near = await likely_duplicates(
        session, new.pack, new.sketch, district=submission.district, now=now
    )
    others = {one.kept.number: one.likeness for one in near}
    others.pop(submission.number, None)
    await likenesses.link(session, submission.number, others, now)

"""Whether a submission only repeats what the same person has an open complaint about (Art. 11)."""

import asyncio
from datetime import timedelta
from typing import Any

from api.foresight import Description
from api.gateway import PRIORITIES
from api.incoming import Incoming
from api.opened import opened_matter
from api.places import Named, is_elsewhere
from api.problems import TooManyActs
from api.resources import Resources
from domain.sketch import covers, likeness
from domain.submission import Submission
from domain.vocabulary import Stage, Tier
from sealing.errors import SealingError
from sealing.vault import Vault
from storage import complaints, journal, sketches
from storage.complaints import ComplaintRead
from storage.database import Session
from storage.locks import Lock, hold

MOST_REPEATS = 200
"""To one complaint: the engine takes two thousand messages in a complaint's life."""


async def repeated_by(session: Session, shared: Resources, new: Incoming) -> str | None:
    """The open complaint to which the same person adds nothing now, the likest; None for a new one.

    Two submissions of one person are judged one after the other, so that of several at once the
    first is a complaint and the others repeat it. An anonymous person repeats nothing.
    """
    rule = new.pack.repeats
    if rule is None or new.person_key is None:
        return None
    await hold(session, Lock.PERSON, new.person_key)
    if new.body.follows or new.body.disposition:
        return None
    since = new.submission.received_at - timedelta(days=rule.within_days)
    alike = {
        one.number: degree
        for one in await sketches.of_person(session, new.person_key)
        if one.received_at >= since
        and (degree := likeness(one.sketch, new.sketch)) >= rule.alike
        and covers(one.sketch, new.sketch) >= rule.covered
    }
    own = await journal.own_complaints(session, alike.keys(), new.pack.id)
    for number in sorted(own, key=lambda number: (-alike[number], number)):
        if await _adds_nothing(session, shared, number, new):
            return number
    return None


async def _adds_nothing(session: Session, shared: Resources, number: str, new: Incoming) -> bool:
    entry = await journal.submission(session, number)
    assert entry is not None, "the journal loses no rows"
    old = Submission.model_validate(entry.body)
    read = await complaints.get(session, number)
    if read is not None and read.state.stage is Stage.CLOSED:
        return False
    if not _is_of_one_kind(new.submission, old, read):
        return False
    try:
        data_key = await Vault(shared.keys).fetch(session, number)
    except SealingError:  # what nobody can open any more says nothing
        return False
    words = opened_matter(old, data_key, original=True)
    point = (words["lat"], words["lon"]) if words["lat"] is not None else None
    said = f"{words['title'] or ''} {words['text'] or ''}"
    shown = {one["sha256"] for one in words["media"] or ()}
    return (
        {one.sha256 for one in new.body.media or ()} <= shown
        and not is_elsewhere(new.named, Named(said, words["address"], point))
        and not await _is_more_urgent(shared, new, words)
    )


async def _is_more_urgent(shared: Resources, new: Incoming, old: dict[str, Any]) -> bool:
    """A few words of danger among many that were said before are easily likened away."""
    told = new.body.model_dump(include={"title", "text"})
    now, then = [await _tier_of(shared, new, words) for words in (told, old)]
    return PRIORITIES[now] < PRIORITIES[then]


async def _tier_of(shared: Resources, new: Incoming, words: dict[str, Any]) -> Tier:
    if shared.foresight is None:
        return Tier.GENERAL
    described = Description(
        pack=new.pack.id,
        demand=new.submission.demand,
        category=new.submission.category,
        title=words["title"] or "",
        text=words["text"] or "",
    )
    return (await asyncio.to_thread(shared.foresight.foresee, described)).tier.tier


def _is_of_one_kind(new: Submission, old: Submission, read: ComplaintRead | None) -> bool:
    """Of one demand and district, with the same wish for confidence, and no category that differs.

    What the file has come to know since counts as said.
    """
    known = old if read is None else read.state
    category = known.category or old.category
    return (
        new.demand == old.demand
        and new.person.confidential == old.person.confidential
        and (new.category is None or category in (None, new.category))
        and new.district in (None, known.district)
        and new.subdistrict in (None, known.subdistrict)
    )


async def insist_on_room(session: Session, number: str) -> None:
    """Raises `TooManyActs` where the complaint has been repeated too often already."""
    if len(await journal.repeats_of(session, number)) > MOST_REPEATS:
        raise TooManyActs(f"a complaint is repeated {MOST_REPEATS} times at most")

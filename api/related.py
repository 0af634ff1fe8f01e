"""Different people, one matter: what a complaint was found to be like, for who may see it."""

from api.access import SEES_ALL, File
from api.auth import Caller
from api.resources import Resources
from api.view import RelatedLine
from domain.vocabulary import Role
from storage import likenesses


async def related(shared: Resources, file: File, caller: Caller) -> tuple[RelatedLine, ...] | None:
    """The likest first. None for who is told nothing of other people's complaints."""
    if caller.role is not Role.UNIT and caller.role not in SEES_ALL:
        return None
    visible_to = (caller.unit or "") if caller.role is Role.UNIT else None
    async with shared.database.transaction() as session:
        found = await likenesses.of(session, file.number, visible_to)
    return tuple(RelatedLine(**vars(one)) for one in found)

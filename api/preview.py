"""POST /v1/classification/preview: what would be ruled on these words. Nothing is kept of them."""

import asyncio

from fastapi import APIRouter

from api.alike import Alike, alike
from api.answers import POST_RESPONSES
from api.auth import Authenticated
from api.complaint_body import Place, Text, Title
from api.foresight import Description, Foreseen
from api.resources import Shared
from api.submissions import checked
from domain.acts import Code
from domain.model import Strict
from domain.vocabulary import Demand, Role

router = APIRouter(prefix="/v1", tags=["classification"], responses=POST_RESPONSES)


class PreviewBody(Strict):
    """Of a complaint's body what is classified and dispatched, and nothing of any person."""

    demand: Demand
    title: Title | None = None
    text: Text
    place: Place
    category: Code | None = None
    pack: Code | None = None


class Preview(Foreseen):
    """`alike` is None where the rule pack has no rule for repeats."""

    alike: Alike | None


@router.post("/classification/preview", operation_id="preview_classification")
async def preview_classification(
    caller: Authenticated, shared: Shared, body: PreviewBody
) -> Preview:
    """What these words would be classified as, whose duty it would be, and what is like them.

    Registers nothing and keeps nothing, so it may be repeated at will and needs no
    `Idempotency-Key`.
    """
    caller.must_be(Role.CHANNEL, Role.HOTLINE)
    assert shared.foresight is not None, "the route stands only where there is one"
    place = checked(shared, caller, body)
    described = Description(
        pack=place.pack.id,
        demand=body.demand,
        title=body.title or "",
        text=body.text,
        address=body.place.address or "",
        category=body.category,
        district=place.district,
        subdistrict=place.subdistrict,
        latitude=body.place.lat,
        longitude=body.place.lon,
    )
    foreseen = await asyncio.to_thread(shared.foresight.foresee, described)
    found = (
        await alike(shared, caller, place, body.title, body.text, body.place)
        if place.pack.repeats
        else None
    )
    return Preview(**dict(foreseen), alike=found)

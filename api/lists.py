"""Lists of complaints and orders, the nearest due first, page by page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.access import open_file
from api.answers import READ_RESPONSES
from api.auth import Authenticated, Caller
from api.resources import Shared
from api.view import ComplaintView, complaint_view
from domain.acts import Code
from domain.model import Instant, Strict
from domain.state import OrderView
from domain.vocabulary import Role, Stage, Tier
from storage import complaints, orders
from storage.filters import Filters

router = APIRouter(prefix="/v1", tags=["lists"], responses=READ_RESPONSES)

READERS = (Role.UNIT, Role.HOTLINE, Role.SUPERVISOR, Role.AUDITOR, Role.OPERATOR)
Limit = Annotated[int, Query(ge=1, le=200)]
RelatedTo = Annotated[
    str | None,
    Query(description="The number of a complaint: those that may be about the same matter."),
]
PageCursor = Annotated[str | None, Query(alias="cursor", max_length=200)]


class ComplaintPage(Strict):
    items: list[ComplaintView]
    next: str | None


class OrderLine(OrderView):
    """An order and what its complaint is like."""

    number: str
    stage: Stage
    tier: Tier
    category: str | None
    district: str | None
    waiting_on: str | None
    as_of: Instant


class OrderPage(Strict):
    items: list[OrderLine]
    next: str | None


async def chosen(
    *,
    caller: Authenticated,
    shared: Shared,
    stage: Stage | None = None,
    unit: Annotated[Code | None, Query()] = None,
    district: Annotated[Code | None, Query()] = None,
    tier: Tier | None = None,
    overdue: bool | None = None,
    waiting_on: Annotated[Code | None, Query()] = None,
    due_before: Instant | None = None,
    updated_since: Instant | None = None,
    related_to: RelatedTo = None,
) -> Filters:
    """What the query asks for, within what the caller may see."""
    caller.must_be(*READERS)
    if related_to is not None:
        await open_file(shared, related_to, caller)
    return Filters(
        stage=stage,
        unit=unit,
        district=district,
        tier=tier,
        overdue=overdue,
        waiting_on=waiting_on,
        due_before=due_before,
        updated_since=updated_since,
        related_to=related_to,
        visible_to=_visible_to(caller),
    )


Chosen = Annotated[Filters, Depends(chosen)]


@router.get("/complaints", operation_id="list_complaints")
async def list_complaints(
    caller: Authenticated,
    shared: Shared,
    filters: Chosen,
    cursor: PageCursor = None,
    limit: Limit = 50,
) -> ComplaintPage:
    async with shared.database.transaction() as session:
        page = await complaints.find(session, filters, cursor, limit)
    items = [complaint_view(read.state, caller, read.as_of) for read in page.items]
    return ComplaintPage(items=items, next=page.next)


@router.get("/orders", operation_id="list_orders")
async def list_orders(
    shared: Shared, filters: Chosen, cursor: PageCursor = None, limit: Limit = 50
) -> OrderPage:
    async with shared.database.transaction() as session:
        page = await orders.find(session, filters, cursor, limit)
    return OrderPage(items=[_line(read) for read in page.items], next=page.next)


def _visible_to(caller: Caller) -> str | None:
    """A unit's key sees its own; a key of that role without a unit sees nothing."""
    return (caller.unit or "") if caller.role is Role.UNIT else None


def _line(read: orders.OrderRead) -> OrderLine:
    return OrderLine(
        **dict(read.order.model_copy(update={"answer": None})),
        number=read.number,
        stage=Stage(read.stage),
        tier=Tier(read.tier),
        category=read.category,
        district=read.district,
        waiting_on=read.waiting_on,
        as_of=read.as_of,
    )

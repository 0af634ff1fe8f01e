"""What lists of complaints and orders may be narrowed by, and what a unit may see of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from domain.errors import InvalidRule
from storage.tables import ComplaintRow, LikenessRow, OrderRow


@dataclass(frozen=True, kw_only=True)
class Filters:
    """All that are given must hold.

    `unit` handles it or any order of it; `visible_to` is a unit's key, which sees its own orders
    and those it has a copy (cc) of; `updated_since` goes by when the ledger wrote; `related_to`
    names a complaint that may be about the same matter. Text that no row can hold raises
    `InvalidRule`.
    """

    stage: str | None = None
    unit: str | None = None
    district: str | None = None
    tier: str | None = None
    overdue: bool | None = None
    waiting_on: str | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None
    related_to: str | None = None
    visible_to: str | None = None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, str) and "\x00" in value:
                raise InvalidRule(name, "must not contain NUL")


def on_complaints(filters: Filters) -> list[ColumnElement[bool]]:
    conditions = _of_the_complaint(filters)
    if filters.unit is not None:
        led = ComplaintRow.unit == filters.unit
        conditions.append(or_(led, _has_order(OrderRow.unit == filters.unit)))
    if filters.visible_to is not None:
        conditions.append(_has_order(sees(filters.visible_to)))
    if filters.overdue is not None:
        conditions.append(ComplaintRow.overdue.is_(filters.overdue))
    if filters.due_before is not None:
        conditions.append(ComplaintRow.next_due_at < filters.due_before)
    if filters.updated_since is not None:
        conditions.append(ComplaintRow.updated_at >= filters.updated_since)
    return conditions


def on_orders(filters: Filters) -> list[ColumnElement[bool]]:
    """For orders joined to their complaints."""
    conditions = _of_the_complaint(filters)
    if filters.unit is not None:
        conditions.append(OrderRow.unit == filters.unit)
    if filters.visible_to is not None:
        conditions.append(sees(filters.visible_to))
    if filters.overdue is not None:
        conditions.append(OrderRow.overdue.is_(filters.overdue))
    if filters.due_before is not None:
        conditions.append(OrderRow.next_due_at < filters.due_before)
    if filters.updated_since is not None:
        conditions.append(OrderRow.updated_at >= filters.updated_since)
    return conditions


def sees(unit: str) -> ColumnElement[bool]:
    """Art. 12: the district sees what goes to its sub-district."""
    return or_(OrderRow.unit == unit, OrderRow.cc.contains([unit]))


def _of_the_complaint(filters: Filters) -> list[ColumnElement[bool]]:
    wanted = {
        ComplaintRow.stage: filters.stage,
        ComplaintRow.district: filters.district,
        ComplaintRow.tier: filters.tier,
        ComplaintRow.waiting_on: filters.waiting_on,
    }
    conditions = [column == value for column, value in wanted.items() if value is not None]
    if filters.related_to is not None:
        conditions.append(_is_like(filters.related_to))
        if filters.visible_to is not None:
            conditions += may_compare(filters.related_to)
    return conditions


def may_compare(number: str) -> list[ColumnElement[bool]]:
    """For a unit: neither of two complaints that are alike is confidential, for the words of one
    may name the person of the other."""
    one = aliased(ComplaintRow)
    return [
        ~exists().where(one.number == number, _is_confidential(one)),
        ~_is_confidential(ComplaintRow),
    ]


def _is_confidential(row: type[ComplaintRow]) -> ColumnElement[bool]:
    confidential: ColumnElement[bool] = row.state["confidential"].as_boolean()
    return confidential


def _is_like(number: str) -> ColumnElement[bool]:
    return exists().where(
        or_(
            and_(LikenessRow.number == number, LikenessRow.other == ComplaintRow.number),
            and_(LikenessRow.other == number, LikenessRow.number == ComplaintRow.number),
        )
    )


def _has_order(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(OrderRow.number == ComplaintRow.number, condition)

"""What lists of complaints and orders may be narrowed by, and what a unit may see of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_

from domain.errors import InvalidRule
from storage.tables import ComplaintRow, OrderRow


@dataclass(frozen=True, kw_only=True)
class Filters:
    """All that are given must hold.

    `unit` handles it or any order of it; `visible_to` is a unit's key, which sees its own orders
    and those it has a copy (cc) of; `updated_since` goes by when the ledger wrote. Text that no row
    can hold raises `InvalidRule`.
    """

    stage: str | None = None
    unit: str | None = None
    district: str | None = None
    tier: str | None = None
    overdue: bool | None = None
    waiting_on: str | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None
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
    return [column == value for column, value in wanted.items() if value is not None]


def _has_order(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(OrderRow.number == ComplaintRow.number, condition)

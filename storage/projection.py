"""What the events of a complaint come to: the rows of `complaints` and `orders`. No SQL here.

The fold is trivial by design: the newest event that carries a state is the projection.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from domain.chain import canonical
from domain.event import Event, EventKind
from domain.state import ComplaintState, OrderView
from domain.vocabulary import OrderState

BINDING = frozenset({OrderState.OPEN, OrderState.ACCEPTED, OrderState.OBJECTED})


@dataclass(frozen=True)
class Projection:
    """The rows of one complaint in both tables, but for what only the ledger's own time sets."""

    complaint: dict[str, Any]
    orders: tuple[dict[str, Any], ...]

    def digest(self) -> str:
        """SHA-256 over canonical rows, orders by id."""
        rows = [self.complaint, *sorted(self.orders, key=lambda order: str(order["id"]))]
        return sha256("\n".join(map(_canonical_row, rows)).encode()).hexdigest()


def fold(
    events: Iterable[Event],
    state: ComplaintState | None = None,
    deadlines: dict[str, Any] | None = None,
) -> Projection | None:
    """The projection that these events leave; None while no event has carried a state.

    `state` and `deadlines` (the explanations) are what stood before the first of `events`.
    """
    explained = dict(deadlines or {})
    last = None
    for event in events:
        last, state = event, event.state or state
        if event.kind is EventKind.CLOCK_SET and "clock" in event.body:
            explained[str(event.body["clock"])] = event.model_dump(mode="json")["body"]
    if last is None or state is None:
        return None
    return Projection(
        complaint=_complaint(state, last, explained),
        orders=tuple(_order(state.number, order) for order in state.orders),
    )


def _complaint(state: ComplaintState, last: Event, explained: dict[str, Any]) -> dict[str, Any]:
    document = state.model_dump(mode="json")
    codes = ("stage", "round", "pack", "channel", "demand", "tier", "category", "disposition")
    place = ("district", "subdistrict", "unit")
    standing = ("escalation", "overdue", "waiting_on", "outcome")
    instants = ("next_due_at", "due_at", "received_at", "dispatched_at", "closed_at")
    return {
        "number": state.number,
        "sequence": last.sequence,
        **{name: _storable(document[name]) for name in (*codes, *place, *standing)},
        **{name: getattr(state, name) for name in instants},
        "as_of": last.acted_at,
        "state": document,
        "deadlines": explained,
    }


def _order(number: str, order: OrderView) -> dict[str, Any]:
    document = order.model_dump(mode="json")
    codes = ("id", "round", "kind", "unit", "cc", "state", "cause", "result", "overdue")
    return {
        "number": number,
        **{name: _storable(document[name]) for name in codes},
        **{
            name: getattr(order, name)
            for name in ("opened_at", "due_at", "completed_at", "ended_at")
        },
        "next_due_at": order.due_at if order.state in BINDING else None,
        "view": document,
    }


def _storable(value: Any) -> Any:
    """PostgreSQL's text has no NUL; a sender's odd code must not stop the ledger."""
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value


def _canonical_row(row: dict[str, Any]) -> str:
    return canonical(
        {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in row.items()
        }
    )

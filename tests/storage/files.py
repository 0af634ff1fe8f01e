"""Small legal files for tests: states and events with only what a test is about spelled out."""

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.acts import Actor
from domain.batch import LedgerBatch
from domain.event import Event, EventKind
from domain.state import ComplaintState, OrderView
from domain.vocabulary import Demand, OrderKind, OrderState, Role, Stage, Tier

START = datetime(2026, 9, 24, 8, 30, tzinfo=UTC)
ENGINE = Actor(role=Role.ENGINE, key="engine")


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def order(number: str, unit: str = "subdistrict-1", **fields: Any) -> OrderView:
    given = {
        "id": f"{number}.1.1",
        "round": 1,
        "kind": OrderKind.LEAD,
        "unit": unit,
        "state": OrderState.OPEN,
        "opened_at": START,
        "due_at": at(24),
    }
    return OrderView(**(given | fields))


def state(number: str, **fields: Any) -> ComplaintState:
    given = {
        "number": number,
        "pack": "cn-beijing",
        "pack_version": "1",
        "channel": "phone",
        "demand": Demand.COMPLAINT,
        "stage": Stage.REGISTERED,
        "round": 1,
        "tier": Tier.GENERAL,
        "received_at": START,
        "sequence": 1,
    }
    return ComplaintState(**(given | fields))


def event(
    number: str, sequence: int, kind: EventKind = EventKind.REGISTERED, **fields: Any
) -> Event:
    given = {
        "number": number,
        "sequence": sequence,
        "kind": kind,
        "actor": ENGINE,
        "acted_at": at(sequence),
    }
    return Event(**(given | fields))


def file_of(number: str, length: int) -> tuple[Event, ...]:
    """Events 1 to `length`; each leaves a state."""
    return tuple(
        event(
            number, sequence, state=state(number, sequence=sequence, next_due_at=at(sequence + 9))
        )
        for sequence in range(1, length + 1)
    )


def batch(number: str, *events: Event, **fields: Any) -> LedgerBatch:
    return LedgerBatch(number=number, events=events, **fields)

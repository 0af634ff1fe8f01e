"""A complaint as everyone else sees it: the read model that each step of its life leaves behind."""

from pydantic import Field

from domain.clock import Hold
from domain.model import Frozen, Instant
from domain.vocabulary import (
    ClockKind,
    Demand,
    DispositionKind,
    EndCause,
    OrderKind,
    OrderState,
    Outcome,
    Result,
    Role,
    Stage,
    Tier,
)
from domain.window import Amount, Window


class AllowedAction(Frozen):
    """An act that would be taken now, by whom, and until when (None: while the state lasts)."""

    act: str
    roles: tuple[Role, ...]
    order: str | None = None
    until: Instant | None = None


class ClockView(Frozen):
    """A clock that runs, or ran: what it measures, on whom it falls, and how it stands."""

    id: str
    kind: ClockKind
    party: str
    order: str | None = None
    start: Instant
    window: Window
    calendar: str
    calendar_version: str
    basis: str
    source: str
    holds: tuple[Hold, ...] = ()
    extensions: tuple[Amount, ...] = ()
    due_at: Instant | None = None
    provisional: bool = False
    overdue: bool = False
    ended: bool = False


class OrderView(Frozen):
    """One unit's duty in one round."""

    id: str
    round: int
    kind: OrderKind
    unit: str
    cc: tuple[str, ...] = ()
    state: OrderState
    cause: EndCause | None = None
    result: Result | None = None
    opened_at: Instant
    due_at: Instant | None = None
    provisional: bool = False
    overdue: bool = False
    contacted_at: Instant | None = None
    completed_at: Instant | None = None
    ended_at: Instant | None = None
    answer: str | None = None


class ComplaintState(Frozen):
    """The projection of one complaint. No field of it names a person or quotes a word."""

    number: str
    pack: str
    pack_version: str
    channel: str
    demand: Demand
    stage: Stage
    round: int
    tier: Tier
    category: str | None = None
    confidence: float | None = None
    disposition: DispositionKind | None = None
    district: str | None = None
    subdistrict: str | None = None
    unit: str | None = None
    confidential: bool = False
    reachable: bool = True
    escalation: int = 0
    overdue: bool = False
    suspended: bool = False
    evaluation_open: bool = False
    opening: int = 0
    waiting_on: str | None = None
    next_due_at: Instant | None = None
    next_due: str | None = None
    due_at: Instant | None = None
    provisional: bool = False
    outcome: Outcome | None = None
    follows: str | None = None
    attached: int = 0
    received_at: Instant
    dispatched_at: Instant | None = None
    closed_at: Instant | None = None
    orders: tuple[OrderView, ...] = ()
    clocks: tuple[ClockView, ...] = ()
    allowed_actions: tuple[AllowedAction, ...] = ()
    sequence: int = Field(ge=0)

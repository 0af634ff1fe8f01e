"""A fact in a complaint's ledger, in the past tense, and the state that it left behind."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.acts import Actor
from domain.model import Frozen, Instant
from domain.state import ComplaintState


class EventKind(StrEnum):
    REGISTERED = "registered"
    CLASSIFIED = "classified"
    CLASSIFICATION_RECORDED = "classification_recorded"
    SENT_TO_TRIAGE = "sent_to_triage"
    DISPOSED = "disposed"
    DISPATCHED = "dispatched"
    ORDER_OPENED = "order_opened"
    ORDER_ENDED = "order_ended"
    CLOCK_SET = "clock_set"
    SIGNED_OFF = "signed_off"
    ACCEPTED_BY_SILENCE = "accepted_by_silence"
    CONTACTED = "contacted"
    INTERIM_REPORTED = "interim_reported"
    OBJECTED = "objected"
    RULED = "ruled"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENDED = "extended"
    EXTENSION_REFUSED = "extension_refused"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    HELP_REQUESTED = "help_requested"
    DEFERRAL_REQUESTED = "deferral_requested"
    DEFERRED = "deferred"
    REVIEWED = "reviewed"
    COMPLETED = "completed"
    EVALUATION_OPENED = "evaluation_opened"
    EVALUATED = "evaluated"
    CALLBACK_DUE = "callback_due"
    CALLED_BACK = "called_back"
    EVALUATION_ENDED = "evaluation_ended"
    ROUND_BEGUN = "round_begun"
    SUPERVISED = "supervised"
    FACTS_ADDED = "facts_added"
    ATTACHED = "attached"
    WITHDRAWN = "withdrawn"
    WITHDRAWAL_REVOKED = "withdrawal_revoked"
    CONTESTED = "contested"
    AMENDED = "amended"
    RUNG_FIRED = "rung_fired"
    RUNGS_OVERTAKEN = "rungs_overtaken"
    EXPIRED = "expired"
    ACT_REFUSED = "act_refused"
    MESSAGE_BROKEN = "message_broken"
    CANCEL_REQUESTED = "cancel_requested"
    RULING_FAILED = "ruling_failed"
    NOTICE_UNDELIVERABLE = "notice_undeliverable"
    CORRECTED = "corrected"
    CLOSED = "closed"
    FROZEN = "frozen"


class Event(Frozen):
    """One line of the legal file.

    `due_at` is when the law wanted it, `acted_at` when the engine got there; a difference is the
    lag. `body` holds codes, instants and sealed values, never plain words or persons. `state`
    stands on the last event of each step: the newest one is the projection.
    """

    number: str
    sequence: int = Field(ge=1)
    kind: EventKind
    actor: Actor
    acted_at: Instant
    received_at: Instant | None = None
    due_at: Instant | None = None
    body: dict[str, Any] = Field(default_factory=dict)
    state: ComplaintState | None = None

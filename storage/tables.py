"""The tables of the ledger. All instants are TIMESTAMPTZ; every session runs in UTC."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class JournalRow(Base):
    """One submission or act as it came in, before the workflow heard of it.

    `kind` is `submission` or the act's name; `next_attempt_at` is when the relay may try (again).
    `attach_to` is the open complaint that a submission only repeats.
    """

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    number: Mapped[str]
    act_id: Mapped[str]
    kind: Mapped[str]
    order_id: Mapped[str | None]
    key_id: Mapped[str]
    idempotency_key: Mapped[str]
    body_hash: Mapped[str]
    body: Mapped[dict[str, Any]]
    channel: Mapped[str | None]
    external_id: Mapped[str | None]
    attach_to: Mapped[str | None]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[datetime]
    status: Mapped[int | None]
    response: Mapped[dict[str, Any] | None]
    delivered_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("key_id", "idempotency_key"),
        Index(
            "uq_journal_channel_external_id",
            "channel",
            "external_id",
            unique=True,
            postgresql_where=text("kind = 'submission' AND external_id IS NOT NULL"),
        ),
        Index("ix_journal_pending", "number", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_journal_number", "number"),
        Index("ix_journal_attach_to", "attach_to", postgresql_where=text("attach_to IS NOT NULL")),
    )


class EventRow(Base):
    """One line of a legal file. A trigger refuses UPDATE, DELETE and TRUNCATE."""

    __tablename__ = "events"

    number: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    actor: Mapped[dict[str, Any]]
    acted_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    body: Mapped[dict[str, Any]]
    state: Mapped[dict[str, Any] | None]
    previous_hash: Mapped[str]
    hash: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        # the instant by which statistics count an event: the law's where it has one
        Index("ix_events_kind_instant", "kind", text("coalesce(due_at, acted_at)")),
    )


class ComplaintRow(Base):
    """The projection of a complaint, as of its newest event; rebuildable.

    `as_of` is that event's `acted_at`; `updated_at` is when the ledger wrote, which a reader who
    follows changes can rely on even after an outage. `deadlines` has one explanation per clock.
    """

    __tablename__ = "complaints"

    number: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    stage: Mapped[str]
    round: Mapped[int]
    pack: Mapped[str]
    channel: Mapped[str]
    demand: Mapped[str]
    tier: Mapped[str]
    category: Mapped[str | None]
    disposition: Mapped[str | None]
    district: Mapped[str | None]
    subdistrict: Mapped[str | None]
    unit: Mapped[str | None]
    escalation: Mapped[int]
    overdue: Mapped[bool]
    waiting_on: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    received_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    as_of: Mapped[datetime]
    state: Mapped[dict[str, Any]]
    deadlines: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        Index("ix_complaints_next_due_at_number", "next_due_at", "number"),
        Index("ix_complaints_updated_at", "updated_at"),
        Index("ix_complaints_stage_next_due_at", "stage", "next_due_at"),
    )


class OrderRow(Base):
    """The projection of one order. `next_due_at` is its due instant while a unit is bound by it."""

    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(index=True)
    round: Mapped[int]
    kind: Mapped[str]
    unit: Mapped[str]
    cc: Mapped[list[str]]
    state: Mapped[str]
    cause: Mapped[str | None]
    result: Mapped[str | None]
    overdue: Mapped[bool]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    view: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (
        Index("ix_orders_next_due_at_id", "next_due_at", "id"),
        Index("ix_orders_unit", "unit"),
        Index("ix_orders_cc", "cc", postgresql_using="gin"),
    )


class NoticeRow(Base):
    """A notice and how it fared: `state` is pending, delivered or undeliverable."""

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(index=True)
    destination: Mapped[str]
    kind: Mapped[str]
    made_at: Mapped[datetime]
    notice: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default="pending")
    delivered_at: Mapped[datetime | None]
    undeliverable_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    __table_args__ = (Index("ix_notices_destination_state", "destination", "state"),)


class LikenessRow(Base):
    """Two complaints that may be about one matter; `other` is the smaller number of the two.

    `likeness` is from 0 to 1.
    """

    __tablename__ = "likenesses"

    number: Mapped[str] = mapped_column(primary_key=True)
    other: Mapped[str] = mapped_column(primary_key=True)
    likeness: Mapped[float]
    found_at: Mapped[datetime]

    __table_args__ = (Index("ix_likenesses_other", "other"),)


class LabelRow(Base):
    """A person decided a category: training data for the classifier, kept apart from the file."""

    __tablename__ = "labels"

    number: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    guessed: Mapped[str | None]
    decided: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]

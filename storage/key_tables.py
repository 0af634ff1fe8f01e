"""The tables of keys and of their use: API keys, the access log, the vault of keys and sketches."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, Integer, func
from sqlalchemy.dialects.postgresql import ARRAY, BIT
from sqlalchemy.orm import Mapped, mapped_column

from domain.sketch import SIGNATURE_BITS
from storage.schema import Base

VAULT = "vault"


class ReadRow(Base):
    """Somebody read a person or a matter: one line of the access log, append-only."""

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    number: Mapped[str] = mapped_column(index=True)
    key_id: Mapped[str]
    person: Mapped[str | None]
    field: Mapped[str]
    reason: Mapped[str | None]
    at: Mapped[datetime]


class ApiKeyRow(Base):
    """Who may call the API. `packs` are the rule packs that it may name."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    unit: Mapped[str | None]
    name: Mapped[str | None]
    packs: Mapped[list[str]]
    vouches: Mapped[bool]
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    revoked_at: Mapped[datetime | None]


class DataKeyRow(Base):
    """The wrapped data key of one complaint; `erase` empties it for good."""

    __tablename__ = "data_keys"

    number: Mapped[str] = mapped_column(primary_key=True)
    wrapped_key: Mapped[bytes | None]
    master_key_id: Mapped[str]
    person_key: Mapped[str | None]
    receipt_version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_data_keys_person_key", "person_key"),
        {"schema": VAULT},
    )


class SketchRow(Base):
    """What an open complaint's words are compared by; gone when it closes or its key is erased.

    `title` and `words` are packed features, `anchors` those of them that it is found by;
    `signature` has the anchors once more, for a quick count of what two have in common.
    """

    __tablename__ = "sketches"

    number: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    district: Mapped[str | None]
    demand: Mapped[str]
    category: Mapped[str | None]
    title: Mapped[bytes]
    words: Mapped[bytes]
    complete: Mapped[bool]
    cell: Mapped[int | None] = mapped_column(BigInteger)
    anchors: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    signature: Mapped[str] = mapped_column(BIT(SIGNATURE_BITS))

    __table_args__ = (
        Index("ix_sketches_anchors", "anchors", postgresql_using="gin"),
        Index("ix_sketches_cell", "cell"),
        {"schema": VAULT},
    )

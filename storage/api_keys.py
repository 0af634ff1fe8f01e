"""API keys: who may call, as whom, and for what. A secret is shown once and never stored."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.vocabulary import Role
from storage.key_tables import ApiKeyRow

PREFIX = "hk_"


@dataclass(frozen=True)
class ApiKey:
    """A key as its owner meets it. `vouches`: the channel makes sure that a person is who they say,
    and may hear of that person's earlier complaint.
    """

    id: str
    role: Role
    unit: str | None
    name: str | None
    packs: frozenset[str]
    vouches: bool
    revoked: bool


async def create(
    session: AsyncSession,
    role: Role,
    *,
    unit: str | None = None,
    name: str | None = None,
    packs: frozenset[str] = frozenset(),
    vouches: bool = False,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which cannot be had again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiKeyRow(**_values(role, unit, name, packs, vouches), secret_hash=_hash(secret))
    session.add(row)
    await session.flush()
    return _key(row), secret


async def ensure(
    session: AsyncSession,
    name: str,
    role: Role,
    unit: str | None,
    secret: str,
    *,
    packs: frozenset[str] = frozenset(),
    vouches: bool = False,
) -> ApiKey:
    """The key with this secret, made if it is not there; safe from several processes at once."""
    values = {**_values(role, unit, name, packs, vouches), "secret_hash": _hash(secret)}
    await session.execute(insert(ApiKeyRow).values(values).on_conflict_do_nothing())
    row = await session.scalar(select(ApiKeyRow).where(ApiKeyRow.secret_hash == _hash(secret)))
    assert row is not None, "a key is revoked, never deleted"
    return _key(row)


async def authenticate(session: AsyncSession, secret: str) -> ApiKey | None:
    """Whose secret this is; None for an unknown or revoked one."""
    query = select(ApiKeyRow).where(
        ApiKeyRow.secret_hash == _hash(secret), ApiKeyRow.revoked_at.is_(None)
    )
    row = await session.scalar(query)
    return None if row is None else _key(row)


async def every(session: AsyncSession) -> list[ApiKey]:
    rows = await session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.created_at, ApiKeyRow.id))
    return [_key(row) for row in rows]


async def revoke(session: AsyncSession, key_id: str) -> bool:
    """Ends a key at once; False where no such key is in force."""
    statement = (
        update(ApiKeyRow)
        .where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
        .values(revoked_at=func.clock_timestamp())
        .returning(ApiKeyRow.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


def _values(
    role: Role, unit: str | None, name: str | None, packs: frozenset[str], vouches: bool
) -> dict[str, object]:
    return {
        "id": f"{role}-{secrets.token_hex(4)}",
        "role": role.value,
        "unit": unit,
        "name": name,
        "packs": sorted(packs),
        "vouches": vouches,
    }


def _hash(secret: str) -> str:
    """Plain SHA-256: the secrets are 256 random bits, so there is no guessing to slow down."""
    return sha256(secret.encode()).hexdigest()


def _key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        id=row.id,
        role=Role(row.role),
        unit=row.unit,
        name=row.name,
        packs=frozenset(row.packs),
        vouches=row.vouches,
        revoked=row.revoked_at is not None,
    )

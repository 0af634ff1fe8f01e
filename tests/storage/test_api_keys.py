import anyio

from domain.vocabulary import Role
from storage import api_keys
from storage.database import Database


async def test_a_secret_is_shown_once_and_never_stored(database: Database) -> None:
    async with database.transaction() as session:
        key, secret = await api_keys.create(
            session, Role.UNIT, unit="u1", name="desk", packs=frozenset({"cn-beijing"})
        )

    async with database.transaction() as session:
        assert await api_keys.authenticate(session, secret) == key
        assert await api_keys.authenticate(session, secret + "x") is None
        assert secret not in str([vars(one) for one in await api_keys.every(session)])
    assert (key.role, key.unit, key.packs) == (Role.UNIT, "u1", frozenset({"cn-beijing"}))


async def test_a_revoked_key_opens_nothing(database: Database) -> None:
    async with database.transaction() as session:
        key, secret = await api_keys.create(session, Role.HOTLINE)
        assert await api_keys.revoke(session, key.id)
        assert not await api_keys.revoke(session, key.id)

    async with database.transaction() as session:
        assert await api_keys.authenticate(session, secret) is None
        assert key.id in {one.id for one in await api_keys.every(session) if one.revoked}


async def test_a_key_that_several_starts_ensure_at_once_is_one(
    database: Database, number: str
) -> None:
    ids: set[str] = set()

    async def start() -> None:
        async with database.transaction() as session:
            key = await api_keys.ensure(session, "demo", Role.HOTLINE, None, f"demo-{number}")
            ids.add(key.id)

    async with anyio.create_task_group() as starts:
        for _ in range(8):
            starts.start_soon(start)

    assert len(ids) == 1

import asyncio
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import text

from domain.sketch import packed
from runtime.embedded.postgres import EmbeddedPostgres
from runtime.master_key import MasterKeys
from sealing.data_key import DataKey
from sealing.errors import MasterKeyMissing, NoDataKey, PersonErased, SealBroken
from sealing.keys import SealingKeys
from sealing.sketches import Sketcher
from sealing.vault import Vault
from storage import data_keys, sketches
from storage.database import Database

PERSON = "person-key-of-a-test"


@pytest.fixture
def vault(keys: SealingKeys) -> Vault:
    return Vault(keys)


async def keep(database: Database, vault: Vault, key: DataKey, person: str = PERSON) -> None:
    async with database.transaction() as session:
        await vault.keep(session, key, person)


async def test_a_kept_key_opens_what_it_sealed(
    database: Database, vault: Vault, data_key: DataKey
) -> None:
    await keep(database, vault, data_key)
    sealed = data_key.seal("text", "no heating")

    async with database.transaction() as session:
        fetched = await vault.fetch(session, data_key.number)

    assert fetched.open("text", sealed) == "no heating"


async def test_an_erased_person_is_nobody_for_ever(
    database: Database, vault: Vault, data_key: DataKey
) -> None:
    await keep(database, vault, data_key, f"person-{data_key.number}")

    await vault.erase(database, data_key.number)
    async with database.transaction() as session:
        erased_at = await vault.erased_at(session, data_key.number)
    await vault.erase(database, data_key.number)

    async with database.transaction() as session:
        assert erased_at is not None
        assert await vault.erased_at(session, data_key.number) == erased_at
        assert await data_keys.numbers_of(session, f"person-{data_key.number}") == []
        with pytest.raises(PersonErased):
            await vault.fetch(session, data_key.number)


async def test_an_erased_key_is_gone_from_the_files_of_its_table(
    database: Database, vault: Vault, data_key: DataKey, postgres: EmbeddedPostgres
) -> None:
    person = f"person-{data_key.number}"
    await keep(database, vault, data_key, person)
    async with database.transaction() as session:
        row = await data_keys.find(session, data_key.number)
        assert row is not None
        wrapped = row.wrapped_key
    assert wrapped is not None
    assert _stands_in_tables(postgres, wrapped)
    assert _stands_in_tables(postgres, person.encode())

    await vault.erase(database, data_key.number)

    assert not _stands_in_tables(postgres, wrapped)
    assert not _stands_in_tables(postgres, person.encode())


async def test_an_erased_complaints_sketch_is_gone_from_the_files_too(
    database: Database,
    vault: Vault,
    data_key: DataKey,
    postgres: EmbeddedPostgres,
    keys: SealingKeys,
) -> None:
    sketch = Sketcher(keys).sketch(None, "the boiler of house 7 is out", None)
    await keep(database, vault, data_key)
    async with database.transaction() as session:
        await sketches.keep(
            session, data_key.number, sketch, received_at=datetime.now(UTC), demand="complaint"
        )
    assert _stands_in_tables(postgres, packed(sketch.words))

    await vault.erase(database, data_key.number)

    assert not _stands_in_tables(postgres, packed(sketch.words))


async def test_the_erasure_of_an_unknown_complaint_is_an_error(
    database: Database, vault: Vault, number: str
) -> None:
    with pytest.raises(NoDataKey):
        await vault.erase(database, number)


async def test_a_key_needs_the_master_key_that_wrapped_it(
    database: Database, vault: Vault, data_key: DataKey
) -> None:
    await keep(database, vault, data_key)
    stranger = Vault(SealingKeys.derived(MasterKeys.generate()))

    async with database.transaction() as session:
        with pytest.raises(MasterKeyMissing):
            await stranger.fetch(session, data_key.number)


async def test_older_master_keys_still_unwrap_what_they_wrapped(
    database: Database, data_key: DataKey
) -> None:
    old, new = MasterKeys.generate(), MasterKeys.generate()
    await keep(database, Vault(SealingKeys.derived(old)), data_key)
    both = Vault(SealingKeys.derived(MasterKeys.parse(f"{new.text()},{old.text()}")))

    async with database.transaction() as session:
        fetched = await both.fetch(session, data_key.number)

    assert fetched.material == data_key.material


async def test_a_wrapped_key_cannot_be_moved_to_another_complaint(
    database: Database, vault: Vault, data_key: DataKey
) -> None:
    await keep(database, vault, data_key)
    async with database.transaction() as session:
        row = await data_keys.find(session, data_key.number)
        assert row is not None
        assert row.wrapped_key is not None
        await data_keys.add(
            session, data_key.number + "0", row.wrapped_key, row.master_key_id, None
        )

    async with database.transaction() as session:
        with pytest.raises(SealBroken):
            await vault.fetch(session, data_key.number + "0")


async def test_a_new_receipt_version_is_one_more(
    database: Database, vault: Vault, data_key: DataKey
) -> None:
    await keep(database, vault, data_key)

    async with database.transaction() as session:
        assert await vault.receipt_version(session, data_key.number) == 1
        assert await data_keys.renew_receipt(session, data_key.number) == 2
    async with database.transaction() as session:
        assert await vault.receipt_version(session, data_key.number) == 2


async def test_the_complaints_of_one_person_are_found_by_the_hash(
    database: Database, vault: Vault, data_key: DataKey
) -> None:
    person = f"person-{data_key.number}"
    await keep(database, vault, data_key, person)
    await keep(database, vault, DataKey.generate(data_key.number + "0"), person)

    async with database.transaction() as session:
        found = await data_keys.numbers_of(session, person)

    assert found == [data_key.number + "0", data_key.number]


def _stands_in_tables(postgres: EmbeddedPostgres, needle: bytes) -> bool:
    """In any table's or index's file, after everything in memory was written out."""
    with psycopg.connect(
        postgres.url("postgres").replace("+psycopg", "").replace("hotline@", "postgres@"),
        autocommit=True,
    ) as connection:
        connection.execute("CHECKPOINT")
    files = (postgres.folder / "data" / "base").rglob("*")
    return any(needle in file.read_bytes() for file in files if file.is_file())


async def test_an_erasure_waits_for_the_transactions_that_can_still_see_the_key(
    database: Database, vault: Vault, data_key: DataKey, postgres: EmbeddedPostgres
) -> None:
    person = f"person-{data_key.number}"
    await keep(database, vault, data_key, person)

    async with database.transaction() as session:
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        assert await data_keys.numbers_of(session, person)
        erasing = asyncio.create_task(vault.erase(database, data_key.number))
        await session.execute(text("SELECT pg_sleep(0.2)"))
        assert not erasing.done()
        # The reader's lock on the table ends with it; its snapshot has held the row until now.
    await erasing

    assert not _stands_in_tables(postgres, person.encode())


async def test_an_older_reader_of_other_tables_delays_the_scrubbing_too(
    database: Database, vault: Vault, data_key: DataKey, postgres: EmbeddedPostgres
) -> None:
    person = f"person-{data_key.number}"
    await keep(database, vault, data_key, person)

    async with database.transaction() as session:
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        await session.execute(text("SELECT 1 FROM complaints"))
        erasing = asyncio.create_task(vault.erase(database, data_key.number))
        await asyncio.sleep(0.3)
        assert _stands_in_tables(postgres, person.encode())
        assert not erasing.done()
    await erasing

    assert not _stands_in_tables(postgres, person.encode())

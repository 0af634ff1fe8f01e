"""The real PostgreSQL with our tables; every test takes complaint numbers of its own."""

import secrets
from collections.abc import AsyncIterator

import pytest

from domain.number import DRAWS, complaint_number
from storage.database import Database
from storage.migrate import upgrade


@pytest.fixture(scope="session")
def migrated_url(database_url: str) -> str:
    upgrade(database_url)
    return database_url


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    database = Database(migrated_url, "tests", pool_size=20)
    yield database
    await database.close()


@pytest.fixture
def number() -> str:
    return complaint_number(secrets.randbelow(DRAWS))

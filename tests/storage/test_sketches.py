from datetime import UTC, datetime, timedelta

import pytest

from domain.sketch import Sketch
from runtime.master_key import MasterKeys
from sealing.data_key import DataKey
from sealing.keys import SealingKeys
from sealing.sketches import Sketcher
from sealing.vault import Vault
from storage import sketches
from storage.database import Database

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)
TEXT = "丽发新城小区旁边的搅拌站每天24小时生产，灰尘和噪音让业主无法入睡。"
LESS = "丽发新城小区的电梯又坏了，物业不修。"


@pytest.fixture
def keys() -> SealingKeys:
    """Of each test alone: what other tests kept is like nothing here."""
    return SealingKeys.derived(MasterKeys.generate())


@pytest.fixture
def sketcher(keys: SealingKeys) -> Sketcher:
    return Sketcher(keys)


async def keep(
    database: Database,
    number: str,
    sketch: Sketch,
    district: str | None = "110105",
    received_at: datetime = NOW,
) -> None:
    async with database.transaction() as session:
        await sketches.keep(
            session,
            number,
            sketch,
            received_at=received_at,
            demand="complaint",
            district=district,
        )


async def nearest(
    database: Database, sketch: Sketch, district: str | None = "110105"
) -> list[sketches.Near]:
    async with database.transaction() as session:
        return await sketches.nearest(session, sketch, district=district, since=SINCE, limit=10)


def numbers(found: list[sketches.Near]) -> list[str]:
    return [near.kept.number for near in found]


async def test_the_likest_comes_first(database: Database, number: str, sketcher: Sketcher) -> None:
    await keep(database, number + "-2", sketcher.sketch(None, LESS, None))
    await keep(database, number + "-1", sketcher.sketch(None, TEXT, None))

    found = await nearest(database, sketcher.sketch(None, TEXT, None))

    assert numbers(found) == [number + "-1", number + "-2"]
    assert found[0].likeness == 1.0 > found[1].likeness > 0
    assert found[0].kept.sketch == sketcher.sketch(None, TEXT, None)


async def test_another_district_is_left_out_and_an_unknown_one_is_not(
    database: Database, number: str, sketcher: Sketcher
) -> None:
    sketch = sketcher.sketch(None, TEXT, None)
    await keep(database, number + "-1", sketch, "110105")
    await keep(database, number + "-2", sketch, "110108")
    await keep(database, number + "-3", sketch, None)

    assert numbers(await nearest(database, sketch)) == [number + "-1", number + "-3"]
    assert len(await nearest(database, sketch, None)) == 3


async def test_what_came_before_the_window_is_left_out(
    database: Database, number: str, sketcher: Sketcher
) -> None:
    sketch = sketcher.sketch(None, TEXT, None)
    await keep(database, number + "-1", sketch, received_at=SINCE - timedelta(seconds=1))
    await keep(database, number + "-2", sketch, received_at=SINCE)

    assert numbers(await nearest(database, sketch)) == [number + "-2"]


async def test_the_sketch_dies_with_the_data_key(
    database: Database, number: str, keys: SealingKeys, sketcher: Sketcher
) -> None:
    sketch, person = sketcher.sketch(None, TEXT, None), f"person-{number}"
    async with database.transaction() as session:
        await Vault(keys).keep(session, DataKey.generate(number), person)
    await keep(database, number, sketch)
    async with database.transaction() as session:
        assert [kept.number for kept in await sketches.of_person(session, person)] == [number]
    (found,) = await nearest(database, sketch)
    assert found.kept.person_key == person

    await Vault(keys).erase(database, number)

    assert await nearest(database, sketch) == []
    async with database.transaction() as session:
        assert await sketches.of_person(session, person) == []

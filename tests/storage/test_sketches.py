import csv
import gzip
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from domain.event import EventKind
from domain.sketch import Sketch
from domain.vocabulary import Stage
from runtime.master_key import MasterKeys
from sealing.data_key import DataKey
from sealing.keys import SealingKeys
from sealing.sketches import Sketcher
from sealing.vault import Vault
from storage import ledger, sketches
from storage.database import Database
from storage.rebuild import rebuild
from tests.storage.files import batch, event, state

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)
TEXT = "丽发新城小区旁边的搅拌站每天24小时生产，灰尘和噪音让业主无法入睡。"
OTHER = "公交车312路早高峰经常半小时没有一班，希望增加班次。"
MESSAGES = Path(__file__).parents[3] / "shared/data/zh_messages/hotspot_messages_4326.csv.gz"
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
    await keep(database, number + "-1", sketcher.sketch(None, LESS, None))
    await keep(database, number + "-2", sketcher.sketch(None, TEXT, None))

    found = await nearest(database, sketcher.sketch(None, TEXT, None))

    assert numbers(found) == [number + "-2", number + "-1"]
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


async def test_the_sketch_is_dropped_when_the_ledger_hears_that_the_complaint_is_closed(
    database: Database, number: str, sketcher: Sketcher
) -> None:
    sketch = sketcher.sketch(None, TEXT, None)
    await keep(database, number, sketch)
    still_open = event(number, 1, state=state(number))
    closed = event(number, 2, EventKind.CLOSED, state=state(number, stage=Stage.CLOSED))

    async with database.transaction() as session:
        await ledger.append(session, batch(number, still_open))
    assert numbers(await nearest(database, sketch)) == [number]
    async with database.transaction() as session:
        await ledger.append(session, batch(number, closed))

    assert await nearest(database, sketch) == []


async def test_a_rebuild_leaves_the_sketch_alone(
    database: Database, number: str, sketcher: Sketcher
) -> None:
    sketch = sketcher.sketch(None, TEXT, None)
    await keep(database, number, sketch)
    async with database.transaction() as session:
        await ledger.append(session, batch(number, event(number, 1, state=state(number))))
        await ledger.drop_projection(session, number)

    async with database.transaction() as session:
        finding = await rebuild(session, number, None, check=False)

    assert finding.differences
    assert numbers(await nearest(database, sketch)) == [number]


async def test_what_lies_in_a_cell_beside_it_is_found_whatever_it_says(
    database: Database, number: str, sketcher: Sketcher
) -> None:
    await keep(database, number + "-1", sketcher.sketch(None, OTHER, None, (39.9090, 116.396)))
    await keep(database, number + "-2", sketcher.sketch(None, OTHER, None, (39.9500, 116.396)))

    found = await nearest(database, sketcher.sketch(None, TEXT, None, (39.9050, 116.391)))

    assert [(near.kept.number, near.place) for near in found] == [(number + "-1", "near")]


async def test_half_of_a_real_message_mostly_finds_the_whole_one(
    database: Database, number: str, sketcher: Sketcher
) -> None:
    if not MESSAGES.exists():
        pytest.skip("../shared/data/zh_messages is absent")
    with gzip.open(MESSAGES, "rt", encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in islice(csv.DictReader(lines), 60) if len(row["detail"]) > 100]
    for count, row in enumerate(rows):
        await keep(
            database, f"{number}-{count}", sketcher.sketch(row["title"], row["detail"], None)
        )

    right = 0
    for count, row in enumerate(rows):
        half = row["detail"][len(row["detail"]) // 2 :]
        found = await nearest(database, sketcher.sketch(None, half, None))
        right += found[0].kept.number == f"{number}-{count}"
    assert right >= 0.9 * len(rows)

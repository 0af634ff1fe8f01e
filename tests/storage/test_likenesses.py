from domain.vocabulary import Stage
from runtime.master_key import MasterKeys
from sealing.data_key import DataKey
from sealing.keys import SealingKeys
from sealing.vault import Vault
from storage import journal, ledger, likenesses
from storage.database import Database
from storage.journal import Entry
from storage.likenesses import Related
from storage.rebuild import rebuild
from tests.storage.files import START, at, batch, event, state
from tests.storage.test_journal import GRACE


async def submitted(database: Database, *numbers: str) -> None:
    async with database.transaction() as session:
        for number in numbers:
            entry = Entry(
                number=number,
                act_id=number,
                kind=journal.SUBMISSION,
                key_id="channel-1",
                idempotency_key=number,
                body_hash="hash",
                body={"pack": "cn-beijing"},
                received_at=START,
            )
            await journal.enter(session, entry, GRACE)


async def of(database: Database, number: str, unit: str | None = None) -> list[Related]:
    async with database.transaction() as session:
        return await likenesses.of(session, number, unit)


async def test_a_pair_is_kept_once_and_found_from_both_sides(
    database: Database, number: str
) -> None:
    one, other = f"{number}1", f"{number}2"
    await submitted(database, one, other)

    async with database.transaction() as session:
        await likenesses.link(session, one, {other: 0.5}, at(0))
        await likenesses.link(session, other, {one: 0.9}, at(1))

    assert await of(database, one) == [Related(other, 0.5, Stage.REGISTERED, None)]
    assert await of(database, other) == [Related(one, 0.5, Stage.REGISTERED, None)]


async def test_the_likest_comes_first(database: Database, number: str) -> None:
    numbers = [f"{number}{place}" for place in range(4)]
    await submitted(database, *numbers)

    async with database.transaction() as session:
        others = dict(zip(numbers[1:], (0.5, 0.9, 0.7), strict=True))
        await likenesses.link(session, numbers[0], others, at(0))

    assert [one.likeness for one in await of(database, numbers[0])] == [0.9, 0.7, 0.5]


async def test_a_rebuild_leaves_it_alone(database: Database, number: str) -> None:
    other = f"{number}2"
    await submitted(database, number, other)
    async with database.transaction() as session:
        await ledger.append(session, batch(number, event(number, 1, state=state(number))))
        await likenesses.link(session, number, {other: 0.5}, at(0))

    async with database.transaction() as session:
        await ledger.drop_projection(session, number)
        finding = await rebuild(session, number, None, check=False)

    assert finding.differences
    assert [one.number for one in await of(database, other)] == [number]


async def test_it_goes_with_the_erased_person(
    database: Database, master_keys: MasterKeys, number: str
) -> None:
    vault = Vault(SealingKeys.derived(master_keys))
    other = f"{number}2"
    await submitted(database, number, other)
    async with database.transaction() as session:
        await vault.keep(session, DataKey.generate(number))
        await likenesses.link(session, number, {other: 0.5}, at(0))

    await vault.erase(database, number)

    assert await of(database, number) == []
    assert await of(database, other) == []

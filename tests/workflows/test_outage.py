"""A day without the database, or without one destination: the law runs on, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.notices import Notices
from domain.event import EventKind
from domain.vocabulary import Demand, Stage
from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from sealing.vault import Vault
from settings import Settings
from storage import notices
from storage.database import Database
from storage.locks import Lock, hold
from storage.migrate import upgrade
from tests.activities.receiver import Receiver, receiver
from tests.servers import running_postgres, skipping_temporal
from tests.workflows.city import STREET, WASTE, Case, City
from worker import workers

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
async def own_environment(master_keys: MasterKeys) -> AsyncIterator[WorkflowEnvironment]:
    """These tests stop servers that the others share, so they have their own."""
    async with skipping_temporal(master_keys) as environment:
        yield environment


async def run_city(
    stack: AsyncExitStack,
    environment: WorkflowEnvironment,
    keys: MasterKeys,
    url: str,
    unit: Receiver,
) -> City:
    derived = SealingKeys.derived(keys)
    database = Database(url, "outage")
    stack.push_async_callback(database.close)
    destinations = {STREET: unit.destination}
    for worker in workers(
        environment.client, database, derived, Notices(database, destinations, derived), Settings()
    ):
        await stack.enter_async_context(worker)
    return City(environment, database, Vault(derived))


async def test_a_day_without_the_database_delays_no_rung_and_loses_no_line(
    own_environment: WorkflowEnvironment, master_keys: MasterKeys, tmp_path: Path
) -> None:
    with running_postgres(tmp_path) as postgres:
        postgres.server.ensure_database()
        url = postgres.server.url()
        upgrade(url)
        async with AsyncExitStack() as stack:
            unit = stack.enter_context(receiver())
            city = await run_city(stack, own_environment, master_keys, url, unit)
            case = await city.complain()
            await case.until_stage(Stage.DISPATCHED)
            before = len(await case.events())

            appended = await scheduled(case, "append")
            postgres.stop()
            await case.pass_time(hours=25)
            attempts = await scheduled(case, "append") - appended
            postgres.start()
            await case.pass_time(minutes=2)

            events = await case.events()
            fired = [e for e in events if e.kind is EventKind.RUNG_FIRED]
            assert len(events) > before
            assert [e.sequence for e in events] == list(range(1, len(events) + 1))
            assert {e.body["clock"].split(".")[0] for e in fired} == {"sign_off", "contact"}
            assert all((e.acted_at - e.due_at).total_seconds() <= 2 for e in fired if e.due_at)
            assert attempts <= 3, "retries do not grow the history"
            assert in_order(unit.ids)


async def test_a_day_without_one_destination_keeps_its_notices_in_order_and_delays_no_other(
    own_environment: WorkflowEnvironment, master_keys: MasterKeys, database_url: str
) -> None:
    upgrade(database_url)
    async with AsyncExitStack() as stack:
        unit = stack.enter_context(receiver())
        lonely = await run_city(stack, own_environment, master_keys, database_url, unit)
        unit.refuses = True
        case = await lonely.complain()
        await case.until_stage(Stage.DISPATCHED)
        await case.pass_time(hours=25)
        fired = await case.events(EventKind.RUNG_FIRED)
        assert all((e.acted_at - e.due_at).total_seconds() <= 2 for e in fired if e.due_at)

        unit.refuses = False
        unit.calls.clear()
        await case.pass_time(hours=1)

        delivered = await case.delivered()
        assert {d for n, d in delivered if d != STREET} >= {"110105"}
        assert in_order(unit.ids)
        assert [n for n, d in delivered if d == STREET] == sorted(unit.ids, key=nth)
        assert len(unit.ids) >= 2  # how many fall due in a day depends on its hour


async def test_a_dead_destination_ends_as_undeliverable_and_keeps_no_file_open(
    own_environment: WorkflowEnvironment, master_keys: MasterKeys, database_url: str
) -> None:
    upgrade(database_url)
    async with AsyncExitStack() as stack:
        unit = stack.enter_context(receiver())
        lonely = await run_city(stack, own_environment, master_keys, database_url, unit)
        unit.refuses = True
        case = await lonely.complain(pack="demo-fast")
        await case.until_stage(Stage.DISPATCHED)
        await case.act("withdraw", role="citizen")

        await case.pass_time(minutes=3)

        assert await case.handle.result() == "withdrawn"
        lost = await case.events(EventKind.NOTICE_UNDELIVERABLE)
        assert {event.body["destination"] for event in lost} == {STREET}
        assert {event.body["notice_kind"] for event in lost} >= {"order_opened"}
        assert STREET not in {destination for _, destination in await case.delivered()}


async def test_what_waits_behind_a_ledger_that_hangs_is_told_in_order_and_none_is_lost(
    own_environment: WorkflowEnvironment, master_keys: MasterKeys, database_url: str
) -> None:
    upgrade(database_url)
    async with AsyncExitStack() as stack:
        unit = stack.enter_context(receiver())
        city = await run_city(stack, own_environment, master_keys, database_url, unit)
        case = await city.complain(
            "请问怎么办？", pack="demo-fast", category=None, demand=Demand.CONSULT
        )
        await case.until_stage(Stage.TRIAGE)
        await case.events()

        async with city.database.transaction(longest_seconds=30) as another_writer:
            await hold(another_writer, Lock.LEDGER, case.number)
            await case.act("classify", category=WASTE)
            await case.until_stage(Stage.DISPATCHED)
            await case.act("withdraw", role="citizen")
            async with asyncio.timeout(20):
                while len(unit.ids) < 2:
                    await asyncio.sleep(0.1)

        assert await case.handle.result() == "withdrawn"
        assert in_order(unit.ids)
        async with city.database.transaction() as session:
            told = await notices.of(session, case.number)
        assert {notice.state for notice in told} == {notices.DELIVERED}


async def scheduled(case: Case, activity: str) -> int:
    history = await case.handle.fetch_history()
    return sum(
        event.activity_task_scheduled_event_attributes.activity_type.name == activity
        for event in history.events
    )


def nth(notice: str) -> int:
    return int(notice.rsplit("-", 1)[1])


def in_order(ids: list[str]) -> bool:
    numbers = [nth(notice) for notice in ids]
    return numbers == sorted(set(numbers))

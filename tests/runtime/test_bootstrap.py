"""A worker may start the moment that bootstrap returns, however often and by whomever it is run."""

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.worker import Worker

from runtime.bootstrap import SearchAttributeConflict, bootstrap, wait_for_temporal
from runtime.embedded.temporal import EmbeddedTemporal
from runtime.master_key import MasterKeys
from runtime.plugin import HotlinePlugin
from runtime.tether import tethered

TEN_YEARS = timedelta(days=3650)
STAGE = SearchAttributeKey.for_keyword("ComplaintStage")
DUE_AT = SearchAttributeKey.for_datetime("ComplaintDueAt")
ROUND = SearchAttributeKey.for_int("ComplaintRound")
OVERDUE = SearchAttributeKey.for_bool("ComplaintOverdue")
KEYS: tuple[SearchAttributeKey[Any], ...] = (STAGE, DUE_AT, ROUND, OVERDUE)
DUE = datetime(2026, 11, 30, 16, tzinfo=UTC)


@workflow.defn(name="Marked", sandboxed=False)  # this module imports too much for it
class Marked:
    @workflow.run
    async def run(self) -> None:
        workflow.upsert_search_attributes(
            [STAGE.value_set("handling"), DUE_AT.value_set(DUE), OVERDUE.value_set(True)]
        )


@pytest.fixture(scope="module")
async def address(
    anyio_backend: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """An embedded server as `hotline up` starts it."""
    folder: Path = tmp_path_factory.mktemp("temporal")
    server = EmbeddedTemporal(folder, *_free_ports(3))
    process = await asyncio.create_subprocess_exec(
        *tethered(server.command()), stdout=asyncio.subprocess.DEVNULL, start_new_session=True
    )
    yield server.address
    process.terminate()
    await process.wait()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


@pytest.fixture
async def client(address: str, master_keys: MasterKeys) -> Client:
    """For a namespace that nobody has made yet."""
    await wait_for_temporal(await Client.connect(address, lazy=True))
    plugin = HotlinePlugin(master_keys)
    return await Client.connect(address, namespace=f"city-{uuid.uuid4()}", plugins=[plugin])


@pytest.fixture
def no_worker_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nobody needs every service of the cluster to have heard."""
    monkeypatch.setattr("runtime.bootstrap.NAMESPACE_REFRESH_SECONDS", 0)


async def _retention(client: Client) -> timedelta:
    request = DescribeNamespaceRequest(namespace=client.namespace)
    response = await client.workflow_service.describe_namespace(request)
    kept: timedelta = response.config.workflow_execution_retention_ttl.ToTimedelta()
    return kept


async def test_everything_is_usable_at_once(client: Client) -> None:
    await bootstrap(client, KEYS, TEN_YEARS)

    async with Worker(client, task_queue="marked", workflows=[Marked]):
        handle = await client.start_workflow(
            Marked.run,
            id="marked",
            task_queue="marked",
            search_attributes=TypedSearchAttributes([SearchAttributePair(ROUND, 1)]),
        )
        await asyncio.wait_for(handle.result(), 10)
    failures = [
        event.event_type
        async for event in handle.fetch_history_events()
        if event.HasField("workflow_task_failed_event_attributes")
    ]

    assert failures == []
    assert (await handle.describe()).typed_search_attributes[DUE_AT] == DUE
    assert await _retention(client) == TEN_YEARS


@pytest.mark.usefixtures("no_worker_follows")
async def test_again_is_harmless_and_changes_retention(client: Client) -> None:
    await bootstrap(client, KEYS, timedelta(days=30))
    await bootstrap(client, KEYS, TEN_YEARS)

    assert await _retention(client) == TEN_YEARS


@pytest.mark.usefixtures("no_worker_follows")
async def test_two_at_once_are_one(client: Client) -> None:
    await asyncio.gather(*(bootstrap(client, KEYS, TEN_YEARS) for _ in range(2)))


@pytest.mark.usefixtures("no_worker_follows")
async def test_a_later_version_adds_what_is_new(client: Client) -> None:
    await bootstrap(client, KEYS[:2], TEN_YEARS)
    await bootstrap(client, KEYS, TEN_YEARS)

    assert (await client.count_workflows("ComplaintOverdue=true")).count == 0


@pytest.mark.usefixtures("no_worker_follows")
async def test_another_type_is_refused(client: Client) -> None:
    await bootstrap(client, KEYS, TEN_YEARS)

    with pytest.raises(SearchAttributeConflict, match="ComplaintStage"):
        await bootstrap(client, [SearchAttributeKey.for_int("ComplaintStage")], TEN_YEARS)

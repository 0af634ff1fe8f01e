"""The shape of production: servers that are not ours, and each of our processes by itself.

PostgreSQL and Temporal are the embedded ones here, but nothing of ours starts them or is told so:
our processes get the environment that docker-compose.yml gives them.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
)
from temporalio.client import Client

from runtime.bootstrap import wait_for_temporal
from runtime.embedded.temporal import EmbeddedTemporal
from runtime.master_key import MasterKeys
from runtime.tether import tethered
from tests.servers import running_postgres
from workflows.queues import COMPLAINTS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.xdist_group("production")]

NAMESPACE = "complaints"


class Cluster:
    """What an operator provides, and the environment that tells our processes of it."""

    def __init__(self, folder: Path, database_url: str, address: str, api: int, codec: int) -> None:
        self.address, self.api, self.codec = address, api, codec
        self._started: list[subprocess.Popen[bytes]] = []
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith(("HOTLINE", "TEMPORAL"))
        }
        self.environment = {
            **inherited,
            "TEMPORAL_ADDRESS": address,
            "TEMPORAL_NAMESPACE": NAMESPACE,
            "HOTLINE_DATA": str(folder / "data"),
            "HOTLINE_DATABASE_URL": database_url,
            "HOTLINE_MASTER_KEY": MasterKeys.generate().text(),
            "HOTLINE_API_PORT": str(api),
            "HOTLINE_CODEC_PORT": str(codec),
            "HOTLINE_RETENTION_DAYS": "400",
            "HOTLINE_LOG_FORMAT": "json",
        }

    def run(self, command: str) -> None:
        subprocess.run(self._command(command), env=self.environment, check=True, timeout=60)

    def start(self, command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(self._command(command), env=self.environment)
        self._started.append(process)
        return process

    def stop(self) -> list[int]:
        for process in self._started:
            process.send_signal(signal.SIGTERM)
        return [process.wait(45) for process in self._started]

    def _command(self, command: str) -> list[str]:
        return [sys.executable, "-m", "cli.main", command]


@pytest.fixture
def cluster(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Cluster]:
    temporal = EmbeddedTemporal(tmp_path / "temporal", free_port(), free_port(), free_port())
    temporal.prepare()
    with (
        running_postgres(tmp_path) as postgres,
        subprocess.Popen(
            tethered(temporal.command()), stderr=subprocess.DEVNULL, start_new_session=True
        ) as server,
    ):
        postgres.server.ensure_database()
        cluster = Cluster(
            tmp_path, postgres.server.url(), temporal.address, free_port(), free_port()
        )
        yield cluster
        cluster.stop()
        server.terminate()


@pytest.fixture
async def client(cluster: Cluster) -> Client:
    lazy = await Client.connect(cluster.address, namespace=NAMESPACE, lazy=True)
    await wait_for_temporal(lazy)
    return lazy


async def test_two_workers_an_api_and_a_codec_server_on_given_servers(
    cluster: Cluster, client: Client
) -> None:
    for step in ("migrate", "bootstrap", "migrate", "bootstrap"):
        await asyncio.to_thread(cluster.run, step)
    for process in ("worker", "worker", "codec", "api"):
        cluster.start(process)

    async with httpx.AsyncClient() as http, asyncio.timeout(90):
        while not await _ready(http, f"http://127.0.0.1:{cluster.api}/readyz"):
            await asyncio.sleep(0.2)
        while not await _ready(http, f"http://127.0.0.1:{cluster.codec}/openapi.json", 404):
            await asyncio.sleep(0.2)
        while len(await _pollers(client)) < 2:
            await asyncio.sleep(0.2)

    request = DescribeNamespaceRequest(namespace=NAMESPACE)
    kept = (await client.workflow_service.describe_namespace(request)).config
    assert kept.workflow_execution_retention_ttl.ToTimedelta().days == 400
    assert not (Path(cluster.environment["HOTLINE_DATA"]) / "master.key").exists()
    assert await asyncio.to_thread(cluster.stop) == [0, 0, 0, 0]


async def _ready(http: httpx.AsyncClient, url: str, code: int = 200) -> bool:
    try:
        return (await http.get(url)).status_code == code
    except httpx.TransportError:
        return False


async def _pollers(client: Client) -> set[str]:
    request = DescribeTaskQueueRequest(
        namespace=NAMESPACE,
        task_queue=TaskQueue(name=COMPLAINTS),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    answer = await client.workflow_service.describe_task_queue(request)
    return {poller.identity for poller in answer.pollers}

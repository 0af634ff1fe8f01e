"""Whether a worker is at work, as the engine sees it."""

import asyncio
from datetime import UTC, datetime

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

GLANCE_SECONDS = 0.2


async def until_a_worker_polls(client: Client, task_queue: str, since: datetime) -> None:
    """The engine remembers pollers for minutes after their death: only later polls count."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    while True:
        try:
            described = await client.workflow_service.describe_task_queue(request)
        except RPCError:
            described = None  # the engine has just been started anew
        if described and any(
            poller.last_access_time.ToDatetime(UTC) >= since for poller in described.pollers
        ):
            return
        await asyncio.sleep(GLANCE_SECONDS)

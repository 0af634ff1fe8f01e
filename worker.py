"""The worker: composition root of all that runs complaints.

Three task queues in one process. The law has its own; the ledger and the notices retry on theirs,
so that a database or a gateway that is down takes no slot from a deadline.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.common import VersioningBehavior
from temporalio.worker import Worker, WorkerDeploymentConfig, WorkerDeploymentVersion

from activities.ledger import Ledger
from activities.notices import Notices, read_destinations
from activities.rulings import Rulings
from activities.words import Words
from packs.loader import load_all
from runtime.client import connect
from runtime.database import database_url
from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from sealing.vault import Vault
from settings import Settings
from storage.database import Database
from workflows.complaint import ComplaintWorkflow
from workflows.queues import COMPLAINTS, LEDGER, NOTICES

GRACE = timedelta(seconds=10)


async def run(settings: Settings) -> None:
    """Until cancelled; refuses to start with a rule pack that is not whole."""
    load_all()
    keys = MasterKeys.load(settings)
    database = Database(database_url(settings), "worker")
    client = await connect(settings, keys, role="worker")
    destinations = read_destinations(settings.notices) if settings.notices else {}
    sealing = SealingKeys.derived(keys)
    notices = Notices(database, destinations, sealing)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        stack.push_async_callback(notices.close)
        for worker in workers(client, database, sealing, notices, settings):
            await stack.enter_async_context(worker)
        await asyncio.Event().wait()


def workers(
    client: Client,
    database: Database,
    keys: SealingKeys,
    notices: Notices,
    settings: Settings,
) -> list[Worker]:
    """The law's worker, and one each for what drains beside it."""
    ledger = Ledger(database)
    return [
        law_worker(client, Rulings(Words(database, Vault(keys)).open), ledger, notices, settings),
        _worker(client, LEDGER, [ledger.append], settings),
        _worker(client, NOTICES, [notices.deliver], settings),
    ]


def law_worker(
    client: Client,
    rulings: Rulings,
    ledger: Ledger,
    notices: Notices,
    settings: Settings,
    *,
    task_queue: str = COMPLAINTS,
) -> Worker:
    """Runs the complaints of a task queue, and asks and tells on their behalf."""
    asking: list[Callable[..., Any]] = [
        rulings.rules,
        rulings.classify,
        rulings.dispatch,
        rulings.units,
        rulings.clocks,
    ]
    telling: list[Callable[..., Any]] = [ledger.append, notices.deliver]
    return _worker(client, task_queue, [*asking, *telling], settings, [ComplaintWorkflow])


def _worker(
    client: Client,
    task_queue: str,
    activities: Sequence[Callable[..., Any]],
    settings: Settings,
    workflows: Sequence[type[Any]] = (),
) -> Worker:
    return Worker(
        client,
        task_queue=task_queue,
        workflows=workflows,
        activities=activities,
        graceful_shutdown_timeout=GRACE,
        **_deployment(settings),
    )


def _deployment(settings: Settings) -> dict[str, Any]:
    """Versioned only where a build id is set: such a worker waits to be made current.

    Complaints auto-upgrade: corrections of the law must reach the open ones. The behaviour stands
    here and not on the workflow, since the server refuses it from an unversioned worker.
    """
    if settings.deployment_name is None or settings.build_id is None:
        return {}
    version = WorkerDeploymentVersion(settings.deployment_name, settings.build_id)
    return {
        "deployment_config": WorkerDeploymentConfig(
            version=version,
            use_worker_versioning=True,
            default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
        )
    }

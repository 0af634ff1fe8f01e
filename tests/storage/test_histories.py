"""What a history acknowledges, on the real engine; and the rebuild from it."""

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.ledger import Ledger
from cli.rebuild_histories import HistoryUnreadable, acknowledged, numbers
from domain.batch import LedgerBatch
from runtime.master_key import MasterKeys
from runtime.plugin import HotlinePlugin
from storage.database import Database
from storage.rebuild import rebuild
from tests.storage.files import batch, file_of
from tests.storage.lanes import LedgerLane

QUEUE = "test-ledger-lane"


class OftenDown(Ledger):
    """Every second local attempt fails, so that the regular lane has work too."""

    attempts = 0

    @activity.defn(name="append")
    async def append(self, batch: LedgerBatch) -> LedgerBatch:
        self.attempts += 1
        if activity.info().is_local and self.attempts % 2:
            raise ConnectionError
        return await super().append(batch)


async def carry(
    environment: WorkflowEnvironment, database: Database, number: str, length: int
) -> None:
    file = file_of(number, length)
    batches = [batch(number, *file[start : start + 2]) for start in range(0, length, 2)]
    worker = Worker(
        environment.client,
        task_queue=QUEUE,
        workflows=[LedgerLane],
        activities=[OftenDown(database).append],
    )
    async with worker:
        await environment.client.execute_workflow(
            LedgerLane.run, batches, id=f"complaint-{number}", task_queue=QUEUE
        )


async def test_a_history_tells_what_was_written_by_local_and_by_regular_attempts(
    environment: WorkflowEnvironment, database: Database, number: str
) -> None:
    await carry(environment, database, number, 7)

    assert await acknowledged(environment.client, number) == list(file_of(number, 7))
    async with database.transaction() as session:
        finding = await rebuild(session, number, file_of(number, 7), check=True)
    assert finding.differences == ()


async def test_a_complaint_that_the_engine_forgot_has_no_history(
    environment: WorkflowEnvironment, number: str
) -> None:
    assert await acknowledged(environment.client, number) is None


async def test_a_history_of_another_master_key_is_unreadable_and_says_so(
    environment: WorkflowEnvironment, database: Database, number: str
) -> None:
    await carry(environment, database, number, 1)
    stranger = await Client.connect(
        environment.client.service_client.config.target_host,
        plugins=[HotlinePlugin(MasterKeys.generate())],
    )

    with pytest.raises(HistoryUnreadable):
        await acknowledged(stranger, number)


async def test_every_complaint_that_the_engine_knows_is_listed(
    environment: WorkflowEnvironment, database: Database, number: str
) -> None:
    await carry(environment, database, number, 1)

    assert number in {known async for known in numbers(environment.client)}

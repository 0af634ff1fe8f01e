"""The delivery on the real engine, in the worst case: no database, and no process lives long."""

from temporalio import activity
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.notices import Notices
from domain.batch import DeliveryReport, NoticeBatch
from domain.notice import Notice
from storage.database import Database
from tests.activities.receiver import receiver
from tests.storage.files import START
from tests.storage.lanes import NoticeLane

QUEUE = "test-notice-lane"
UNIT = "subdistrict-1"


async def test_the_engine_alone_remembers_what_was_delivered(
    environment: WorkflowEnvironment, number: str
) -> None:
    gone = Database("postgresql+psycopg://hotline@/hotline?host=/nowhere", "tests")
    sent = tuple(
        Notice(id=f"{number}-{n}", destination=UNIT, number=number, kind="urged", made_at=START)
        for n in range(4)
    )

    with receiver() as unit:
        unit.answers = [204, 500, 204, 204, 500, 503]

        @activity.defn(name="deliver")
        async def deliver_and_forget(batch: NoticeBatch) -> DeliveryReport:
            process = Notices(gone, {UNIT: unit.destination})
            try:
                return await process.deliver(batch)
            finally:
                await process.close()

        async with Worker(
            environment.client,
            task_queue=QUEUE,
            workflows=[NoticeLane],
            activities=[deliver_and_forget],
        ):
            report = await environment.client.execute_workflow(
                NoticeLane.run,
                NoticeBatch(destination=UNIT, notices=sent),
                id=f"lane-{number}",
                task_queue=QUEUE,
            )

    taken = [one.removeprefix(f"{number}-") for one in unit.ids]
    assert taken == ["0", "1", "1", "2", "3", "3", "3"]
    assert [one.notice for one in report.deliveries] == [one.id for one in sent]
    assert not report.recorded

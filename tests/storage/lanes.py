"""A workflow that is nothing but lanes: what the activities and their histories are tested with."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from activities.ledger import Ledger
from activities.notices import Notices
from domain.batch import DeliveryReport, LedgerBatch, NoticeBatch

SECOND = timedelta(seconds=1)
AGAIN = RetryPolicy(initial_interval=timedelta(milliseconds=20))


@workflow.defn(name="ComplaintWorkflow", sandboxed=False)
class LedgerLane:
    """Appends batch after batch: first as a local activity, on failure as a regular one."""

    @workflow.run
    async def run(self, batches: list[LedgerBatch]) -> None:
        for batch in batches:
            try:
                await workflow.execute_local_activity_method(
                    Ledger.append,
                    batch,
                    start_to_close_timeout=SECOND,
                    retry_policy=RetryPolicy(maximum_attempts=1),
                )
            except FailureError:
                await workflow.execute_activity_method(
                    Ledger.append,
                    batch,
                    start_to_close_timeout=10 * SECOND,
                    retry_policy=AGAIN,
                )


@workflow.defn(sandboxed=False)
class NoticeLane:
    """Delivers one batch, for as long as it takes."""

    @workflow.run
    async def run(self, batch: NoticeBatch) -> DeliveryReport:
        return await workflow.execute_activity_method(
            Notices.deliver, batch, start_to_close_timeout=10 * SECOND, retry_policy=AGAIN
        )

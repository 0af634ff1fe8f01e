"""The effects of a complaint on the world: its ledger lane and one notice lane per destination.

No effect goes before its decision is durable. A local activity runs before its workflow task is
recorded: if that task is lost, the decision is made anew, perhaps another one, and an effect of the
lost one would stand in the ledger or in a unit's inbox. So the ledger is written by a regular
activity, which the server starts only once the decision stands in the history; when that answers,
the notices of the same step are durable too, and go out as local activities, one event each.

A database or a gateway that is down for a day delays no timer and loses nothing: the lane then asks
by a regular activity that retries for as long as it takes, without growing the history.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from temporalio import workflow
from temporalio.common import Priority
from temporalio.exceptions import FailureError, TimeoutError, is_cancelled_exception

from activities.ledger import Ledger
from activities.notices import Notices
from domain.batch import Delivery, DeliveryReport, LedgerBatch, NoticeBatch
from domain.event import Event
from domain.notice import Notice
from domain.rules import CaseRules
from domain.window import Amount, TimeUnit
from workflows.lane import Lane
from workflows.queues import LEDGER, NOTICES
from workflows.rulings import FOR_EVER, ONCE, PAUSE, SECOND

ATTEMPT = timedelta(seconds=10)
RELEASE_BEHIND_A_SILENT_LEDGER = "release-behind-a-silent-ledger"
_TIME = {
    TimeUnit.SECONDS: timedelta(seconds=1),
    TimeUnit.MINUTES: timedelta(minutes=1),
    TimeUnit.HOURS: timedelta(hours=1),
}


LedgerItem = Event | Notice | Delivery


class Effects:
    """What the main line adds here happens once, in order, in its own time."""

    def __init__(self, number: str, undeliverable: Callable[[list[Notice]], None]) -> None:
        self._number = number
        self._undeliverable = undeliverable
        self._patience = timedelta(days=30)
        self._priority = Priority()
        self._ledger: Lane[LedgerItem] = Lane(self._append)
        self._ledger_is_down = False
        self._durable: set[str] = set()
        self._released: set[str] = set()
        self._destinations: dict[str, Lane[Notice]] = {}
        self._held: dict[str, tuple[Notice, asyncio.Task[None]]] = {}

    def adopt(self, rules: CaseRules, priority: Priority) -> None:
        self._patience = _wall_time(rules.undeliverable_after)
        self._priority = priority

    def add(self, events: list[Event], notices: list[Notice]) -> None:
        """Events and notices enter the ledger together; then, or if it is down, notices go out."""
        self._ledger.add([*events, *notices])
        if self._ledger_is_down:
            self._release(notices)

    def raise_failure(self) -> None:
        """A bug in a lane stops the complaint's task, visibly, until a deployment mends it."""
        self._ledger.raise_failure()
        for lane in self._destinations.values():
            lane.raise_failure()

    @property
    def failed(self) -> bool:
        return self._ledger.failed or any(lane.failed for lane in self._destinations.values())

    @property
    def drained(self) -> bool:
        return self._ledger.empty

    @property
    def released(self) -> bool:
        """Whether every notice has gone to its destination's lane."""
        return self._ledger.empty or self._ledger_is_down

    @property
    def delivered(self) -> bool:
        return not self._held and all(lane.empty for lane in self._destinations.values())

    def give_up(self) -> list[Notice]:
        """Stop the notice lanes; what still waited at the end of the file is returned."""
        waiting = [notice for notice, _ in self._held.values()]
        for _, holding in self._held.values():
            holding.cancel()
        self._held.clear()
        for lane in self._destinations.values():
            waiting += lane.waiting
            lane.stop()
        self._destinations.clear()
        return waiting

    def note(self, deliveries: list[Delivery]) -> None:
        """Deliveries that the delivery table has not heard of."""
        self._ledger.add(list(deliveries))

    async def _append(self, batch: tuple[LedgerItem, ...]) -> None:
        notices = tuple(item for item in batch if isinstance(item, Notice))
        ledger = LedgerBatch(
            number=self._number,
            events=tuple(item for item in batch if isinstance(item, Event)),
            notices=notices,
            deliveries=tuple(item for item in batch if isinstance(item, Delivery)),
        )
        try:
            await workflow.execute_activity_method(
                Ledger.append,
                ledger,
                start_to_close_timeout=ATTEMPT,
                retry_policy=ONCE,
                priority=self._priority,
                summary="ledger",
            )
        except FailureError as failed:
            if is_cancelled_exception(failed):
                raise
            self._ledger_is_down = True
            self._durable |= {notice.id for notice in notices}
            self._release(self._unreleased(self._held_up_by(notices)))
            await self._append_for_ever(ledger)
            self._ledger_is_down = False
        else:
            self._durable |= {notice.id for notice in notices}
            self._release(self._unreleased(notices))

    async def _append_for_ever(self, ledger: LedgerBatch) -> None:
        while True:
            try:
                await workflow.execute_activity_method(
                    Ledger.append,
                    ledger,
                    task_queue=LEDGER,
                    start_to_close_timeout=ATTEMPT,
                    retry_policy=FOR_EVER,
                    summary="ledger",
                )
                return
            except FailureError as failed:
                if is_cancelled_exception(failed):
                    raise
                # A ledger that refuses for good is a fault for people; the law goes on meanwhile.
                workflow.logger.error("the ledger refuses complaint %s", self._number)
                await workflow.sleep(PAUSE, summary="the ledger refuses")

    def _held_up_by(self, notices: Sequence[Notice]) -> Sequence[Notice]:
        """What came behind the batch while it was asked about must not wait out the outage either.

        Its decisions may be of this very task, so `_durable` does not name them.
        """
        if not workflow.patched(RELEASE_BEHIND_A_SILENT_LEDGER):
            return notices
        return [item for item in self._ledger.waiting if isinstance(item, Notice)]

    def _unreleased(self, notices: Sequence[Notice]) -> list[Notice]:
        return [notice for notice in notices if notice.id not in self._released]

    def _release(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            self._released.add(notice.id)
            if notice.not_before is None:
                self._send_out(notice)
            else:
                self._held[notice.id] = (notice, asyncio.create_task(self._hold(notice)))

    async def _hold(self, notice: Notice) -> None:
        """Keep a staff notice for duty hours; later ones that need not wait go before it."""
        remaining = (notice.not_before or workflow.now()) - workflow.now()
        if remaining > timedelta(0):
            await workflow.sleep(remaining, summary=f"duty hours of {notice.destination}"[:190])
        del self._held[notice.id]
        self._send_out(notice)

    def _send_out(self, notice: Notice) -> None:
        if notice.destination not in self._destinations:
            self._destinations[notice.destination] = Lane(self._deliver)
        self._destinations[notice.destination].add([notice])

    async def _deliver(self, batch: tuple[Notice, ...]) -> None:
        try:
            report = await self._attempt(
                NoticeBatch(destination=batch[0].destination, notices=batch)
            )
        except FailureError as failed:
            if is_cancelled_exception(failed):
                raise
            told = _told_before(failed)
            self._undeliverable([notice for notice in batch if notice.id not in told])
            return
        if not report.recorded:
            self.note(list(report.deliveries))

    async def _attempt(self, batch: NoticeBatch) -> DeliveryReport:
        summary = f"{', '.join(n.kind for n in batch.notices)} to {batch.destination}"[:190]
        if self._durable.issuperset(notice.id for notice in batch.notices):
            try:
                return await workflow.execute_local_activity_method(
                    Notices.deliver,
                    batch,
                    start_to_close_timeout=SECOND,
                    retry_policy=ONCE,
                    summary=summary,
                )
            except FailureError as failed:
                if is_cancelled_exception(failed):
                    raise
        return await workflow.execute_activity_method(
            Notices.deliver,
            batch,
            task_queue=NOTICES,
            start_to_close_timeout=ATTEMPT,
            schedule_to_close_timeout=self._patience,
            retry_policy=FOR_EVER,
            priority=self._priority,
            summary=summary,
        )


def _told_before(failed: FailureError) -> set[str]:
    """The notices of a batch that had got through when patience ran out: its last heartbeat."""
    cause = failed.cause
    details = cause.last_heartbeat_details if isinstance(cause, TimeoutError) else ()
    return {delivery["notice"] for detail in details for delivery in detail}


def _wall_time(amount: Amount) -> timedelta:
    return amount.amount * _TIME.get(amount.unit, timedelta(days=1))

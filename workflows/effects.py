"""The effects of a complaint on the world: its ledger lane and one notice lane per destination.

A database or a gateway that is down for a day delays no timer and loses nothing: the lane falls
from a local activity (one attempt, one second) to a regular one that retries without growing the
history.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.exceptions import ActivityError

from activities.ledger import Ledger
from activities.notices import Notices
from domain.batch import Delivery, DeliveryReport, LedgerBatch, NoticeBatch
from domain.event import Event
from domain.notice import Notice
from domain.rules import CaseRules
from domain.window import Amount, Unit
from workflows.lane import Lane
from workflows.queues import LEDGER, NOTICES
from workflows.rulings import FOR_EVER, ONCE, PAUSE, SECOND

ATTEMPT = timedelta(seconds=10)
RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=60))
_TIME = {
    Unit.SECONDS: timedelta(seconds=1),
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
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
        self._destinations: dict[str, Lane[Notice]] = {}
        self._held: dict[str, tuple[Notice, asyncio.Task[None]]] = {}

    def adopt(self, rules: CaseRules, priority: Priority) -> None:
        self._patience = _wall_time(rules.undeliverable_after)
        self._priority = priority

    def add(self, events: list[Event], notices: list[Notice]) -> None:
        """Events and notices enter the ledger together; notices go out beside it."""
        self._ledger.add([*events, *notices])
        for notice in notices:
            if notice.not_before is None:
                self._send_out(notice)
            else:
                self._held[notice.id] = (notice, asyncio.create_task(self._hold(notice)))

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
        ledger = LedgerBatch(
            number=self._number,
            events=tuple(item for item in batch if isinstance(item, Event)),
            notices=tuple(item for item in batch if isinstance(item, Notice)),
            deliveries=tuple(item for item in batch if isinstance(item, Delivery)),
        )
        try:
            await workflow.execute_local_activity_method(
                Ledger.append,
                ledger,
                start_to_close_timeout=SECOND,
                retry_policy=ONCE,
                summary="ledger",
            )
        except ActivityError:
            await self._append_for_ever(ledger)

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
            except ActivityError:
                # A ledger that refuses for good is a fault for people; the law goes on meanwhile.
                workflow.logger.error("the ledger refuses complaint %s", self._number)
                await workflow.sleep(PAUSE, summary="the ledger refuses")

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
        except ActivityError:
            self._undeliverable(list(batch))
            return
        if not report.recorded:
            self.note(list(report.deliveries))

    async def _attempt(self, batch: NoticeBatch) -> DeliveryReport:
        summary = f"{', '.join(n.kind for n in batch.notices)} to {batch.destination}"[:190]
        try:
            return await workflow.execute_local_activity_method(
                Notices.deliver,
                batch,
                start_to_close_timeout=SECOND,
                retry_policy=ONCE,
                summary=summary,
            )
        except ActivityError:
            return await workflow.execute_activity_method(
                Notices.deliver,
                batch,
                task_queue=NOTICES,
                start_to_close_timeout=ATTEMPT,
                schedule_to_close_timeout=self._patience,
                retry_policy=RETRY,
                priority=self._priority,
                summary=summary,
            )


def _wall_time(amount: Amount) -> timedelta:
    return amount.amount * _TIME.get(amount.unit, timedelta(days=1))

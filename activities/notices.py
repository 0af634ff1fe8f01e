"""The notice lanes' activity: tells one destination, in order, each notice once."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.circuits import Circuits
from activities.webhooks import TIMEOUT_SECONDS, Destination, NotTaken, post, read_destinations
from domain.batch import Delivery, DeliveryReport, NoticeBatch
from domain.notice import Notice
from sealing.keys import SealingKeys
from sealing.tokens import evaluation_token
from storage import notices
from storage.database import Database, DatabaseDown

__all__ = ["Destination", "Notices", "read_destinations"]

CITIZEN = "citizen"
REMEMBERED = 10_000

log = logging.getLogger(__name__)


class Notices:
    """A destination that no entry of `destinations` names is written to the log.

    With `keys`, what opens an evaluation carries the citizen's single-use link. A notice that was
    delivered is known by the delivery table, by this process, and, between attempts, by the engine:
    each alone keeps it from being sent again.
    """

    def __init__(
        self,
        database: Database,
        destinations: Mapping[str, Destination],
        keys: SealingKeys | None = None,
    ) -> None:
        self._database = database
        self._destinations = destinations
        self._keys = keys
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False)
        self._circuits = Circuits(NotTaken)
        self._sending: dict[str, asyncio.Task[Delivery]] = {}
        self._delivered: OrderedDict[str, Delivery] = OrderedDict()

    async def close(self) -> None:
        await self._http.aclose()

    @activity.defn(name="deliver")
    async def deliver(self, batch: NoticeBatch) -> DeliveryReport:
        """Until every notice has its 2xx; a failed attempt keeps what it delivered."""
        known = await self._known(batch)
        deliveries: list[Delivery] = []
        recorded = True
        for notice in batch.notices:
            delivery = known.get(notice.id)
            if delivery is None:
                delivery = await self._send(batch.destination, notice)
            deliveries.append(delivery)
            _remind_the_engine(deliveries)
            recorded = recorded and await self._record(notice, delivery)
        return DeliveryReport(deliveries=tuple(deliveries), recorded=recorded)

    async def _known(self, batch: NoticeBatch) -> dict[str, Delivery]:
        """Without the database the other two memories have to do: no notice waits for it."""
        ids = [notice.id for notice in batch.notices]
        known = {id_: self._delivered[id_] for id_ in ids if id_ in self._delivered}
        for detail in activity.info().heartbeat_details:
            known |= {told["notice"]: Delivery.model_validate(told) for told in detail}
        try:
            async with self._database.transaction() as session:
                return known | await notices.delivered(session, ids)
        except DatabaseDown:
            return known

    async def _record(self, notice: Notice, delivery: Delivery) -> bool:
        try:
            async with self._database.transaction() as session:
                await notices.record(session, notice, delivery)
        except DatabaseDown:
            return False
        return True

    async def _send(self, destination: str, notice: Notice) -> Delivery:
        """An attempt that is cut off does not cut off its request: the next one waits for it."""
        name = CITIZEN if destination.startswith(f"{CITIZEN}:") else destination
        try:
            async with self._circuits.around(name):
                task = self._sending.get(notice.id) or self._begin(name, notice)
                return await asyncio.shield(task)
        except NotTaken as failed:
            raise ApplicationError(
                f"{name}: {failed}", type="NotTaken", category=ApplicationErrorCategory.BENIGN
            ) from None

    def _begin(self, name: str, notice: Notice) -> asyncio.Task[Delivery]:
        task = self._sending[notice.id] = asyncio.create_task(self._post(name, notice))
        task.add_done_callback(lambda done: self._sent(notice.id, done))
        return task

    def _sent(self, notice_id: str, task: asyncio.Task[Delivery]) -> None:
        del self._sending[notice_id]
        if task.cancelled() or task.exception() is not None:
            return
        self._delivered[notice_id] = task.result()
        while len(self._delivered) > REMEMBERED:
            self._delivered.popitem(last=False)

    async def _post(self, name: str, notice: Notice) -> Delivery:
        destination = self._destinations.get(name)
        if destination is None:
            log.info(
                "notice %s of complaint %s, due %s, to %s",
                notice.kind,
                notice.number,
                notice.due_at,
                notice.destination,
            )
            return Delivery(notice=notice.id, delivered_at=datetime.now(UTC))
        at = await post(self._http, destination, notice.id, self._message(notice))
        return Delivery(notice=notice.id, delivered_at=at)

    def _message(self, notice: Notice) -> dict[str, Any]:
        """What a destination is told. Links are paths on this system's own address."""
        link = f"/v1/complaints/{notice.number}"
        to_citizen = notice.destination.startswith(f"{CITIZEN}:")
        if to_citizen and notice.opening is not None and self._keys is not None:
            token = evaluation_token(self._keys, notice.number, notice.opening)
            link += f"/evaluation#{token}"  # a fragment stays out of the logs of web servers
        return {**notice.model_dump(mode="json", exclude={"not_before"}), "link": link}


def _remind_the_engine(deliveries: list[Delivery]) -> None:
    """Where database and process are both lost, the next attempt still knows these."""
    if not activity.info().is_local:
        activity.heartbeat([delivery.model_dump(mode="json") for delivery in deliveries])

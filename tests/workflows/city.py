"""A city in small for workflow tests: real server, real database, real worker, skipped time."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.workflowservice.v1 import SignalWorkflowExecutionRequest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.ledger import Ledger
from activities.notices import Notices
from activities.rulings import Rulings
from activities.words import Words
from domain.act_table import ACTS
from domain.acts import Act, Actor
from domain.event import Event, EventKind
from domain.outcome import ActOutcome
from domain.state import ComplaintState
from domain.submission import IntakeDisposition, Matter, Person, Submission
from domain.vocabulary import Demand, Role, Stage
from sealing.data_key import DataKey
from sealing.fields import seal_act
from sealing.vault import Vault
from settings import Settings
from storage import events as ledger_events
from storage import notices
from storage.database import Database
from worker import law_worker
from workflows.queues import COMPLAINTS

WASTE = "urban.municipal.waste"
STREET = "110105001"
DISTRICT = "110105"

_numbers = itertools.count(1)


@dataclass
class City:
    """Starts complaints. Each has its own virtual clock, so tests may run side by side."""

    environment: WorkflowEnvironment
    database: Database
    vault: Vault

    async def complain(
        self,
        text: str = "楼下垃圾堆了一周没人清运",
        *,
        pack: str = "cn-beijing",
        category: str | None = WASTE,
        demand: Demand = Demand.COMPLAINT,
        reachable: bool = True,
        point: tuple[str, str] | None = None,
        disposition: IntakeDisposition | None = None,
        received_at: datetime | None = None,
        task_queue: str = COMPLAINTS,
    ) -> "Case":
        number = f"{next(_numbers):06d}{datetime.now(UTC):%f%S}"
        data_key = DataKey.generate(number)
        async with self.database.transaction() as session:
            await self.vault.keep(session, data_key)
        submission = Submission(
            number=number,
            pack=pack,
            channel="phone",
            demand=demand,
            received_at=received_at or datetime.now(UTC),
            actor=Actor(role=Role.CHANNEL, key="phone"),
            matter=Matter(text=text),
            person=Person(kind="person", reachable=reachable),
            category=category,
            district=DISTRICT,
            subdistrict=STREET,
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            disposition=disposition,
        )
        handle = await self.environment.client.start_workflow(
            "ComplaintWorkflow",
            seal_act(submission, data_key),
            id=f"complaint-{number}",
            task_queue=task_queue,
        )
        return Case(self, handle, number, data_key)

    def worker(self, task_queue: str) -> Worker:
        """The law's worker on a queue of its own, for tests that stop one."""
        rulings = Rulings(Words(self.database, self.vault).open)
        telling = Ledger(self.database), Notices(self.database, {})
        client = self.environment.client
        return law_worker(client, rulings, *telling, Settings(), task_queue=task_queue)


@dataclass
class Case:
    """One complaint under test: acts on it, moves its clock, reads its file."""

    city: City
    handle: WorkflowHandle[Any, Any]
    number: str
    data_key: DataKey
    acts_made: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def act(self, name: str, /, **fields: Any) -> ActOutcome:
        """Send an act as the API would, stamped with the complaint's own time."""
        return await self.send(name, await self.build(name, **fields))

    async def send(self, name: str, act: Act) -> ActOutcome:
        outcome: ActOutcome = await self.handle.execute_update(
            name, seal_act(act, self.data_key), id=act.id, result_type=ActOutcome
        )
        return outcome

    async def build(self, name: str, /, **fields: Any) -> Act:
        """An act by whoever may do it; on the lead's or the supervision's order unless named."""
        spec = ACTS[name]
        role = fields.pop("role", sorted(spec.roles)[0])
        key = fields.pop("key", str(role))
        unit = fields.pop("unit_acting", None)
        act_id = fields.pop("act_id", f"{self.number}-{next(self.acts_made)}")
        received_at = fields.pop("received_at", None) or await self.now()
        if spec.on_order:
            state = await self.state()
            order = fields.setdefault("order", lead(state))
            unit = unit or next((o.unit for o in state.orders if o.id == order), None)
            if Role.UNIT in spec.roles:
                role = Role.UNIT
        actor = Actor(role=role, key=key, unit=unit, person=fields.pop("person", None))
        stamped = {"id": act_id, "received_at": received_at, "actor": actor}
        return spec.model.model_validate(stamped | fields)

    async def signal(self, name: str, *payloads: Payload) -> None:
        """What `temporal workflow signal` sends: payloads as they are, without our codec."""
        client = self.city.environment.client
        await client.workflow_service.signal_workflow_execution(
            SignalWorkflowExecutionRequest(
                namespace=client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=self.handle.id),
                signal_name=name,
                input=Payloads(payloads=payloads) if payloads else None,
                request_id=str(uuid4()),
            )
        )

    async def state(self) -> ComplaintState:
        state = await self.state_if_any()
        assert state is not None
        return state

    async def now(self) -> datetime:
        return await self.city.environment.get_current_time(self.handle)

    async def pass_time(self, **duration: float) -> ComplaintState:
        await self.city.environment.fast_forward(self.handle, timedelta(**duration))
        return await self.state()

    async def pass_until(self, instant: datetime) -> ComplaintState:
        await self.skip_until(instant)
        return await self.state()

    async def skip_until(self, instant: datetime) -> None:
        """Let time pass without asking for the state: no worker need run."""
        await self.city.environment.fast_forward(self.handle, instant - await self.now())

    async def until_stage(self, *stages: Stage) -> ComplaintState:
        """What happens without the clock moving: classification and dispatch."""
        async for _ in _patience():
            state = await self.state_if_any()
            if state is not None and state.stage in stages:
                return state
        raise AssertionError(f"never reached {stages}: {state.stage if state else None}")

    async def state_if_any(self) -> ComplaintState | None:
        state: ComplaintState | None = await self.handle.query("state", result_type=ComplaintState)
        return state

    async def events(self, *kinds: EventKind) -> list[Event]:
        """The ledger's events once it has caught up with the complaint."""
        async for _ in _patience():
            state = await self.state()
            async with self.city.database.transaction() as session:
                found = await ledger_events.of(session, self.number)
            if len(found) >= state.sequence:
                events = [chained.event for chained in found]
                return [event for event in events if not kinds or event.kind in kinds]
        raise AssertionError("the ledger never caught up")

    async def until(self, kind: EventKind, times: int = 1) -> list[Event]:
        """Events of this kind, once there are so many of them."""
        async for _ in _patience():
            if len(found := await self.events(kind)) >= times:
                return found
        raise AssertionError(f"not {times} times {kind}")

    async def delivered(self) -> list[tuple[str, str]]:
        """The notices that have reached their destination, in the order in which they did."""
        async with self.city.database.transaction() as session:
            rows = await notices.of(session, self.number)
        taken = sorted((r.delivered_at, r.id, r.destination) for r in rows if r.delivered_at)
        return [(notice, destination) for _, notice, destination in taken]

    async def rungs(self) -> list[str]:
        fired = await self.events(EventKind.RUNG_FIRED)
        return [f"{event.body['clock'].split('.')[0]}.{event.body['rung']}" for event in fired]


def payload(body: Any) -> Payload:
    """What `temporal workflow signal --input` makes of JSON."""
    return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(body).encode())


def lead(state: ComplaintState) -> str:
    live = ("open", "accepted", "objected")
    leads = [o for o in state.orders if o.kind in ("lead", "supervision")]
    return next((o.id for o in leads if o.state in live), leads[-1].id if leads else "none")


async def _patience() -> AsyncIterator[None]:
    """Moments in which to look again; they end well before the test does."""
    clock = asyncio.get_running_loop()
    until = clock.time() + 30
    while clock.time() < until:
        yield
        await asyncio.sleep(0.02)

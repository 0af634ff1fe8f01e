"""A city in small for workflow tests: real server, real database, real worker, skipped time."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from domain.acts import ACTS, Actor
from domain.event import Event, EventKind
from domain.outcome import ActOutcome
from domain.state import ComplaintState
from domain.submission import IntakeDisposition, Matter, Person, Submission
from domain.vocabulary import Demand, Role, Stage
from sealing.data_key import DataKey
from sealing.fields import seal_act
from sealing.vault import Vault
from storage import events as ledger
from storage import notices
from storage.database import Database
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
        disposition: IntakeDisposition | None = None,
        received_at: datetime | None = None,
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
            disposition=disposition,
        )
        handle = await self.environment.client.start_workflow(
            "ComplaintWorkflow",
            seal_act(submission, data_key),
            id=f"complaint-{number}",
            task_queue=COMPLAINTS,
        )
        return Case(self, handle, number, data_key)


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
        act = spec.model(
            id=act_id,
            received_at=received_at,
            actor=Actor(role=role, key=key, unit=unit, person=fields.pop("person", None)),
            **fields,
        )
        return await self.handle.execute_update(
            name, seal_act(act, self.data_key), id=act_id, result_type=ActOutcome
        )

    async def signal(self, name: str, body: Any) -> None:
        await self.handle.signal(name, body)

    async def state(self) -> ComplaintState:
        state = await self.handle.query("state", result_type=ComplaintState)
        assert state is not None
        return state

    async def now(self) -> datetime:
        return await self.city.environment.get_current_time(self.handle)

    async def pass_time(self, **duration: float) -> ComplaintState:
        await self.city.environment.fast_forward(self.handle, timedelta(**duration))
        return await self.state()

    async def pass_until(self, instant: datetime) -> ComplaintState:
        await self.city.environment.fast_forward(self.handle, instant - await self.now())
        return await self.state()

    async def until_stage(self, *stages: Stage) -> ComplaintState:
        """What happens without the clock moving: classification and dispatch."""
        for _ in range(200):
            state = await self.state_if_any()
            if state is not None and state.stage in stages:
                return state
            await _breathe()
        raise AssertionError(f"never reached {stages}: {state.stage if state else None}")

    async def state_if_any(self) -> ComplaintState | None:
        return await self.handle.query("state", result_type=ComplaintState)

    async def events(self, *kinds: EventKind) -> list[Event]:
        """The ledger's events once it has caught up with the complaint."""
        for _ in range(200):
            state = await self.state()
            async with self.city.database.transaction() as session:
                found = await ledger.of(session, self.number)
            if len(found) >= state.sequence:
                events = [chained.event for chained in found]
                return [event for event in events if not kinds or event.kind in kinds]
            await _breathe()
        raise AssertionError("the ledger never caught up")

    async def delivered(self) -> list[tuple[str, str]]:
        """The notices that have reached their destination, in the order in which they did."""
        async with self.city.database.transaction() as session:
            rows = await notices.of(session, self.number)
        taken = sorted((r.delivered_at, r.id, r.destination) for r in rows if r.delivered_at)
        return [(notice, destination) for _, notice, destination in taken]

    async def rungs(self) -> list[str]:
        fired = await self.events(EventKind.RUNG_FIRED)
        return [f"{event.body['clock'].split('.')[0]}.{event.body['rung']}" for event in fired]


def lead(state: ComplaintState) -> str:
    live = ("open", "accepted", "objected")
    leads = [o for o in state.orders if o.kind in ("lead", "supervision")]
    return next((o.id for o in leads if o.state in live), leads[-1].id if leads else "none")


async def _breathe() -> None:
    import asyncio

    await asyncio.sleep(0.02)

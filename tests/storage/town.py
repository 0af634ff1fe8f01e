"""One worker's clients: starts the real complaint workflow on a task queue of its own."""

from datetime import UTC, datetime

import anyio
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from domain.acts import Actor
from domain.state import ComplaintState
from domain.submission import Matter, Person, Submission
from domain.vocabulary import Demand, Role, Stage
from sealing.data_key import DataKey
from sealing.fields import seal_act
from sealing.keys import SealingKeys
from sealing.vault import Vault
from storage import complaints
from storage.database import Database
from workflows.complaint import ComplaintWorkflow

QUEUE = "test-commands"
WORDS = "楼下垃圾堆了一周没人清运-only-here"
PHONE = "13912345678"


class Town:
    """One worker, one database, the real complaint workflow."""

    def __init__(self, environment: WorkflowEnvironment, database: Database, keys: SealingKeys):
        self.client = environment.client
        self.database = database
        self.vault = Vault(keys)

    async def complain(self, number: str) -> WorkflowHandle[ComplaintWorkflow, str]:
        data_key = DataKey.generate(number)
        async with self.database.transaction() as session:
            await self.vault.keep(session, data_key, f"person-{number}")
        submission = Submission(
            number=number,
            pack="cn-beijing",
            channel="phone",
            demand=Demand.COMPLAINT,
            received_at=datetime.now(UTC),
            actor=Actor(role=Role.CHANNEL, key="phone"),
            matter=Matter(text=WORDS),
            person=Person(kind="person", contact=f'{{"phone": "{PHONE}"}}'),
            category="urban.municipal.waste",
            district="110105",
            subdistrict="110105001",
        )
        return await self.client.start_workflow(
            ComplaintWorkflow.run,
            seal_act(submission, data_key),
            id=f"complaint-{number}",
            task_queue=QUEUE,
        )

    async def ledger_shows(self, number: str, *stages: Stage) -> ComplaintState:
        with anyio.fail_after(20):
            while True:
                async with self.database.transaction() as session:
                    read = await complaints.get(session, number)
                if read is not None and read.state.stage in stages:
                    return read.state
                await anyio.sleep(0.05)

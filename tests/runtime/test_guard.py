"""Each broken message of the truth table leaves the workflow running and is recorded."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.common.v1 import Payload, Payloads, WorkflowExecution
from temporalio.api.workflowservice.v1 import SignalWorkflowExecutionRequest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

TASK_QUEUE = "guard"


@dataclass
class Note:
    text: str


@workflow.defn(name="Notebook")
class Notebook:
    """Takes notes until it is told to finish; keeps what was broken."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.broken: list[str] = []
        self.finished = False
        self.cancel_requests = 0

    @workflow.run
    async def run(self) -> list[str]:
        await workflow.wait_condition(lambda: self.finished)
        if self.kept == ["escape"]:
            raise ApplicationError("out")
        return self.kept

    def record_cancel_request(self) -> None:
        self.cancel_requests += 1

    def record_broken_message(self, name: str, reason: str) -> None:
        self.broken.append(f"{name}: {reason}")

    @workflow.signal
    def keep(self, note: Note) -> None:
        if note.text == "unlawful":
            raise ApplicationError("no", type="Unlawful")
        if note.text == "bug":
            raise ValueError("personal words")
        self.kept.append(note.text)

    @workflow.signal
    def keep_raw(self, note: RawValue) -> None:
        read = workflow.payload_converter().from_payload(note.payload, dict)
        self.kept.append(str(read["text"]))

    @workflow.signal
    def finish(self) -> None:
        self.finished = True

    @workflow.update
    def keep_and_tell(self, note: Note) -> int:
        self.keep(note)
        return len(self.kept)

    @workflow.query
    def cancelled(self) -> int:
        return self.cancel_requests

    @workflow.query
    def state(self) -> dict[str, list[str]]:
        return {"kept": self.kept, "broken": self.broken}


@pytest.fixture
async def notebook(environment: WorkflowEnvironment) -> AsyncIterator[WorkflowHandle[Any, Any]]:
    worker = Worker(environment.client, task_queue=TASK_QUEUE, workflows=[Notebook])
    async with worker:
        handle = await environment.client.start_workflow(
            "Notebook", id=f"notebook-{uuid.uuid4()}", task_queue=TASK_QUEUE
        )
        yield handle
        await handle.signal("finish")
        await asyncio.wait_for(handle.result(), 10)


async def _state(handle: WorkflowHandle[Any, Any]) -> dict[str, list[str]]:
    state: dict[str, list[str]] = await handle.query("state", rpc_timeout=timedelta(seconds=10))
    return state


@pytest.mark.parametrize(
    ("arguments", "recorded"),
    [
        ([], ["keep: TypeError"]),
        ([Note("good"), Note("too many")], ["keep: TypeError"]),
        ([Note("bug")], ["keep: ValueError"]),
        ([Note("unlawful")], ["keep: ApplicationError"]),
        ([{"words": "no text"}], []),  # dropped by the SDK before any handler: hence raw handlers
    ],
)
async def test_a_broken_signal_is_harmless(
    notebook: WorkflowHandle[Any, Any], arguments: list[object], recorded: list[str]
) -> None:
    await notebook.signal("keep", args=arguments)
    await notebook.signal("keep", Note("after"))

    assert await _state(notebook) == {"kept": ["after"], "broken": recorded}


async def test_a_signal_that_cannot_be_decrypted_is_harmless_and_recorded(
    notebook: WorkflowHandle[Any, Any], environment: WorkflowEnvironment
) -> None:
    forged = Payload(
        metadata={"encoding": b"binary/encrypted", "encryption-key-id": b"nobody"}, data=b"junk"
    )
    await _send_as_is(environment, notebook, "keep_raw", forged)
    await notebook.signal("keep", Note("after"))

    assert await _state(notebook) == {"kept": ["after"], "broken": ["keep_raw: KeyError"]}


async def test_a_signal_that_is_no_json_is_harmless_and_recorded(
    notebook: WorkflowHandle[Any, Any], environment: WorkflowEnvironment
) -> None:
    bad = Payload(metadata={"encoding": b"json/plain"}, data=b"{not json")
    await _send_as_is(environment, notebook, "keep_raw", bad)
    await notebook.signal("keep", Note("after"))

    assert (await _state(notebook))["kept"] == ["after"]
    assert (await _state(notebook))["broken"] == ["keep_raw: ValidationError"]


async def test_an_unknown_signal_waits_without_harm(notebook: WorkflowHandle[Any, Any]) -> None:
    await notebook.signal("unheard_of", Note("?"))
    await notebook.signal("keep", Note("after"))

    assert await _state(notebook) == {"kept": ["after"], "broken": []}


@pytest.mark.parametrize(("text", "kind"), [("bug", "ValueError"), ("unlawful", "Unlawful")])
async def test_a_broken_update_answers_its_caller(
    notebook: WorkflowHandle[Any, Any], text: str, kind: str
) -> None:
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await notebook.execute_update("keep_and_tell", Note(text))

    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == kind
    assert await notebook.execute_update("keep_and_tell", Note("after")) == 1


@pytest.mark.parametrize("cached", [0, 100])
async def test_a_cancel_request_is_recorded_and_ends_nothing(
    environment: WorkflowEnvironment, cached: int
) -> None:
    """Without a cache every task evicts the workflow, which must not look like a cancel request."""
    queue = f"cancel-{cached}"
    async with Worker(
        environment.client, task_queue=queue, workflows=[Notebook], max_cached_workflows=cached
    ):
        handle = await environment.client.start_workflow(
            "Notebook", id=f"notebook-{uuid.uuid4()}", task_queue=queue
        )
        await handle.signal("keep", Note("before"))
        before: int = await handle.query("cancelled")
        await handle.cancel()
        await handle.signal("keep", Note("after"))
        after: int = await handle.query("cancelled")
        await handle.signal("finish")
        result = await asyncio.wait_for(handle.result(), 10)

    assert (before, after, result) == (0, 1, ["before", "after"])


async def test_a_failure_that_escapes_suspends_and_does_not_fail(
    environment: WorkflowEnvironment,
) -> None:
    async with Worker(environment.client, task_queue="escape", workflows=[Notebook]):
        handle = await environment.client.start_workflow(
            "Notebook", id=f"notebook-{uuid.uuid4()}", task_queue="escape"
        )
        await handle.signal("keep", Note("escape"))
        await handle.signal("finish")
        async with asyncio.timeout(10):
            while not await _failed_tasks(handle):
                await asyncio.sleep(0.05)
        status = (await handle.describe()).status
        await handle.terminate()

    assert status is WorkflowExecutionStatus.RUNNING


async def _failed_tasks(handle: WorkflowHandle[Any, Any]) -> int:
    events = (await handle.fetch_history()).events
    return sum(event.HasField("workflow_task_failed_event_attributes") for event in events)


async def _send_as_is(
    environment: WorkflowEnvironment,
    handle: WorkflowHandle[Any, Any],
    name: str,
    payload: Payload,
) -> None:
    """Past our own converter, as a stranger's client would."""
    await environment.client.workflow_service.signal_workflow_execution(
        SignalWorkflowExecutionRequest(
            namespace=environment.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id),
            signal_name=name,
            input=Payloads(payloads=[payload]),
        )
    )

"""The guard: no message, however broken, jams or fails a workflow.

What Temporal does without it: an exception in a signal or update handler fails the workflow *task*,
which is then retried for ever, and nothing else of that workflow runs; an ApplicationError from a
signal handler fails the whole *workflow*.
"""

import asyncio
from typing import Any, Protocol, runtime_checkable

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)


@runtime_checkable
class RecordsBrokenMessages(Protocol):
    """A workflow that wants to keep, in its own ledger, the messages that the guard caught."""

    def record_broken_message(self, name: str, reason: str) -> None: ...


@runtime_checkable
class RecordsCancelRequests(Protocol):
    """A workflow that a cancel request does not end: it is recorded and ignored."""

    def record_cancel_request(self) -> None: ...


class WorkflowFault(Exception):
    """Something escaped a workflow's run. As no Temporal failure, it only suspends the task."""


class Guard(Interceptor):
    """Puts `MessageGuard` before every workflow of a worker or a replayer."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        return MessageGuard


class MessageGuard(WorkflowInboundInterceptor):
    """Catches what handlers raise; ContinueAsNewError and cancellation, no Exceptions, pass."""

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:
        """Nothing escapes: a stray failure suspends the task until a deployment mends it."""
        instance = workflow.instance()
        if not isinstance(instance, RecordsCancelRequests):
            return await super().execute_workflow(input)
        running = asyncio.create_task(super().execute_workflow(input))
        while not running.done():
            try:
                await asyncio.shield(running)
            except asyncio.CancelledError:
                if running.done():
                    break
                instance.record_cancel_request()
            except Exception:  # looked at below, once the run has ended
                break
        try:
            return running.result()
        except (FailureError, TimeoutError) as escaped:
            raise WorkflowFault(type(escaped).__name__) from escaped

    async def handle_signal(self, input: HandleSignalInput) -> None:
        try:
            await super().handle_signal(input)
        except Exception as broken:
            _record(input.signal, broken)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        try:
            return await super().handle_update_handler(input)
        except FailureError:
            # The handler's own refusal: the caller gets it, the workflow goes on.
            raise
        except Exception as broken:
            _record(input.update, broken)
            reason = type(broken).__name__
            raise ApplicationError(
                f"{input.update} could not be applied: {reason}", type=reason, non_retryable=True
            ) from broken


def _record(name: str, broken: Exception) -> None:
    # Only the class: the text of an exception may quote what a citizen wrote.
    reason = type(broken).__name__
    workflow.logger.warning("message %s broke its handler: %s", name, reason)
    instance = workflow.instance()
    if isinstance(instance, RecordsBrokenMessages):
        try:
            instance.record_broken_message(name, reason)
        except Exception as unrecorded:
            workflow.logger.error("it could not be recorded: %s", type(unrecorded).__name__)

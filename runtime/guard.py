"""The guard: no message, however broken, jams or fails a workflow.

What Temporal does without it: an exception in a signal or update handler fails the workflow *task*,
which is then retried for ever, and nothing else of that workflow runs; an ApplicationError from a
signal handler fails the whole *workflow*.
"""

from typing import Any, Protocol, runtime_checkable

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import (
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


class Guard(Interceptor):
    """Puts `MessageGuard` before every workflow of a worker or a replayer."""

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        return MessageGuard


class MessageGuard(WorkflowInboundInterceptor):
    """Catches what handlers raise; ContinueAsNewError and cancellation, no Exceptions, pass."""

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

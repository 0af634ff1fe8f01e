"""The only file that talks to the Temporal client: acts go in as updates, outcomes come back."""

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta

from pydantic import BaseModel
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import TemporalError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.outcome import ActOutcome
from domain.submission import Submission
from domain.vocabulary import Tier
from workflows.visibility import initial_search_attributes

WORKFLOW = "ComplaintWorkflow"
TASK_QUEUE = "hotline"
RECEIPT = "receipt"
PATIENCE = timedelta(seconds=2)
PRIORITIES = {Tier.EMERGENCY: 1, Tier.UTILITY: 2, Tier.GENERAL: 3, Tier.COMPLEX: 4}

logger = logging.getLogger(__name__)


class EngineSilent(Exception):
    """No answer within the time that an HTTP request has; the act may or may not have arrived."""


class RunEnded(Exception):
    """The complaint's workflow has ended: its file is frozen."""


class RunUnknown(Exception):
    """The engine has never heard of this complaint, or no longer."""


class ActMalformed(Exception):
    """The workflow could not read the act; sending it again would not help."""


def workflow_id(number: str) -> str:
    return f"complaint-{number}"


class Gateway:
    """One client for the whole process; every call is safe to repeat with the same act."""

    def __init__(self, client: Client, patience: timedelta = PATIENCE) -> None:
        self._client = client
        self._patience = patience

    async def register(self, submission: Submission, tier: Tier | None = None) -> ActOutcome | None:
        """Start the complaint, or find it started; None when its run is already over."""
        start: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
            WORKFLOW,
            submission,
            id=workflow_id(submission.number),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            search_attributes=initial_search_attributes(submission),
            static_summary=f"complaint {submission.number}, by {submission.channel}",
            priority=Priority(priority_key=PRIORITIES.get(tier) if tier else None),
        )
        call = self._client.execute_update_with_start_workflow(
            RECEIPT,
            start_workflow_operation=start,
            id=RECEIPT,
            result_type=ActOutcome,
            rpc_timeout=self._patience,
        )
        try:
            return await self._answer(call)
        except WorkflowAlreadyStartedError:
            await _hear_of(start)
            return None
        except EngineSilent:
            await _hear_of(start)
            raise

    async def apply(self, number: str, name: str, act_id: str, act: BaseModel) -> ActOutcome:
        """Send one act as the update of its name; the update's id is the act's."""
        handle = self._client.get_workflow_handle(workflow_id(number))
        call = handle.execute_update(
            name, act, id=act_id, result_type=ActOutcome, rpc_timeout=self._patience
        )
        return await self._answer(call)

    async def reachable(self) -> bool:
        """Whether the engine answers at all; says nothing of its workers."""
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                return await self._client.service_client.check_health(timeout=self._patience)
        except (RPCError, RuntimeError, TimeoutError):
            return False

    async def _answer(self, call: object) -> ActOutcome:
        try:
            # The call's own timeout does not cover the first connection of a lazy client.
            async with asyncio.timeout(self._patience.total_seconds() + 0.25):
                outcome = await call  # type: ignore[misc]
        except WorkflowUpdateFailedError as failed:
            raise ActMalformed(str(failed.cause)) from None
        except RPCError as error:
            raise _meaning(error) from None
        except (WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError, RuntimeError):
            # RuntimeError: a lazy client that could not connect.
            raise EngineSilent from None
        assert isinstance(outcome, ActOutcome)
        return outcome


async def _hear_of(start: WithStartWorkflowOperation[object, object]) -> None:
    """A failed start also stands in a future of its own, which complains if nobody looks."""
    with suppress(asyncio.CancelledError, TimeoutError, RPCError, TemporalError, RuntimeError):
        async with asyncio.timeout(0):
            await start.workflow_handle()


def _meaning(error: RPCError) -> Exception:
    if error.status is RPCStatusCode.NOT_FOUND:
        ended = "completed" in error.message
        return RunEnded() if ended else RunUnknown()
    if error.status is RPCStatusCode.INVALID_ARGUMENT:
        return ActMalformed(error.message)
    if error.status not in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED):
        logger.warning("the engine answered %s", error.status.name)
    return EngineSilent()

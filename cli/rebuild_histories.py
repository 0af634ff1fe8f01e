"""What Temporal's histories say was written to the ledger: read from payloads, never replayed."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import cast

from pydantic import ValidationError
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from domain.batch import LedgerBatch
from domain.event import Event

PREFIX = "complaint-"
WORKFLOW_TYPE = "ComplaintWorkflow"
ACTIVITY_TYPE = "append"
LOCAL_ACTIVITY = "core_local_activity"


class HistoryUnreadable(Exception):
    """A ledger batch in this complaint's history cannot be decoded; is a master key missing?"""


async def numbers(client: Client) -> AsyncIterator[str]:
    """Every complaint that Temporal still knows."""
    async for workflow in client.list_workflows(f"WorkflowType = '{WORKFLOW_TYPE}'"):
        yield workflow.id.removeprefix(PREFIX)


async def acknowledged(client: Client, number: str) -> list[Event] | None:
    """The events whose writing this complaint's history acknowledges; None past retention.

    Raises `HistoryUnreadable`.
    """
    handle = client.get_workflow_handle(f"{PREFIX}{number}")
    scheduled: set[int] = set()
    written: list[Event] = []
    try:
        async for event in handle.fetch_history_events():
            if _schedules_append(event):
                scheduled.add(event.event_id)
            for payload in _results(event, scheduled):
                written += await _decode(client.data_converter, payload, number)
    except RPCError as refused:
        if refused.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return written


def _schedules_append(event: HistoryEvent) -> bool:
    attributes = event.activity_task_scheduled_event_attributes
    return attributes.activity_type.name == ACTIVITY_TYPE


def _results(event: HistoryEvent, scheduled: set[int]) -> list[Payload]:
    """The result of a ledger activity, if this event completes one, local or regular."""
    completed = event.activity_task_completed_event_attributes
    if completed.scheduled_event_id in scheduled:
        return list(completed.result.payloads)
    marker = event.marker_recorded_event_attributes
    if marker.marker_name == LOCAL_ACTIVITY and _ran_append(marker.details):
        return list(marker.details["result"].payloads)
    return []


def _ran_append(details: Mapping[str, Payloads]) -> bool:
    """The engine keeps a local activity's type beside its result, as plain JSON."""
    about = json.loads(details["data"].payloads[0].data)
    return about["activity_type"] == ACTIVITY_TYPE and "result" in details


async def _decode(converter: DataConverter, payload: Payload, number: str) -> tuple[Event, ...]:
    try:
        (batch,) = await converter.decode([payload], [LedgerBatch])
    except ValidationError:
        raise HistoryUnreadable(number) from None
    return cast(LedgerBatch, batch).events

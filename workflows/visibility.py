"""What an operator can filter by in the Temporal UI: search attributes, codes only, no person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    SearchAttributeUpdate,
    TypedSearchAttributes,
)

from domain.state import ComplaintState
from domain.submission import Submission
from domain.vocabulary import Stage

STAGE = SearchAttributeKey.for_keyword("ComplaintStage")
TIER = SearchAttributeKey.for_keyword("ComplaintTier")
CATEGORY = SearchAttributeKey.for_keyword("ComplaintCategory")
UNIT = SearchAttributeKey.for_keyword("ComplaintUnit")
DISTRICT = SearchAttributeKey.for_keyword("ComplaintDistrict")
CHANNEL = SearchAttributeKey.for_keyword("ComplaintChannel")
WAITING_ON = SearchAttributeKey.for_keyword("ComplaintWaitingOn")
DUE_AT = SearchAttributeKey.for_datetime("ComplaintDueAt")
RECEIVED_AT = SearchAttributeKey.for_datetime("ComplaintReceivedAt")
ESCALATION = SearchAttributeKey.for_int("ComplaintEscalation")
ROUND = SearchAttributeKey.for_int("ComplaintRound")
OVERDUE = SearchAttributeKey.for_bool("ComplaintOverdue")

KEYS: tuple[SearchAttributeKey[Any], ...] = (
    STAGE,
    TIER,
    CATEGORY,
    UNIT,
    DISTRICT,
    CHANNEL,
    WAITING_ON,
    DUE_AT,
    RECEIVED_AT,
    ESCALATION,
    ROUND,
    OVERDUE,
)
"""All that bootstrap must register; an unregistered one would fail every workflow task."""


def initial_search_attributes(submission: Submission) -> TypedSearchAttributes:
    """What is known at the start, so that a complaint is found before its first task has run."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(STAGE, Stage.REGISTERED.value),
            SearchAttributePair(CHANNEL, submission.channel),
            SearchAttributePair(RECEIVED_AT, _to_the_second(submission.received_at)),
            SearchAttributePair(ROUND, 1),
            SearchAttributePair(ESCALATION, 0),
            SearchAttributePair(OVERDUE, False),
        ]
    )


def show(state: ComplaintState, shown: dict[str, Any]) -> None:
    """Upsert what differs from `shown`, in one event, and remember it there."""
    wanted = _wanted(state)
    changes: list[SearchAttributeUpdate[Any]] = []
    for key, value in wanted.items():
        if shown.get(key.name) == value:
            continue
        shown[key.name] = value
        changes.append(key.value_unset() if value is None else key.value_set(value))
    if changes:
        workflow.upsert_search_attributes(changes)


def _wanted(state: ComplaintState) -> Mapping[SearchAttributeKey[Any], Any]:
    due = state.due_at or state.next_due_at
    return {
        STAGE: state.stage.value,
        TIER: state.tier.value,
        CATEGORY: state.category,
        UNIT: state.unit,
        DISTRICT: state.district,
        WAITING_ON: state.waiting_on,
        DUE_AT: _to_the_second(due) if due else None,
        ESCALATION: state.escalation,
        ROUND: state.round,
        OVERDUE: state.overdue,
    }


def _to_the_second(instant: datetime) -> datetime:
    # SQLite's visibility store reports false errors for instants in the last half millisecond.
    return instant.replace(microsecond=0)

"""From the journal to the workflow and back: one entry is applied, and its answer kept."""

import asyncio
import logging
from datetime import timedelta
from http import HTTPStatus

from api.answers import Answer, act_answer
from api.gateway import ActMalformed, EngineSilent, RunEnded, RunUnknown
from api.intake_answers import ATTACHED_TO, STAGE, is_repeat
from api.problems import FileFrozen, Invalid
from api.resources import Resources
from domain.act_table import ACTS
from domain.acts import Attach
from domain.submission import Submission
from domain.vocabulary import Stage, Tier
from storage import complaints, journal, likenesses, sketches
from storage.database import DatabaseDown
from storage.tables import JournalRow

PATIENCE_SECONDS = 2.0
TURN_SECONDS = 0.5
GLANCE_SECONDS = 0.05
RELAY_AFTER = timedelta(seconds=5)
"""How long an entry is its own request's; longer than any request can take."""


logger = logging.getLogger(__name__)


async def hand_on(shared: Resources, entered: journal.Entered) -> Answer | None:
    """The answer within the time that a sender should wait; None leaves the rest to the relay.

    An entry behind another one of the same complaint waits a moment for its turn.
    """
    row = entered.row
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            if not entered.created:
                return await _first_answer(shared, row)
            async with asyncio.timeout(TURN_SECONDS):
                while await _is_behind(shared, row):
                    await asyncio.sleep(GLANCE_SECONDS)
            return await deliver(shared, row)
    except (EngineSilent, DatabaseDown, TimeoutError):
        return None


async def deliver(shared: Resources, row: JournalRow) -> Answer:
    """Apply one entry and keep its answer. Raises `EngineSilent`; repeating it is harmless."""
    answer = await _apply(shared, row)
    async with shared.database.transaction() as session:
        await journal.settle(session, row.id, answer.status, answer.body)
        if is_repeat(row, answer):
            await sketches.drop(session, [row.number])
            await likenesses.drop(session, [row.number])
    return answer


async def _apply(shared: Resources, row: JournalRow) -> Answer:
    if row.kind == journal.SUBMISSION:
        submission = Submission.model_validate(row.body)
        if row.attach_to is None:
            return await _register(shared, submission)
        return await _attach(shared, row, row.attach_to, submission)
    act = ACTS[row.kind].model.model_validate(row.body)
    try:
        outcome = await shared.gateway.apply(row.number, row.kind, row.act_id, act)
    except ActMalformed:
        return Answer.of_problem(Invalid("body", "the complaint could not read this act"))
    except RunEnded:
        return _frozen()
    except RunUnknown:
        if await _is_closed(shared, row.number):
            return _frozen()
        logger.warning("the engine does not know the open complaint %s", row.number)
        raise EngineSilent from None
    return act_answer(outcome, act.actor)


async def _attach(
    shared: Resources, row: JournalRow, number: str, submission: Submission
) -> Answer:
    """Art. 11: one more contact on the open complaint; on one that has ended, a new complaint.

    Which of the two it is, the complaint says once for this act, however often it is asked.
    """
    act = Attach(
        id=row.act_id,
        received_at=row.received_at,
        actor=submission.actor,
        reference=row.number,
    )
    following = submission.model_copy(update={"follows": number})
    try:
        outcome = await shared.gateway.apply(number, "attach", row.act_id, act)
    except (ActMalformed, RunEnded):
        return await _register(shared, following)
    except RunUnknown:
        if await _is_closed(shared, number):
            return await _register(shared, following)
        logger.warning("the engine does not know the open complaint %s", number)
        raise EngineSilent from None
    if outcome.refusal is not None:
        return await _register(shared, following)
    told = {ATTACHED_TO: number, STAGE: outcome.state.stage.value}
    return Answer(HTTPStatus.OK, told)


async def _register(shared: Resources, submission: Submission) -> Answer:
    try:
        outcome = await shared.gateway.register(submission, _tier(shared, submission))
    except (ActMalformed, RunEnded, RunUnknown):
        # A lawful submission is never given up: whatever this is, it may be mended.
        logger.exception("the engine did not register complaint %s", submission.number)
        raise EngineSilent from None
    stage = outcome.state.stage if outcome else Stage.CLOSED
    return Answer(HTTPStatus.CREATED, {"number": submission.number, "stage": stage.value})


def _tier(shared: Resources, submission: Submission) -> Tier | None:
    """Of the category that the channel chose: what is urgent goes first through the engine."""
    pack = shared.catalogue.pack(submission.pack)
    category = pack.categories_by_code.get(submission.category or "") if pack else None
    return category.tier if category else None


def _frozen() -> Answer:
    return Answer.of_problem(FileFrozen("this complaint's file is closed for good"))


async def _is_closed(shared: Resources, number: str) -> bool:
    async with shared.database.transaction() as session:
        read = await complaints.get(session, number)
    return read is not None and read.state.stage is Stage.CLOSED


async def _is_behind(shared: Resources, row: JournalRow) -> bool:
    async with shared.database.transaction() as session:
        return await journal.has_earlier_pending(session, row.id)


async def _first_answer(shared: Resources, row: JournalRow) -> Answer:
    while row.response is None or row.status is None:
        await asyncio.sleep(GLANCE_SECONDS)
        async with shared.database.transaction() as session:
            found = await journal.find(session, row.key_id, row.idempotency_key)
        assert found is not None, "the journal loses no rows"
        row = found
    return Answer(row.status, row.response)

"""POST /v1/complaints: checked, sealed and journaled in one transaction, then handed on."""

import logging
import secrets

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.act_routes import RESPONSES
from api.answers import Answer
from api.arrival import Arrival, Arrived
from api.auth import Authenticated, Caller
from api.complaint_body import ComplaintBody
from api.delivery import RELAY_AFTER, hand_on
from api.incoming import Incoming
from api.intake_answers import (
    Attached,
    AttachedReceipt,
    Receipt,
    attached_answer,
    is_repeat,
    receipt_of,
)
from api.likeness import link
from api.problems import Invalid, KeyReused, Refused
from api.repeats import insist_on_room, repeated_by
from api.resources import Resources, Shared
from domain.number import DRAWS, complaint_number
from domain.vocabulary import Role, Stage
from sealing.vault import Vault
from storage import journal, sketches
from storage.database import DatabaseDown, Session
from storage.tables import JournalRow

router = APIRouter(prefix="/v1", tags=["complaints"])

Known = Receipt | AttachedReceipt | Attached

logger = logging.getLogger(__name__)


@router.post(
    "/complaints",
    status_code=201,
    response_model=Receipt,
    operation_id="open_complaint",
    responses={**RESPONSES, 200: {"model": Known}, 202: {"model": Known}},
)
async def open_complaint(
    arrival: Arrived, caller: Authenticated, shared: Shared, body: ComplaintBody
) -> JSONResponse:
    """201 for a new complaint, 200 for the same request again, 202 while the engine is silent.

    What only repeats the same person's open complaint, with no new facts, is attached to that and
    opens none: 200 with `attached`. How it stands is told to a channel that vouches for the person,
    and to who hands over its `receipt_token`; to nobody else. Should that complaint end before the
    engine hears of the repeat, the repeat becomes a new one, which the same request again tells.
    An `external_id` belongs to the key that sent it first; another key's is 409.
    """
    caller.must_be(Role.CHANNEL, Role.HOTLINE)
    incoming = Incoming.read(shared, caller, arrival.received_at, body, _new_number())
    entered = await _enter(shared, caller, arrival, incoming)
    if entered.created and incoming.pack.repeats is not None:
        await _link_again(shared, incoming)
    answer = await hand_on(shared, entered)
    if is_repeat(entered.row, answer):
        return (await attached_answer(shared, caller, body, entered.row, answer)).response()
    status = 202 if answer is None else 201 if entered.created else 200
    stage = Stage.REGISTERED if answer is None else answer.body["stage"]
    receipt = await receipt_of(shared, entered.row.number, stage)
    return Answer(status, receipt.model_dump(mode="json")).response()


def _new_number() -> str:
    return complaint_number(secrets.randbelow(DRAWS))


async def _enter(
    shared: Resources, caller: Caller, arrival: Arrival, incoming: Incoming
) -> journal.Entered:
    body = incoming.body
    async with shared.database.transaction() as session:
        if body.follows and await journal.submission(session, body.follows) is None:
            raise Invalid("follows", "there is no such complaint", code="unknown-complaint")
        attach_to = await repeated_by(session, shared, incoming)
        entry = _entry(shared, caller, arrival, incoming, attach_to)
        entered = await journal.enter(session, entry, RELAY_AFTER)
        if entered.created:
            await _keep(session, shared, incoming, attach_to)
    if not entered.created:
        _insist_on_a_twin(entered.row, entry)
    return entered


async def _keep(
    session: Session, shared: Resources, incoming: Incoming, attach_to: str | None
) -> None:
    """What the journal's row needs beside it, in the same transaction."""
    submission = incoming.submission
    await Vault(shared.keys).keep(session, incoming.data_key, incoming.person_key)
    if attach_to is not None:
        await insist_on_room(session, attach_to)
    if incoming.pack.repeats is not None:
        await sketches.keep(
            session,
            submission.number,
            incoming.sketch,
            received_at=submission.received_at,
            demand=submission.demand,
            district=submission.district,
            category=submission.category,
        )
        await link(session, incoming)


async def _link_again(shared: Resources, incoming: Incoming) -> None:
    """Of two that came in at once neither saw the other: whoever commits last sees both now."""
    try:
        async with shared.database.transaction() as session:
            await link(session, incoming)
    except DatabaseDown:
        logger.warning(
            "complaint %s is linked to what was there before", incoming.submission.number
        )


def _entry(
    shared: Resources,
    caller: Caller,
    arrival: Arrival,
    incoming: Incoming,
    attach_to: str | None,
) -> journal.Entry:
    body = incoming.body
    return journal.Entry(
        number=incoming.submission.number,
        act_id=arrival.act_id(caller.key),
        kind=journal.SUBMISSION,
        key_id=caller.key,
        idempotency_key=arrival.idempotency_key,
        body_hash=shared.keys.body_hash(_said(body).encode()),
        body=incoming.submission.model_dump(mode="json"),
        received_at=arrival.received_at,
        channel=body.channel,
        external_id=_external_id(shared, body),
        attach_to=attach_to,
    )


def _said(body: ComplaintBody) -> str:
    """Without a receipt token the words are those of the time when none could be sent."""
    return body.model_dump_json(exclude=None if body.receipt_token else {"receipt_token"})


def _external_id(shared: Resources, body: ComplaintBody) -> str | None:
    """A keyed hash: a channel's own id may well be somebody's telephone number."""
    if body.external_id is None:
        return None
    return shared.keys.body_hash(f"external\n{body.channel}\n{body.external_id}".encode())


def _insist_on_a_twin(row: JournalRow, entry: journal.Entry) -> None:
    """Under another idempotency key the same external id is only a repeat.

    Raises `KeyReused` for the same key with another body, and `Refused` for the external id of
    another caller, who would be handed that one's receipt.
    """
    if row.key_id != entry.key_id:
        raise Refused(
            "external_id: was sent by another API key",
            code="external-id-taken",
            field="external_id",
            rule="was sent by another API key",
        )
    if row.idempotency_key == entry.idempotency_key and row.body_hash != entry.body_hash:
        raise KeyReused

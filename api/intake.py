"""POST /v1/complaints: checked, sealed and journaled in one transaction, then handed on."""

import secrets
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field

from api.act_routes import RESPONSES
from api.answers import Answer
from api.arrival import Arrival, Arrived
from api.auth import Authenticated, Caller
from api.complaint_body import ComplaintBody
from api.delivery import RELAY_AFTER, hand_on
from api.problems import Invalid, KeyReused
from api.resources import Resources, Shared
from api.submissions import sealed_submission, who
from api.view import links
from domain.model import Strict
from domain.number import DRAWS, complaint_number
from domain.submission import Submission
from domain.vocabulary import Role, Stage
from sealing.data_key import DataKey
from sealing.tokens import receipt_token
from sealing.vault import Vault
from storage import journal

router = APIRouter(prefix="/v1", tags=["complaints"])


class Receipt(Strict):
    """The number to quote, and the token with which the citizen acts on it."""

    number: str
    stage: Stage
    receipt_token: Annotated[str, Field(description="A bearer token for this one complaint.")]
    links: dict[str, str]


@router.post(
    "/complaints",
    status_code=201,
    response_model=Receipt,
    operation_id="open_complaint",
    responses={**RESPONSES, 200: {"model": Receipt}, 202: {"model": Receipt}},
)
async def open_complaint(
    arrival: Arrived, caller: Authenticated, shared: Shared, body: ComplaintBody
) -> JSONResponse:
    """201 for a new complaint, 200 for a repeat, 202 while the engine has not taken it yet."""
    caller.must_be(Role.CHANNEL, Role.HOTLINE)
    entered = await _enter(shared, caller, arrival, body)
    answer = await hand_on(shared, entered)
    status = 202 if answer is None else 201 if entered.created else 200
    stage = Stage.REGISTERED if answer is None else answer.body["stage"]
    receipt = await _receipt(shared, entered.row.number, stage)
    return Answer(status, receipt.model_dump(mode="json")).response()


async def _enter(
    shared: Resources, caller: Caller, arrival: Arrival, body: ComplaintBody
) -> journal.Entered:
    number = complaint_number(secrets.randbelow(DRAWS))
    data_key = DataKey.generate(number)
    submission = sealed_submission(shared, caller, arrival.received_at, body, data_key)
    entry = _entry(shared, caller, arrival, body, submission)
    async with shared.database.transaction() as session:
        if body.follows and await journal.submission(session, body.follows) is None:
            raise Invalid("follows", "there is no such complaint", code="unknown-complaint")
        entered = await journal.enter(session, entry, RELAY_AFTER)
        if entered.created:
            await Vault(shared.keys).keep(session, data_key, who(shared, body))
    if not entered.created and _was_reused(entered, entry):
        raise KeyReused
    return entered


def _entry(
    shared: Resources,
    caller: Caller,
    arrival: Arrival,
    body: ComplaintBody,
    submission: Submission,
) -> journal.Entry:
    return journal.Entry(
        number=submission.number,
        act_id=arrival.act_id(caller.key),
        kind=journal.SUBMISSION,
        key_id=caller.key,
        idempotency_key=arrival.idempotency_key,
        body_hash=shared.keys.body_hash(body.model_dump_json().encode()),
        body=submission.model_dump(mode="json"),
        received_at=arrival.received_at,
        channel=body.channel,
        external_id=_external_id(shared, body),
    )


def _external_id(shared: Resources, body: ComplaintBody) -> str | None:
    """A keyed hash: a channel's own id may well be somebody's telephone number."""
    if body.external_id is None:
        return None
    return shared.keys.body_hash(f"external\n{body.channel}\n{body.external_id}".encode())


def _was_reused(entered: journal.Entered, entry: journal.Entry) -> bool:
    """The same key with another body; the same external id under another key is only a repeat."""
    row = entered.row
    same_key = (row.key_id, row.idempotency_key) == (entry.key_id, entry.idempotency_key)
    return same_key and row.body_hash != entry.body_hash


async def _receipt(shared: Resources, number: str, stage: Stage) -> Receipt:
    async with shared.database.transaction() as session:
        version = await Vault(shared.keys).receipt_version(session, number)
    assert version is not None, "journaled together with its data key"
    token = receipt_token(shared.keys, number, version)
    return Receipt(number=number, stage=stage, receipt_token=token, links=links(number))

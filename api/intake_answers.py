"""What is answered at the door: a receipt, or, to a repeat, as much as its sender may hear."""

from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import Field

from api.answers import Answer
from api.auth import Caller
from api.complaint_body import ComplaintBody
from api.resources import Resources
from api.view import links
from domain.model import Strict
from domain.vocabulary import Stage
from sealing.tokens import is_receipt, receipt_token
from sealing.vault import Vault
from storage import complaints, journal
from storage.tables import JournalRow

STAGE, ATTACHED_TO = "stage", "attached_to"


class Receipt(Strict):
    """The number to quote, and the token with which the citizen acts on it."""

    number: str
    stage: Stage
    receipt_token: Annotated[str, Field(description="A bearer token for this one complaint.")]
    links: dict[str, str]


class AttachedReceipt(Receipt):
    """To a repeat: number, stage and token of the open complaint that it was attached to."""

    attached: Literal[True]


class Attached(Strict):
    """To a repeat, from who has not shown that the open complaint is theirs."""

    attached: Literal[True]


def is_repeat(row: JournalRow, answer: Answer | None) -> bool:
    """Not where the complaint had ended and the repeat became one of its own."""
    return row.attach_to is not None and (answer is None or answer.status != journal.CREATED)


async def attached_answer(
    shared: Resources, caller: Caller, body: ComplaintBody, row: JournalRow, answer: Answer | None
) -> Answer:
    number = row.attach_to
    assert number is not None, "asked of a repeat"
    status = HTTPStatus.ACCEPTED if answer is None else HTTPStatus.OK
    vouched = caller.vouches and caller.key == row.key_id
    if not (vouched or await _is_theirs(shared, body.receipt_token, number)):
        return Answer(status, Attached(attached=True).model_dump(mode="json"))
    stage = await _stage(shared, number) if answer is None else Stage(answer.body[STAGE])
    receipt = await receipt_of(shared, number, stage)
    told = AttachedReceipt(**receipt.model_dump(), attached=True)
    return Answer(status, told.model_dump(mode="json"))


async def receipt_of(shared: Resources, number: str, stage: Stage) -> Receipt:
    async with shared.database.transaction() as session:
        version = await Vault(shared.keys).receipt_version(session, number)
    assert version is not None, "journaled together with its data key"
    token = receipt_token(shared.keys, number, version)
    return Receipt(number=number, stage=stage, receipt_token=token, links=links(number))


async def _is_theirs(shared: Resources, token: str | None, number: str) -> bool:
    if token is None:
        return False
    async with shared.database.transaction() as session:
        version = await Vault(shared.keys).receipt_version(session, number)
    return version is not None and is_receipt(shared.keys, token, number, version)


async def _stage(shared: Resources, number: str) -> Stage:
    async with shared.database.transaction() as session:
        read = await complaints.get(session, number)
    return Stage.REGISTERED if read is None else read.state.stage

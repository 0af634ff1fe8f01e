"""POST .../receipt-token: a new receipt for a citizen who lost the old one, which it voids."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.access import open_file
from api.act_routes import RESPONSES, Number, insist_on_a_complaint
from api.answers import Answer
from api.arrival import Arrival, Arrived
from api.auth import Authenticated, Caller
from api.delivery import RELAY_AFTER
from api.problems import KeyReused
from api.resources import Resources, Shared
from domain.model import Strict
from domain.vocabulary import Role
from sealing.tokens import receipt_token
from storage import data_keys, journal

router = APIRouter(prefix="/v1", tags=["acts"])

KIND = "receipt_token"
"""Settled as soon as it is journaled: the workflow need not hear of it."""


class NewReceipt(Strict):
    number: str
    receipt_token: str


@router.post(
    "/complaints/{number}/receipt-token",
    response_model=NewReceipt,
    responses=RESPONSES,
    operation_id="renew_receipt",
)
async def renew(
    arrival: Arrived, caller: Authenticated, shared: Shared, number: Number
) -> JSONResponse:
    caller.must_be(Role.HOTLINE)
    insist_on_a_complaint(await open_file(shared, number, caller))
    version = await _version(shared, caller, arrival, number)
    body = NewReceipt(number=number, receipt_token=receipt_token(shared.keys, number, version))
    return Answer(HTTPStatus.OK, body.model_dump()).response()


async def _version(shared: Resources, caller: Caller, arrival: Arrival, number: str) -> int:
    """The version that this request made, also when it is repeated."""
    body_hash = shared.keys.body_hash(f"{KIND}\n{number}".encode())
    entry = journal.Entry(
        number=number,
        act_id=arrival.act_id(caller.key),
        kind=KIND,
        key_id=caller.key,
        idempotency_key=arrival.idempotency_key,
        body_hash=body_hash,
        body={"actor": caller.actor.model_dump(mode="json")},
        received_at=arrival.received_at,
    )
    async with shared.database.transaction() as session:
        entered = await journal.enter(session, entry, RELAY_AFTER)
        if entered.row.body_hash != body_hash:
            raise KeyReused
        if not entered.created and entered.row.response is not None:
            return int(entered.row.response["version"])
        version = await data_keys.renew_receipt(session, number)
        assert version is not None, "a complaint has a row in the vault from its first moment"
        await journal.settle(session, entered.row.id, HTTPStatus.OK, {"version": version})
    return version

"""POST /v1/orders/completion: one result for many orders, each completed by an act of its own."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, Field

from api.act_routes import ActRequest, answered, checked, enter, hash_of
from api.answers import POST_RESPONSES, Answer, Pending, pending
from api.arrival import Arrival, Arrived
from api.auth import Authenticated, Caller
from api.bodies import BODIES, ORDER_ID
from api.problems import KeyReused, Problem, ProblemBody, TooManyActs
from api.resources import Resources, Shared
from api.view import ComplaintView
from domain.act_table import ACTS
from domain.model import Strict
from storage import journal
from storage.database import Session

router = APIRouter(prefix="/v1", tags=["acts"])

Fields = dict[str, Any]

SPEC = ACTS["complete"]
OneBody = BODIES[SPEC.name]
AT_ONCE = 16
LAST_START_SECONDS = 2.0
"""What has not had its turn by then is left to the relay, so that the request ends before that."""


def _once_each(orders: list[str]) -> list[str]:
    if len(set(orders)) != len(orders):
        raise ValueError("must name each order once")
    return orders


OrderIds = Annotated[
    list[Annotated[str, Field(pattern=ORDER_ID)]],
    Field(min_length=1, max_length=100, description="`<number>.<round>.<n>`, each once."),
    AfterValidator(_once_each),
]


class CompletionsBody(OneBody):  # type: ignore[misc, valid-type]
    """What is said of one order's completion, for each of these."""

    orders: OrderIds


class CompletionLine(Strict):
    """How it went with one order: the answer that its own completion has, or the problem."""

    order: str
    status: int
    answer: ComplaintView | Pending | None = None
    problem: ProblemBody | None = None


class Completions(Strict):
    items: list[CompletionLine]


@router.post(
    "/orders/completion",
    response_model=Completions,
    responses=POST_RESPONSES,
    operation_id="complete_orders",
    summary="completion of many orders",
)
async def complete_orders(
    arrival: Arrived, caller: Authenticated, shared: Shared, body: CompletionsBody
) -> JSONResponse:
    """By unit. One result, answer and evidence for many orders; each citizen evaluates by itself.

    A line says for each order, as sent, what its own completion would have been answered; an order
    that cannot be completed holds up no other. The same key and body hear the same answers again.
    """
    caller.must_be(*SPEC.roles)
    one = OneBody.model_validate(body.model_dump(exclude={"orders"}))
    requests = [ActRequest(caller, _own(arrival, order), SPEC, order) for order in body.orders]
    turns = asyncio.Semaphore(AT_ONCE)
    plain = await asyncio.gather(*(_checked(shared, each, one, turns) for each in requests))
    body_hash = hash_of(shared, [SPEC.name, *body.orders, one.model_dump(mode="json")])
    async with shared.database.transaction() as session:
        await _insist_on_a_fresh_key(session, caller, arrival, body_hash)
        entries = await _enter_all(session, shared, requests, plain, body_hash)
    last_start = asyncio.get_running_loop().time() + LAST_START_SECONDS
    answers = await asyncio.gather(
        *(_answered(shared, each, entries[each.target], turns, last_start) for each in requests)
    )
    lines = [_line(each, answer) for each, answer in zip(requests, answers, strict=True)]
    return Answer(HTTPStatus.OK, {"items": lines}).response()


def _own(arrival: Arrival, order: str) -> Arrival:
    return replace(arrival, idempotency_key=_prefix(arrival) + order)


def _prefix(arrival: Arrival) -> str:
    """Of the keys of a request's acts: no key that a sender may choose has a space in it."""
    return f"{arrival.idempotency_key} "


async def _insist_on_a_fresh_key(
    session: Session, caller: Caller, arrival: Arrival, body_hash: str
) -> None:
    """Raises `KeyReused` where it was that of another list, or of one act."""
    one_act = await journal.find(session, caller.key, arrival.idempotency_key)
    if one_act or await journal.holds_another(session, caller.key, _prefix(arrival), body_hash):
        raise KeyReused


async def _checked(
    shared: Resources, request: ActRequest, body: Strict, turns: asyncio.Semaphore
) -> Fields | Answer:
    async with turns:
        try:
            return await checked(shared, request, body)
        except Problem as problem:
            return Answer.of_problem(problem)


async def _enter_all(
    session: Session,
    shared: Resources,
    requests: Sequence[ActRequest],
    plain: Sequence[Fields | Answer],
    body_hash: str,
) -> dict[str, journal.Entered | Answer]:
    """By order. Raises `KeyReused`, and then nothing at all is taken."""
    entries: dict[str, journal.Entered | Answer] = {}
    asked = zip(requests, plain, strict=True)
    # Always by number, so that two requests for the same complaints do not wait for each other.
    for request, fields in sorted(asked, key=lambda pair: pair[0].number):
        if isinstance(fields, Answer):
            entries[request.target] = fields
            continue
        try:
            entered = await enter(session, shared, request, fields, body_hash)
            entries[request.target] = entered
        except TooManyActs as problem:
            entries[request.target] = Answer.of_problem(problem)
    return entries


async def _answered(
    shared: Resources,
    request: ActRequest,
    entry: journal.Entered | Answer,
    turns: asyncio.Semaphore,
    last_start: float,
) -> Answer:
    if isinstance(entry, Answer):
        return entry
    async with turns:
        if asyncio.get_running_loop().time() > last_start:
            return pending(request.number, SPEC.name)
        return await answered(shared, request, entry)


def _line(request: ActRequest, answer: Answer) -> dict[str, Any]:
    line: dict[str, Any] = {"order": request.target, "status": answer.status}
    if answer.status >= HTTPStatus.BAD_REQUEST:
        return line | {"answer": None, "problem": answer.body}
    return line | {"answer": answer.body, "problem": None}

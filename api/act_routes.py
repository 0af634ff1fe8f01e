"""One route per act, made from the act table: the body is read, sealed, journaled, handed on."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path
from fastapi.responses import JSONResponse

from api.access import File, open_file
from api.answers import PROBLEM, READ_RESPONSES, Answer, Pending, pending
from api.arrival import Arrival, Arrived
from api.auth import Authenticated, Caller
from api.bodies import BODIES, may_be_absent
from api.delivery import RELAY_AFTER, hand_on
from api.openings import of_evaluation_link
from api.problems import Forbidden, Invalid, KeyReused, Refused, TooManyActs
from api.resources import Resources, Shared
from api.view import ComplaintView
from domain.act_table import ACTS, ActSpec
from domain.acts import Act
from domain.model import Strict
from domain.vocabulary import Role
from sealing.data_key import DataKey
from sealing.errors import PersonErased
from sealing.fields import seal_fields
from sealing.vault import Vault
from storage import journal
from storage.database import Session

MOST_ACTS = 200
"""By one caller on one complaint: the engine takes two thousand messages in a complaint's life."""
NOT_OVER_HTTP = frozenset({"amend"})
Number = Annotated[str, Path(description="The complaint's number.")]
OrderId = Annotated[str, Path(description="`<number>.<round>.<n>`")]
RESPONSES: dict[int | str, dict[str, Any]] = {
    202: {"model": Pending},
    **READ_RESPONSES,
    **dict.fromkeys((409, 410, 413, 429), PROBLEM),
}


@dataclass(frozen=True)
class ActRequest:
    """An act as it came in; `target` is the complaint's number, or the order's id."""

    caller: Caller
    arrival: Arrival
    spec: ActSpec
    target: str

    @property
    def number(self) -> str:
        return self.target.partition(".")[0]

    @property
    def order(self) -> str | None:
        return self.target if self.spec.on_order else None

    def stamped(self, sealed: dict[str, Any]) -> Act:
        """The act as the workflow takes it, with what only the server may say."""
        return self.spec.model.model_validate(
            {
                **sealed,
                **({"order": self.order} if self.order else {}),
                "id": self.arrival.act_id(self.caller.key),
                "received_at": self.arrival.received_at,
                "actor": self.caller.actor,
            }
        )

    def insist_on_the_right(self) -> None:
        """Raises `Forbidden` for the wrong role; a link to an evaluation opens nothing else."""
        self.caller.must_be(*self.spec.roles)
        if self.caller.opening is not None and self.spec.name != "evaluate":
            raise Forbidden("this link answers an evaluation and does nothing else")

    def key_of_nobody(self, fields: dict[str, Any]) -> DataKey:
        """After an erasure duty goes on: what a unit answers is sealed with a key nobody keeps.

        Raises `PersonErased` for everyone else's words.
        """
        data_key = DataKey.generate(self.number)
        wordless = seal_fields(self.spec.model, fields, data_key) == fields
        if wordless or self.caller.role is Role.UNIT:
            return data_key
        raise PersonErased(self.number)


async def take(shared: Resources, request: ActRequest, body: Strict) -> JSONResponse:
    fields = await checked(shared, request, body)
    async with shared.database.transaction() as session:
        body_hash = hash_of(shared, [request.spec.name, request.target, fields])
        entered = await enter(session, shared, request, fields, body_hash)
    return (await answered(shared, request, entered)).response()


async def checked(shared: Resources, request: ActRequest, body: Strict) -> dict[str, Any]:
    """The act's fields in plain words; raises for whom, or for what, there is no such act."""
    request.insist_on_the_right()
    file = await open_file(shared, request.number, request.caller, request.order or "")
    insist_on_a_complaint(file)
    fields = body.model_dump(mode="json")
    if request.spec.name == "evaluate":
        fields |= await of_evaluation_link(shared, file, request.caller)
        if fields["round"] is None:
            raise Invalid("round", "is required")
    return fields


def insist_on_a_complaint(file: File) -> None:
    """Raises `Refused` for the number of a repeat: nothing can be done to that."""
    if file.attached_to is not None:
        raise Refused(f"this repeat belongs to complaint {file.attached_to}", code="attached")


async def answered(shared: Resources, request: ActRequest, entered: journal.Entered) -> Answer:
    return await hand_on(shared, entered) or pending(request.number, request.spec.name)


def hash_of(shared: Resources, said: list[Any]) -> str:
    """Of all that a request said: tells its repeat from another use of the same key."""
    return shared.keys.body_hash(json.dumps(said).encode())


async def enter(
    session: Session, shared: Resources, request: ActRequest, fields: dict[str, Any], body_hash: str
) -> journal.Entered:
    """Seal and journal; a repeat finds what the first one left. `fields` are in plain words."""
    spec, number = request.spec, request.number
    earlier = await journal.count(session, number, request.caller.key)
    known = await journal.find(session, request.caller.key, request.arrival.idempotency_key)
    if known is None and earlier >= MOST_ACTS:
        raise TooManyActs(f"one caller may do {MOST_ACTS} acts on one complaint")
    try:
        data_key = await Vault(shared.keys).fetch(session, number)
    except PersonErased:
        data_key = request.key_of_nobody(fields)
    act = request.stamped(seal_fields(spec.model, fields, data_key))
    entry = journal.Entry(
        number=number,
        act_id=act.id,
        kind=spec.name,
        key_id=request.caller.key,
        idempotency_key=request.arrival.idempotency_key,
        body_hash=body_hash,
        body=act.model_dump(mode="json"),
        received_at=request.arrival.received_at,
        order_id=request.order,
    )
    entered = await journal.enter(session, entry, RELAY_AFTER)
    if entered.row.body_hash != body_hash:
        raise KeyReused
    return entered


def _on_complaint(spec: ActSpec) -> Callable[..., Awaitable[JSONResponse]]:
    async def act(
        arrival: Arrived, caller: Authenticated, shared: Shared, number: Number, body: Any
    ) -> JSONResponse:
        return await take(shared, ActRequest(caller, arrival, spec, number), body)

    return act


def _on_order(spec: ActSpec) -> Callable[..., Awaitable[JSONResponse]]:
    async def act(
        arrival: Arrived, caller: Authenticated, shared: Shared, order: OrderId, body: Any
    ) -> JSONResponse:
        return await take(shared, ActRequest(caller, arrival, spec, order), body)

    return act


def _route(router: APIRouter, spec: ActSpec) -> None:
    model = BODIES[spec.name]
    absent = Body(default_factory=model) if may_be_absent(model) else Body()
    endpoint = _on_order(spec) if spec.on_order else _on_complaint(spec)
    endpoint.__annotations__["body"] = Annotated[model, absent]
    router.add_api_route(
        f"/{'orders/{order}' if spec.on_order else 'complaints/{number}'}/{spec.path}",
        endpoint,
        methods=["POST"],
        response_model=ComplaintView,
        responses=RESPONSES,
        operation_id=spec.name,
        summary=spec.path.replace("-", " "),
        description=f"By {', '.join(sorted(spec.roles))}.",
    )


def act_router() -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["acts"])
    for spec in ACTS.values():
        if spec.name not in NOT_OVER_HTTP:
            _route(router, spec)
    return router

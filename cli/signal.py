"""`hotline signal NUMBER ACT`: an act as a Temporal signal, its words sealed first.

The way in when the API is down. A direct signal counts from the instant at which the workflow takes
it, and nobody waits for its outcome: the complaint's file says what became of it.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel, ValidationError
from temporalio.client import Client
from temporalio.service import RPCError

from api.bodies import BODIES
from domain.act_table import ACTS, ActSpec
from domain.acts import Actor
from domain.vocabulary import Role
from runtime.client import connect
from runtime.database import database_url
from runtime.logs import set_up_logging
from runtime.master_key import MasterKeys
from runtime.shutdown import run_process
from sealing.data_key import DataKey
from sealing.errors import SealingError
from sealing.fields import seal_fields
from sealing.keys import SealingKeys
from sealing.vault import Vault
from settings import Settings
from storage import orders
from storage.database import Database, DatabaseDown

M = TypeVar("M", bound=BaseModel)
STAMPED_AT_ARRIVAL = {"received_at", "via", "claimed_at"}


class NotSent(Exception):
    """Nothing was sent; the message says why, and quotes no words."""


def signal(
    number: Annotated[str, typer.Argument(help="The complaint's number.")],
    act: Annotated[str, typer.Argument(help=", ".join(ACTS))],
    body: Annotated[str, typer.Option("--input", help="The act's fields as JSON.")] = "{}",
    unit: Annotated[
        str | None, typer.Option(help="The acting unit; by default the order's own.")
    ] = None,
    person: Annotated[str | None, typer.Option(help="The code of the member of staff.")] = None,
) -> None:
    """Send an act to a complaint past the API."""
    settings = Settings.load()
    set_up_logging(settings)
    run_process(run(settings, Instruction(number, act, body, unit, person)))


@dataclass(frozen=True)
class Instruction:
    """What the operator typed: the act, its fields, and on whose behalf."""

    number: str
    act: str
    body: str = "{}"
    unit: str | None = None
    person: str | None = None


async def run(settings: Settings, instruction: Instruction) -> int:
    keys = MasterKeys.load(settings)
    database = Database(database_url(settings), "signal")
    try:
        payload = await prepared(database, SealingKeys.derived(keys), instruction)
        client = await connect(settings, keys, role="signal", lazy=True)
        await send(client, instruction, payload)
    except (NotSent, SealingError) as refused:
        print(f"nothing was sent: {refused}")
        return 1
    except DatabaseDown:
        print("nothing was sent: the database holds the key that seals the words, and is down")
        return 1
    finally:
        await database.close()
    print(f"{instruction.act} sent as {payload['id']}; the complaint's file tells the outcome")
    return 0


async def prepared(
    database: Database, keys: SealingKeys, instruction: Instruction
) -> dict[str, Any]:
    """The signal's payload: checked against the act table, sealed, without `received_at`."""
    spec = ACTS.get(instruction.act)
    if spec is None:
        raise NotSent(f"no such act; one of {', '.join(ACTS)}")
    fields = _fields(instruction.body)
    identity = {
        "id": str(fields.pop("id", f"cli-{secrets.token_hex(8)}")),
        **({"order": fields.pop("order", None)} if spec.on_order else {}),
    }
    words = _checked(BODIES[spec.name], fields).model_dump(mode="json")
    if _has_words(spec, words):
        async with database.transaction() as session:
            data_key = await Vault(keys).fetch(session, instruction.number)
        words = seal_fields(spec.model, words, data_key)
    actor = await _actor(database, spec, identity.get("order"), instruction)
    stamped = {**words, **identity, "actor": actor, "received_at": datetime.now(UTC)}
    act = _checked(spec.model, stamped)
    return act.model_dump(mode="json", exclude=STAMPED_AT_ARRIVAL)


async def send(client: Client, instruction: Instruction, payload: dict[str, Any]) -> None:
    """Raises `NotSent` where no such complaint runs, or the engine does not answer."""
    try:
        await client.get_workflow_handle(f"complaint-{instruction.number}").signal(
            instruction.act, payload
        )
    except RPCError as error:
        raise NotSent(error.message) from None
    except RuntimeError:
        raise NotSent("the engine does not answer") from None


async def _actor(
    database: Database, spec: ActSpec, order: str | None, instruction: Instruction
) -> Actor:
    unit = instruction.unit
    if spec.on_order and unit is None and order is not None:
        async with database.transaction() as session:
            found = await orders.get(session, order)
        unit = found.order.unit if found else None
    role = Role.UNIT if unit is not None and Role.UNIT in spec.roles else _first_role(spec)
    return Actor(role=role, key="signal", unit=unit, person=instruction.person)


def _first_role(spec: ActSpec) -> Role:
    return Role.HOTLINE if Role.HOTLINE in spec.roles else sorted(spec.roles)[0]


def _fields(body: str) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except ValueError:
        raise NotSent("--input is not JSON") from None
    if not isinstance(fields, dict):
        raise NotSent("--input is not a JSON object")
    return fields


def _has_words(spec: ActSpec, fields: dict[str, Any]) -> bool:
    """Acts without words need no key, and so no database."""
    return seal_fields(spec.model, fields, DataKey.generate("")) != fields


def _checked(model: type[M], fields: dict[str, Any]) -> M:
    try:
        return model.model_validate(fields)
    except ValidationError as broken:
        faults = broken.errors(include_input=False, include_url=False)
        told = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
        raise NotSent("; ".join(told)) from None

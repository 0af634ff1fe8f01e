"""`hotline amend FILE`: which open complaints an amendment moves; `--apply` then moves them.

Nothing moves by itself: a calendar's new version, time lost by an outage, a unit that has ended
reach an open complaint only through the act `amend`, which the file of each one keeps.
"""

import json
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import track
from rich.table import Table

from api.delivery import RELAY_AFTER, hand_on
from api.gateway import Gateway
from api.resources import Resources
from cli.moves import Amendment, Move, moves
from cli.registers import registers
from domain.acts import Actor, Amend
from domain.errors import HotlineError
from domain.vocabulary import Role
from packs.calendar_files import load_calendar
from packs.loader import load_all
from runtime.client import connect
from runtime.database import database_url
from runtime.logs import set_up_logging
from runtime.master_key import MasterKeys
from runtime.shutdown import run_process
from sealing.keys import SealingKeys
from settings import Settings
from storage import complaints, journal
from storage.database import Database, DatabaseDown
from storage.filters import Filters

PAGE = 200
OPERATOR = "amend"

console = Console()


class NotAmended(Exception):
    """The file is no amendment; the message says why."""


def amend(
    file: Annotated[Path, typer.Argument(help="TOML or JSON: kind, reason, and what it needs.")],
    apply: Annotated[bool, typer.Option("--apply", help="Move them; else only show.")] = False,
) -> None:
    """Show what an amendment would move, and with --apply move it."""
    settings = Settings.load()
    set_up_logging(settings)
    run_process(run(settings, file, apply))


async def run(settings: Settings, file: Path, apply: bool) -> int:
    try:
        amendment = read(file)
        async with resources(settings) as shared:
            found = await dry_run(shared.database, amendment)
            _show(found)
            return await _apply(shared, amendment, found) if apply else 0
    except (NotAmended, HotlineError) as refused:
        console.print(f"nothing was amended: {refused}")
        return 1
    except DatabaseDown:
        console.print("the database does not answer: run this again; nothing is applied twice")
        return 1


def read(file: Path) -> Amendment:
    """Raises `NotAmended`."""
    try:
        text = file.read_text(encoding="utf-8")
        fields = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
        amendment = Amendment.model_validate(fields)
        if amendment.calendar is not None:
            load_calendar(amendment.calendar)
    except ValidationError as broken:
        faults = broken.errors(include_url=False, include_input=False)
        named = (f"{'.'.join(map(str, f['loc'])) or file.name}: {f['msg']}" for f in faults)
        raise NotAmended("; ".join(named)) from None
    except HotlineError as refused:
        raise NotAmended(str(refused)) from None
    except (OSError, ValueError) as unreadable:
        raise NotAmended(f"{file}: {unreadable}") from None
    return amendment


async def dry_run(database: Database, amendment: Amendment) -> list[Move]:
    """All that would move, the nearest due complaint first."""
    found: list[Move] = []
    cursor: str | None = None
    while True:
        async with database.transaction() as session:
            page = await complaints.find(session, Filters(), cursor, PAGE)
        for read_ in page.items:
            found += moves(read_.state, amendment)
        cursor = page.next
        # Complaints that wait for nothing come last: they are closed for good.
        if cursor is None or page.items[-1].state.next_due_at is None:
            return found


async def apply_to(shared: Resources, amendment: Amendment, number: str) -> int | None:
    """The HTTP status of the act's answer; None where the relay will bring it. Repeatable."""
    now = datetime.now(UTC)
    name = f"{fingerprint(amendment)}-{number}"
    act = Amend.model_validate(
        {
            **amendment.fields(),
            "id": f"{OPERATOR}:{name}",
            "received_at": now,
            "actor": Actor(role=Role.OPERATOR, key=OPERATOR),
        }
    )
    entry = journal.Entry(
        number=number,
        act_id=act.id,
        kind="amend",
        key_id=OPERATOR,
        idempotency_key=name,
        body_hash=shared.keys.body_hash(name.encode()),
        body=act.model_dump(mode="json"),
        received_at=now,
    )
    async with shared.database.transaction() as session:
        entered = await journal.enter(session, entry, RELAY_AFTER)
    answer = await hand_on(shared, entered)
    return None if answer is None else answer.status


def fingerprint(amendment: Amendment) -> str:
    """The same for the same amendment of the same calendar version: it is applied once."""
    version = load_calendar(amendment.calendar).version if amendment.calendar else ""
    return sha256(f"{amendment.model_dump_json()}{version}".encode()).hexdigest()[:16]


@asynccontextmanager
async def resources(settings: Settings) -> AsyncIterator[Resources]:
    master_keys = MasterKeys.load(settings)
    database = Database(database_url(settings), "amend")
    try:
        client = await connect(settings, master_keys, lazy=True, role="amend")
        yield Resources(
            settings=settings,
            database=database,
            gateway=Gateway(client),
            keys=SealingKeys.derived(master_keys),
            catalogue=registers(load_all()),
        )
    finally:
        await database.close()


def _show(found: list[Move]) -> None:
    table = Table("complaint", "what", "from", "to", "why")
    for move in found:
        table.add_row(move.number, move.subject, move.was, move.becomes, move.why)
    if found:
        console.print(table)
    console.print(f"{len({move.number for move in found})} complaints, {len(found)} moves")


async def _apply(shared: Resources, amendment: Amendment, found: list[Move]) -> int:
    taken = refused = pending = 0
    for number in track(dict.fromkeys(move.number for move in found), "amending", console=console):
        status = await apply_to(shared, amendment, number)
        taken += status == 200
        pending += status is None
        refused += status is not None and status != 200
    console.print(f"{taken} amended, {pending} left to the relay, {refused} refused")
    return 1 if refused else 0

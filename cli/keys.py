"""`hotline keys`: who may call the API."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from domain.vocabulary import Role
from packs.errors import UnknownPack
from runtime.database import database_url
from runtime.logs import set_up_logging
from runtime.shutdown import run_process
from settings import Settings
from storage import api_keys
from storage.database import Database

app = typer.Typer(help="API keys: create, list, revoke.", no_args_is_help=True)

KEYED = [role for role in Role if role not in (Role.CITIZEN, Role.ENGINE)]
VOUCHING = frozenset({Role.CHANNEL, Role.HOTLINE})
"""Who may open a complaint, and so hear whether it is a repeat."""


@app.command()
def create(
    role: Annotated[Role, typer.Option(help=", ".join(KEYED))],
    unit: Annotated[str | None, typer.Option(help="The unit's code, for a unit's key.")] = None,
    name: Annotated[str | None, typer.Option(help="Whose key it is, for your eyes.")] = None,
    pack: Annotated[list[str] | None, typer.Option(help="A rule pack it may name.")] = None,
    vouches: Annotated[
        bool,
        typer.Option(
            "--vouches",
            help="It makes sure who its persons are: a repeat is told how their complaint stands.",
        ),
    ] = False,
) -> None:
    """Make a key and print its secret, once."""
    if role not in KEYED:
        raise typer.BadParameter(f"{role} acts without a key", param_hint="--role")
    if (role is Role.UNIT) != (unit is not None):
        raise typer.BadParameter("goes with --role unit, and only with it", param_hint="--unit")
    if vouches and role not in VOUCHING:
        raise typer.BadParameter("goes with --role channel or hotline", param_hint="--vouches")
    _insist_they_exist(unit, pack or [])
    granted = {"unit": unit, "name": name, "packs": frozenset(pack or ()), "vouches": vouches}
    _run(lambda database: make(database, role, **granted))


@app.command("list")
def list_() -> None:
    """All keys, without their secrets."""
    _run(show)


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """End a key at once."""
    _run(lambda database: end(database, key_id))


def _insist_they_exist(unit: str | None, packs: list[str]) -> None:
    """A key for a misspelt unit or pack would be refused everywhere, and nobody would know why."""
    from packs.loader import load_pack

    try:
        named = [load_pack(name) for name in packs]
        usual = load_pack(Settings.load().pack)
    except UnknownPack as unknown:
        raise typer.BadParameter(str(unknown), param_hint="--pack") from None
    if unit is not None and not any(unit in each.units for each in (*named, usual)):
        known = " or ".join(sorted({each.id for each in (*named, usual)}))
        raise typer.BadParameter(f"{known} has no unit {unit!r}", param_hint="--unit")


async def make(database: Database, role: Role, **granted: Any) -> int:
    async with database.transaction() as session:
        key, secret = await api_keys.create(session, role, **granted)
    print(f"id      {key.id}\nsecret  {secret}\nThe secret is not stored: keep it now.")
    return 0


async def show(database: Database) -> int:
    async with database.transaction() as session:
        for key in await api_keys.every(session):
            print(_line(key))
    return 0


async def end(database: Database, key_id: str) -> int:
    async with database.transaction() as session:
        revoked = await api_keys.revoke(session, key_id)
    print(f"{key_id} revoked" if revoked else f"no key {key_id} is in force")
    return 0 if revoked else 1


def _line(key: api_keys.ApiKey) -> str:
    packs = ",".join(sorted(key.packs)) or "-"
    standing = "revoked" if key.revoked else "vouches" if key.vouches else "in force"
    return f"{key.id:<24} {key.unit or '-':<16} {packs:<16} {standing:<9} {key.name or ''}".rstrip()


def _run(work: Callable[[Database], Coroutine[Any, Any, int]]) -> None:
    settings = Settings.load()
    set_up_logging(settings)

    async def with_database() -> int:
        database = Database(database_url(settings), "keys")
        try:
            return await work(database)
        finally:
            await database.close()

    run_process(with_database())

"""`hotline rebuild`: the projection made anew from histories, or from events past retention."""

from typing import Annotated

import typer
from temporalio.client import Client

from cli.rebuild_histories import HistoryUnreadable, acknowledged, numbers
from runtime.client import connect
from runtime.database import database_url
from runtime.logs import set_up_logging
from runtime.master_key import MasterKeys
from runtime.shutdown import run_process
from settings import Settings
from storage.database import Database
from storage.rebuild import Finding
from storage.rebuild import rebuild as rebuild_one
from storage.verify import known_numbers


def rebuild(
    check: Annotated[
        bool, typer.Option("--check", help="Report differences and change nothing.")
    ] = False,
) -> None:
    """Rebuild complaints and orders from Temporal's histories; exit 1 where a difference stays."""
    settings = Settings.load()
    set_up_logging(settings)
    run_process(run(settings, check))


async def run(settings: Settings, check: bool) -> int:
    client = await connect(settings, MasterKeys.load(settings), role="rebuild")
    database = Database(database_url(settings), "rebuild")
    try:
        findings = [
            await _rebuild_one(client, database, number, check)
            for number in await _all_numbers(client, database)
        ]
    finally:
        await database.close()
    print(_summary(findings))
    stays = [one for one in findings if one.differences and (check or one.beyond_repair)]
    return 1 if stays else 0


async def _all_numbers(client: Client, database: Database) -> list[str]:
    known = {number async for number in numbers(client)}
    async with database.transaction() as session:
        known.update(await known_numbers(session))
    return sorted(known)


async def _rebuild_one(client: Client, database: Database, number: str, check: bool) -> Finding:
    try:
        history = await acknowledged(client, number)
    except HistoryUnreadable:
        unreadable = ("its history cannot be decoded: a master key is missing",)
        finding = Finding(number, True, 0, None, unreadable, beyond_repair=True)
    else:
        async with database.transaction(longest_seconds=None) as session:
            finding = await rebuild_one(session, number, history, check)
    for difference in finding.differences:
        print(f"{number}: {difference}")
    return finding


def _summary(findings: list[Finding]) -> str:
    different = sum(1 for one in findings if one.differences)
    from_histories = sum(one.from_history for one in findings)
    return (
        f"{len(findings)} complaints: {from_histories} from histories, "
        f"{len(findings) - from_histories} from verified events, {different} differed"
    )

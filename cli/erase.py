"""`hotline erase NUMBER`: forgets the person of one complaint, everywhere and for good."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.acts import Actor, Withdraw
from domain.outcome import ActOutcome
from domain.vocabulary import Role, Stage
from runtime.client import connect
from runtime.database import database_url
from runtime.logs import set_up_logging
from runtime.master_key import MasterKeys
from runtime.shutdown import run_process
from sealing.errors import NoDataKey
from sealing.keys import SealingKeys
from sealing.vault import Vault
from settings import Settings
from storage import complaints, journal
from storage.database import Database, DatabaseDown
from storage.errors import StillSeen

LONGEST_WAIT_SECONDS = 30


class NotErased(Exception):
    """Nothing was destroyed; the message says why."""


def erase(number: Annotated[str, typer.Argument(help="The complaint's number.")]) -> None:
    """Withdraw an open complaint, then destroy its data key: nobody can read the person again.

    The data keys of its repeats go with it.
    """
    settings = Settings.load()
    set_up_logging(settings)
    run_process(run(settings, number))


async def run(settings: Settings, number: str) -> int:
    keys = MasterKeys.load(settings)
    database = Database(database_url(settings), "erase")
    try:
        client = await connect(settings, keys, role="erase", lazy=True)
        await erase_person(client, database, Vault(SealingKeys.derived(keys)), number)
    except NotErased as refused:
        print(f"nothing was erased: {refused}")
        return 1
    except NoDataKey:
        print(f"nothing was erased: there is no complaint {number}")
        return 1
    except DatabaseDown as outage:
        print(f"the database did not answer ({outage}): run this again until it reports success")
        return 1
    except StillSeen:
        print("erased, but an open transaction keeps the old row in PostgreSQL's files: run again")
        return 1
    finally:
        await database.close()
    print(
        f"{number}: the person is erased. File, rates and replay stay. A wrapped key may stay\n"
        "in PostgreSQL's write-ahead log and in backups; it opens only with the master key."
    )
    return 0


async def erase_person(client: Client, database: Database, vault: Vault, number: str) -> None:
    """Raises `NoDataKey` or `NotErased`; safe to repeat."""
    await _insist_on_a_complaint(database, number)
    await _repeats(database, number)
    if await _may_be_open(database, number):
        await _withdraw(client, number)
    # Looked up again: what came before the withdrawal belongs to the complaint.
    await vault.erase(database, number, *await _repeats(database, number))


async def _insist_on_a_complaint(database: Database, number: str) -> None:
    """Raises `NotErased` for a repeat: its key alone would leave the person in the complaint."""
    async with database.transaction() as session:
        entry = await journal.submission(session, number)
    if entry and entry.attach_to and entry.status != journal.CREATED:
        raise NotErased(
            f"it repeats complaint {entry.attach_to}; erase that, and this goes with it"
        )


async def _repeats(database: Database, number: str) -> list[str]:
    """The numbers of what was attached to the complaint. Raises `NotErased` while one waits."""
    async with database.transaction() as session:
        rows = await journal.repeats_of(session, number)
    if any(row.state == journal.PENDING for row in rows):
        raise NotErased("a repeat of it has not come to the engine yet; try again later")
    return [row.number for row in rows]


async def _may_be_open(database: Database, number: str) -> bool:
    """A complaint is open until the ledger says it is closed; one that waits to start, too."""
    async with database.transaction() as session:
        read = await complaints.get(session, number)
        submission = await journal.submission(session, number)
    if read is not None:
        return read.state.stage is not Stage.CLOSED
    if submission is None:
        raise NoDataKey(number)
    if submission.state == journal.PENDING:
        raise NotErased("the complaint has not started yet; try again when the engine is up")
    return True


async def _withdraw(client: Client, number: str) -> None:
    act = Withdraw(
        id=f"erase-{number}",
        received_at=datetime.now(UTC),
        actor=Actor(role=Role.HOTLINE, key="erase"),
    )
    handle = client.get_workflow_handle(f"complaint-{number}")
    try:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            outcome = await handle.execute_update(
                "withdraw", act, id=act.id, result_type=ActOutcome
            )
    except RPCError as failed:
        if failed.status is RPCStatusCode.NOT_FOUND:
            return  # the run has ended: there is nothing left to withdraw
        raise NotErased(
            "the engine does not answer; an open complaint is withdrawn first"
        ) from None
    except TimeoutError:
        raise NotErased("no worker took the withdrawal in time; try again") from None
    if outcome.refusal is not None and outcome.state.stage is not Stage.CLOSED:
        raise NotErased(f"the withdrawal was refused: {outcome.refusal.rule}")

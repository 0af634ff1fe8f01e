"""`hotline keys`, `verify`, `rebuild` and `erase`, as an operator runs them."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from typer.testing import CliRunner

from activities.ledger import Ledger
from activities.notices import Notices
from activities.rulings import Rulings
from activities.words import Words
from cli import keys
from cli.erase import run as run_erase
from cli.rebuild import run as run_rebuild
from cli.rebuild_histories import acknowledged
from cli.verify import run as run_verify
from domain.vocabulary import Outcome, Role, Stage
from runtime.embedded.postgres import EmbeddedPostgres
from runtime.master_key import MasterKeys
from sealing.errors import PersonErased
from sealing.keys import SealingKeys
from sealing.vault import Vault
from settings import Settings
from storage import api_keys, ledger
from storage.database import Database
from storage.migrate import upgrade
from tests.storage.files import batch, file_of
from tests.storage.town import PHONE, QUEUE, WORDS, Town
from workflows.complaint import ComplaintWorkflow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def url(postgres: EmbeddedPostgres, number: str) -> str:
    """A database of this test's own: a broken file must not break another test's."""
    postgres.ensure_database(f"commands{number}")
    url = postgres.url(f"commands{number}")
    upgrade(url)
    return url


@pytest.fixture
async def own(url: str) -> AsyncIterator[Database]:
    database = Database(url, "tests")
    yield database
    await database.close()


@pytest.fixture
def settings(
    url: str,
    environment: WorkflowEnvironment,
    master_keys: MasterKeys,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """What the commands find in their environment."""
    target = environment.client.service_client.config.target_host
    monkeypatch.setenv("TEMPORAL_ADDRESS", target)
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path))
    monkeypatch.setenv("HOTLINE_DATABASE_URL", url)
    monkeypatch.setenv("HOTLINE_MASTER_KEY", master_keys.text())
    return Settings.load()


def hotline(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A whole process, as `make` and operators start it."""
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=50
    )


@pytest.mark.usefixtures("settings")
async def test_keys_are_made_listed_and_revoked(
    own: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    made = hotline("keys", "create", "--role", "unit", "--unit", "110105001", "--name", "desk")
    key_id, secret = (line.split()[1] for line in made.stdout.splitlines()[:2])
    async with own.transaction() as session:
        key = await api_keys.authenticate(session, secret)

    assert key is not None
    assert (key.id, key.role, key.unit) == (key_id, Role.UNIT, "110105001")
    assert await keys.show(own) == 0
    listed = capsys.readouterr().out
    assert key_id in listed
    assert secret not in listed
    assert [await keys.end(own, key_id), await keys.end(own, key_id)] == [0, 1]
    async with own.transaction() as session:
        assert await api_keys.authenticate(session, secret) is None


@pytest.mark.usefixtures("settings")
async def test_a_key_may_vouch_for_the_persons_it_names(
    own: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await keys.make(own, Role.CHANNEL, vouches=True) == 0
    key_id, secret = (line.split()[1] for line in capsys.readouterr().out.splitlines()[:2])

    async with own.transaction() as session:
        key = await api_keys.authenticate(session, secret)
    assert key is not None
    assert key.vouches
    await keys.show(own)
    line = next(one for one in capsys.readouterr().out.splitlines() if one.startswith(key_id))
    assert "vouches" in line


@pytest.mark.parametrize(
    ("wrong", "field", "rule"),
    [
        (["--role", "unit"], "--unit", "goes with --role unit"),
        (["--role", "hotline", "--unit", "1"], "--unit", "goes with --role unit"),
        (["--role", "citizen"], "--role", "acts without a key"),
        (["--role", "auditor", "--vouches"], "--vouches", "goes with --role"),
        (["--role", "hotline", "--pack", "cn-bejing"], "--pack", "no rule pack 'cn-bejing'"),
        (["--role", "hotline", "--pack", "base-demo"], "--pack", "only there to be extended"),
        (["--role", "unit", "--unit", "99"], "--unit", "cn-beijing has no unit '99'"),
        (["--role", "unit", "--unit", "bost", "--pack", "us-boston-2015"], "--unit", "'bost'"),
    ],
)
def test_a_key_that_could_not_act_is_not_made(wrong: list[str], field: str, rule: str) -> None:
    refused = CliRunner().invoke(keys.app, ["create", *wrong], env={"COLUMNS": "200"})
    assert refused.exit_code == 2
    assert field in refused.output
    assert rule in refused.output


async def test_verify_ends_at_the_first_break_with_number_and_sequence(
    settings: Settings, own: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    async with own.transaction() as session:
        for number in ("1", "2", "3"):
            await ledger.append(session, batch(number, *file_of(number, 3)))
    assert await run_verify(settings) == 0
    whole = capsys.readouterr().out
    async with own.transaction() as session:
        await session.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        await session.execute(
            text("UPDATE events SET kind = 'frozen' WHERE number = '2' AND sequence = 2")
        )

    assert await run_verify(settings) == 1
    assert whole.splitlines() == [f"{number}: 3 events, whole" for number in "123"]
    assert capsys.readouterr().out.splitlines() == [
        "1: 3 events, whole",
        "2: broken at 2: the event was changed",
    ]


@pytest.fixture
async def town(
    environment: WorkflowEnvironment, own: Database, master_keys: MasterKeys
) -> AsyncIterator[Town]:
    sealing = SealingKeys.derived(master_keys)
    rulings = Rulings(Words(own, Vault(sealing)).open)
    notices = Notices(own, {})
    law: list[Callable[..., Any]] = [
        rulings.rules,
        rulings.classify,
        rulings.dispatch,
        rulings.units,
        rulings.clocks,
    ]
    async with AsyncExitStack() as stack:
        stack.push_async_callback(notices.close)
        await stack.enter_async_context(
            Worker(
                environment.client,
                task_queue=QUEUE,
                workflows=[ComplaintWorkflow],
                activities=[*law, Ledger(own).append, notices.deliver],
            )
        )
        yield Town(environment, own, sealing)


async def test_the_projection_is_rebuilt_from_the_histories(
    town: Town, settings: Settings, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await town.complain(number)
    before = await town.ledger_shows(number, Stage.DISPATCHED, Stage.HANDLING)
    async with town.database.transaction() as session:
        await session.execute(text("DELETE FROM complaints"))
        await session.execute(text("DELETE FROM orders"))

    async def differences(check: bool) -> tuple[int, bool]:
        code = await run_rebuild(settings, check)
        return code, f"{number}: " in capsys.readouterr().out

    assert await differences(check=True) == (1, True)
    assert (await differences(check=False))[1]
    assert not (await differences(check=True))[1]
    assert await town.ledger_shows(number, before.stage) == before


async def test_erase_withdraws_an_open_complaint_and_forgets_the_person(
    town: Town, settings: Settings, number: str, postgres: EmbeddedPostgres
) -> None:
    await town.complain(number)
    await town.ledger_shows(number, Stage.DISPATCHED, Stage.HANDLING)
    assert not _plain_in_files(postgres, WORDS, PHONE)

    assert await run_erase(settings, number) == 0

    state = await town.ledger_shows(number, Stage.CLOSED)
    assert state.outcome is Outcome.WITHDRAWN
    async with town.database.transaction() as session:
        with pytest.raises(PersonErased):
            await town.vault.fetch(session, number)
    assert await acknowledged(town.client, number)
    assert not _plain_in_files(postgres, WORDS, PHONE, f"person-{number}")
    assert await run_erase(settings, number) == 0


async def test_what_is_not_there_cannot_be_erased(
    settings: Settings, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run_erase(settings, number) == 1
    assert "nothing was erased" in capsys.readouterr().out


def _plain_in_files(postgres: EmbeddedPostgres, *needles: str) -> bool:
    """In PostgreSQL's tables and indexes, after memory was written out."""
    url = postgres.url("postgres").replace("+psycopg", "").replace("hotline@", "postgres@")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return any(
        needle.encode() in file.read_bytes()
        for file in (postgres.folder / "data" / "base").rglob("*")
        if file.is_file()
        for needle in needles
    )

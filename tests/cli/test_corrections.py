"""The labels that staff left, and the words they were decided on, as training finds them."""

import secrets
from datetime import UTC, datetime, timedelta

from cli.corrections import read_corrections
from domain.acts import Actor
from domain.event import EventKind
from domain.number import DRAWS, complaint_number
from domain.submission import Submission
from domain.vocabulary import Demand, Role
from packs.learned.shipped import CHINESE, named_model
from runtime.master_key import MasterKeys
from sealing.data_key import DataKey
from sealing.fields import seal_fields
from sealing.keys import SealingKeys
from sealing.vault import Vault
from storage import journal, ledger
from storage.database import Database
from tests.storage.files import ENGINE, batch, event

NOW = datetime(2026, 9, 24, 8, 30, tzinfo=UTC)
CLERK = ENGINE.model_copy(update={"role": Role.HOTLINE, "key": "desk", "person": "8001"})


async def decided(database: Database, vault: Vault, title: str, *categories: str) -> str:
    """A complaint with sealed words, and what a clerk decided on it, one after the other."""
    number = complaint_number(secrets.randbelow(DRAWS))
    data_key = DataKey.generate(number)
    fields = {
        "number": number,
        "pack": "cn-beijing",
        "channel": "web",
        "demand": Demand.COMPLAINT,
        "received_at": NOW,
        "actor": Actor(role=Role.CHANNEL, key="k").model_dump(),
        "matter": {"title": title, "text": "请尽快处理"},
        "person": {"kind": "person"},
    }
    submission = Submission.model_validate(seal_fields(Submission, fields, data_key))
    entry = journal.Entry(
        number=number,
        act_id=number,
        kind=journal.SUBMISSION,
        key_id="k",
        idempotency_key=number,
        body_hash="",
        body=submission.model_dump(mode="json"),
        received_at=NOW,
    )
    events = [
        event(number, at, EventKind.CLASSIFIED, actor=CLERK, body={"category": category})
        for at, category in enumerate(categories, start=1)
    ]
    async with database.transaction() as session:
        await vault.keep(session, data_key)
        await journal.enter(session, entry, timedelta())
        await ledger.append(session, batch(number, *events))
    return number


async def test_the_last_decision_counts_and_erased_words_are_skipped(database: Database) -> None:
    vault = Vault(SealingKeys.derived(MasterKeys.generate()))
    await decided(database, vault, "路灯不亮", "environment.noise", "transport.road.parking")
    await decided(database, vault, "村务公开", "rural.village.affairs")
    erased = await decided(database, vault, "忘记我", "labour.pay.arrears")
    await vault.erase(database, erased)

    found = await read_corrections(database, vault, named_model(CHINESE))

    pairs = zip(found.labelled.texts, found.labelled.labels, strict=True)
    labels = {texts[0]: label for texts, label in pairs}
    assert labels["路灯不亮"] == "交通运输"
    assert labels["村务公开"] == "rural"
    assert "忘记我" not in labels
    assert found.closed >= 1

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.notices import Notices, read_destinations
from activities.webhooks import signature
from domain.batch import Delivery, DeliveryReport, LedgerBatch, NoticeBatch
from domain.notice import Notice
from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from sealing.tokens import Opening, read_evaluation_token
from storage import ledger, notices
from storage.database import Database
from tests.activities.receiver import SECRET, Receiver, receiver
from tests.storage.files import START, at

UNIT = "subdistrict-1"


@pytest.fixture
def unit() -> Iterator[Receiver]:
    with receiver() as receiving:
        yield receiving


@pytest.fixture
async def gone() -> AsyncIterator[Database]:
    """A database that nobody serves."""
    database = Database("postgresql+psycopg://hotline@/hotline?host=/nowhere", "tests")
    yield database
    await database.close()


@asynccontextmanager
async def told(database: Database, unit: Receiver) -> AsyncIterator[Notices]:
    activity = Notices(database, {UNIT: unit.destination})
    yield activity
    await activity.close()


def notice(number: str, name: str = "n1", **fields: object) -> Notice:
    given = {"id": f"{number}-{name}", "destination": UNIT, "number": number, "kind": "dispatched"}
    return Notice.model_validate(given | {"made_at": START, "due_at": at(24)} | fields)


async def deliver(activity: Notices, *batch: Notice, local: bool = False) -> DeliveryReport:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, is_local=local)
    report = await environment.run(
        activity.deliver, NoticeBatch(destination=batch[0].destination, notices=batch)
    )
    assert isinstance(report, DeliveryReport)
    return report


async def states(database: Database, number: str) -> dict[str, str]:
    async with database.transaction() as session:
        return {row.id.split("-")[1]: row.state for row in await notices.of(session, number)}


async def test_a_destination_is_told_once_in_order_and_signed(
    database: Database, number: str, unit: Receiver
) -> None:
    batch = [notice(number, f"n{place}") for place in range(3)]

    async with told(database, unit) as activity:
        report = await deliver(activity, *batch)

    assert unit.ids == [one.id for one in batch] == [one.notice for one in report.deliveries]
    headers, body = unit.calls[0]
    stamp = headers["hotline-timestamp"]
    assert headers["hotline-signature"] == signature(SECRET, stamp, body)
    assert abs(datetime.fromtimestamp(int(stamp), UTC) - datetime.now(UTC)).total_seconds() < 60
    assert await states(database, number) == dict.fromkeys(("n0", "n1", "n2"), "delivered")
    assert report.recorded


async def test_a_notice_carries_number_kind_due_and_link(
    database: Database, number: str, unit: Receiver
) -> None:
    async with told(database, unit) as activity:
        await deliver(activity, notice(number))

    message = json.loads(unit.calls[0][1])
    assert (message["number"], message["kind"]) == (number, "dispatched")
    assert message["due_at"] == "2026-09-25T08:30:00Z"
    assert message["link"] == f"/v1/complaints/{number}"


async def test_the_citizens_link_opens_one_evaluation(
    database: Database, number: str, unit: Receiver
) -> None:
    keys = SealingKeys.derived(MasterKeys.generate())
    activity = Notices(database, {"citizen": unit.destination}, keys)

    asked = notice(number, destination=f"citizen:{number}", kind="evaluation", opening=2)
    await deliver(activity, asked)
    await activity.close()

    link = json.loads(unit.calls[0][1])["link"]
    assert read_evaluation_token(keys, link.partition("#")[2]) == Opening(number, 2)


@pytest.mark.parametrize("answer", [302, 404, 410, 500, 503])
async def test_only_2xx_is_delivered(
    database: Database, number: str, unit: Receiver, answer: int
) -> None:
    unit.answers = [answer]

    async with told(database, unit) as activity:
        with pytest.raises(ApplicationError) as failed:
            await deliver(activity, notice(number))

    assert not failed.value.non_retryable
    assert "hidden" not in str(failed.value)
    assert len(unit.calls) == 1


@pytest.mark.parametrize("same_process", [True, False])
async def test_what_was_delivered_before_a_failure_is_not_sent_again(
    database: Database, number: str, unit: Receiver, same_process: bool
) -> None:
    batch = [notice(number, f"n{place}") for place in range(3)]
    unit.answers = [204, 500]

    async with told(database, unit) as first, told(database, unit) as another:
        with pytest.raises(ApplicationError):
            await deliver(first, *batch, local=True)
        report = await deliver(first if same_process else another, *batch)

    assert [one.removeprefix(f"{number}-") for one in unit.ids] == ["n0", "n1", "n1", "n2"]
    assert len(report.deliveries) == 3


async def test_no_notice_waits_for_the_database(
    gone: Database, number: str, unit: Receiver
) -> None:
    batch = [notice(number, f"n{place}") for place in range(3)]
    unit.answers = [204, 500]

    async with told(gone, unit) as activity:
        with pytest.raises(ApplicationError):
            await deliver(activity, *batch)
        report = await deliver(activity, *batch)

    assert len(unit.ids) == 4
    assert not report.recorded
    assert [one.notice for one in report.deliveries] == [one.id for one in batch]


async def test_a_delivery_that_the_ledger_lane_reports_is_recorded(
    database: Database, number: str
) -> None:
    made = tuple(notice(number, name) for name in ("a", "b", "c"))
    fates = (
        Delivery(notice=made[0].id, delivered_at=at(1)),
        Delivery(notice=made[1].id, undeliverable_at=at(99), reason="patience"),
        Delivery(notice=made[0].id, undeliverable_at=at(99)),
    )
    async with database.transaction() as session:
        await ledger.append(session, LedgerBatch(number=number, notices=made, deliveries=fates))

    assert await states(database, number) == {
        "a": "delivered",
        "b": "undeliverable",
        "c": "pending",
    }


async def test_a_notice_that_is_delivered_before_the_ledger_knows_it_stays_delivered(
    database: Database, number: str, unit: Receiver
) -> None:
    async with told(database, unit) as activity:
        await deliver(activity, notice(number))
    async with database.transaction() as session:
        await ledger.append(session, LedgerBatch(number=number, notices=(notice(number),)))

    assert await states(database, number) == {"n1": "delivered"}


async def test_a_slow_destination_is_not_told_twice_when_a_local_attempt_is_cut_off(
    database: Database, number: str, unit: Receiver
) -> None:
    unit.may_answer.clear()

    async with told(database, unit) as activity:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(deliver(activity, notice(number), local=True), 0.3)
        later = asyncio.create_task(deliver(activity, notice(number)))
        await asyncio.sleep(0.1)
        unit.may_answer.set()
        report = await later

    assert len(unit.calls) == 1
    assert len(report.deliveries) == 1


async def test_a_dead_destination_is_left_in_peace_by_local_attempts(
    database: Database, number: str, unit: Receiver
) -> None:
    unit.answers = [500] * 4

    async with told(database, unit) as activity:
        for attempt in range(6):
            with pytest.raises(ApplicationError):
                await deliver(activity, notice(number, f"n{attempt}"), local=True)
        assert len(unit.calls) == 3
        with pytest.raises(ApplicationError):
            await deliver(activity, notice(number))  # the regular lane goes on trying

    assert len(unit.calls) == 4


async def test_without_a_webhook_a_notice_is_one_line_in_the_log(
    database: Database, number: str, unit: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "activities.notices"):
        async with told(database, unit) as activity:
            report = await deliver(activity, notice(number, destination="other"))

    assert unit.calls == []
    assert len(report.deliveries) == 1
    (line,) = [record.getMessage() for record in caplog.records]
    assert number in line
    assert "other" in line


def test_destinations_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "notices.toml"
    file.write_text('["110101001"]\nurl = "https://unit.example/hook"\nsecret = "s"\n')

    destinations = read_destinations(file)

    assert str(destinations["110101001"].url) == "https://unit.example/hook"
    assert "s" not in str(destinations["110101001"].secret)

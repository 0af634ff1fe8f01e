"""When something is down: nothing is lost, nothing is out of order, nothing is taken twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from api.relay import deliver_what_waits
from settings import Settings
from storage import events
from tests.api.conftest import town_of
from tests.api.town import Town, complaint


@pytest.fixture
async def without_database(settings: Settings, cut_off: Town) -> AsyncIterator[Town]:
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    broken = settings.model_copy(update={"database_url": url})
    async with town_of(broken, cut_off.shared.gateway) as town:
        town.secrets = cut_off.secrets
        yield town


async def due_now(town: Town, number: str) -> None:
    """The relay leaves a new entry to its own request for a while; not in this test."""
    async with town.shared.database.transaction() as session:
        await session.execute(
            text("UPDATE journal SET next_attempt_at = received_at WHERE number = :number"),
            {"number": number},
        )


async def applied(town: Town, number: str) -> list[str]:
    async with town.shared.database.transaction() as session:
        lines = await events.of(session, number)
    return [line.event.kind.value for line in lines if line.event.actor.role != "engine"]


async def deliver(town: Town, number: str) -> None:
    """Whichever relay comes first, until nothing of this complaint waits."""
    for _ in range(100):
        await deliver_what_waits(town.shared)
        async with town.shared.database.transaction() as session:
            waiting = await session.scalar(
                text("SELECT count(*) FROM journal WHERE number = :number AND state = 'pending'"),
                {"number": number},
            )
        if not waiting:
            return
        await due_now(town, number)
        await asyncio.sleep(0.05)
    raise AssertionError("never delivered")


async def test_what_the_engine_missed_is_brought_in_order(town: Town, cut_off: Town) -> None:
    receipt = (await cut_off.post("complaints", "channel", complaint(), key="outage")).json()
    number, path = receipt["number"], f"complaints/{receipt['number']}"
    for nth in range(3):
        response = await cut_off.post(f"{path}/facts", "hotline", {"text": f"补充{nth}"})
        assert response.status_code == 202
    await cut_off.post(f"{path}/withdrawal", receipt["receipt_token"], key="gone")
    await due_now(town, number)

    await deliver(town, number)

    await town.until(number, "closed")
    assert await applied(town, number) == ["registered", *["facts_added"] * 3, "withdrawn"]


async def test_received_at_is_when_it_came_and_not_when_it_was_brought(
    town: Town, cut_off: Town
) -> None:
    receipt = (await cut_off.post("complaints", "channel", complaint())).json()
    path = f"complaints/{receipt['number']}"
    came = (await cut_off.get(path, "hotline")).json()["received_at"]
    await due_now(town, receipt["number"])

    await deliver(town, receipt["number"])

    read = await town.until(receipt["number"], "dispatched")
    assert read["received_at"] == came


async def test_a_repeat_after_the_outage_hears_the_answer(town: Town, cut_off: Town) -> None:
    receipt = (await cut_off.post("complaints", "channel", complaint(), key="late")).json()
    path = f"complaints/{receipt['number']}/withdrawal"
    token = receipt["receipt_token"]
    first = await cut_off.post(path, token, key="late-gone")
    await due_now(town, receipt["number"])

    await deliver(town, receipt["number"])

    opened = await town.client.post(
        "/v1/complaints",
        json=complaint(),
        headers={
            "Authorization": f"Bearer {cut_off.secrets['channel']}",
            "Idempotency-Key": "late",
        },
    )
    again = await town.post(path, token, key="late-gone")
    assert (first.status_code, again.status_code, opened.status_code) == (202, 200, 200)
    assert again.json()["stage"] == "closed"
    assert opened.json()["number"] == receipt["number"]


async def test_without_the_database_nothing_is_taken_and_503_says_so(
    without_database: Town,
) -> None:
    taken = await without_database.post("complaints", "channel", complaint())
    read = await without_database.get("complaints", "hotline")
    ready = await without_database.client.get("/readyz")

    assert (taken.status_code, read.status_code, ready.status_code) == (503, 503, 503)
    assert taken.headers["retry-after"] == "5"
    assert taken.json()["code"] == "unavailable"
    assert ready.json()["database"] is False

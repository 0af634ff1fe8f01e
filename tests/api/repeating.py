"""Repeats for tests: sent, counted, delivered again."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import text

from api.answers import Answer
from api.delivery import deliver
from domain.acts import Actor, Withdraw
from domain.vocabulary import Role
from storage import journal
from tests.api.test_relay import deliver as bring
from tests.api.test_relay import due_now
from tests.api.town import Town

ATTACHED = {"attached": True}
TESTER = Actor(role=Role.HOTLINE, key="test")


async def send(
    town: Town, body: dict[str, Any], as_: str = "channel", **more: Any
) -> httpx.Response:
    return await town.post("complaints", as_, body, **more)


async def attached(town: Town, number: str, count: int) -> dict[str, Any]:
    """The complaint once the ledger says that it has been repeated so often."""
    for _ in range(200):
        read: dict[str, Any] = (await town.get(f"complaints/{number}", "hotline")).json()
        if read["attached"] >= count:
            break
        await asyncio.sleep(0.05)
    assert read["attached"] == count
    return read


async def repeats_of(town: Town, number: str) -> list[str]:
    async with town.shared.database.transaction() as session:
        return [row.number for row in await journal.repeats_of(session, number)]


async def bring_repeats(town: Town, number: str) -> None:
    for repeat in await repeats_of(town, number):
        await due_now(town, repeat)
    for repeat in await repeats_of(town, number):
        await bring(town, repeat)


async def end(town: Town, number: str) -> None:
    """Past the journal, as a complaint ends when its time is over."""
    act = Withdraw(id=f"end-{number}", received_at=datetime.now(UTC), actor=TESTER)
    await town.shared.gateway.apply(number, "withdraw", act.id, act)


async def deliver_again(town: Town, number: str) -> Answer:
    """As a relay does where the answer to the repeat was not kept."""
    await forget_the_answer(town, number)
    async with town.shared.database.transaction() as session:
        row = await journal.submission(session, number)
    assert row is not None
    return await deliver(town.shared, row)


async def forget_the_answer(town: Town, number: str) -> None:
    async with town.shared.database.transaction() as session:
        await session.execute(
            text(
                "UPDATE journal SET state = 'pending', status = NULL, response = NULL,"
                " next_attempt_at = now() + interval '1 hour' WHERE number = :number"
            ),
            {"number": number},
        )

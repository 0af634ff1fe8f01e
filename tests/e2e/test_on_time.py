"""The law's own punctuality: `acted_at - due_at`, with the worker up and after a stop."""

import asyncio
import time

import pytest

from tests.e2e import files
from tests.e2e.town import Case, Town, bring_to

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("e2e"),
]

POPULATION = 100
SECONDS_BETWEEN = 0.8
ON_TIME_SECONDS, AFTER_A_STOP_SECONDS = 2.0, 5.0


async def test_a_hundred_complaints_are_acted_upon_within_two_seconds(town: Town) -> None:
    async with asyncio.TaskGroup() as lives:
        living = []
        for nth in range(POPULATION):
            living.append(lives.create_task(_life(town, to_the_end=nth % 4 == 0)))
            await asyncio.sleep(SECONDS_BETWEEN)
    numbers = [life.result() for life in living]

    await asyncio.to_thread(files.everything_is_told, town.system)
    lags = sorted(files.lags_of(town.system, numbers))
    assert len(lags) >= 5 * POPULATION
    assert lags[-1] <= ON_TIME_SECONDS, f"median {lags[len(lags) // 2]}, longest {lags[-1]}"


async def _life(town: Town, to_the_end: bool) -> str:
    """Nobody acts on it: reminders and red rungs fire. Most citizens then withdraw."""
    case = await town.complain()
    if to_the_end:
        await _until_overdue(case)
        await case.complete()
    else:
        await asyncio.sleep(12)  # the first rungs are due by then
        await case.act("withdrawal", case.receipt)
    return case.number


async def _until_overdue(case: Case) -> None:
    async with asyncio.timeout(60):
        while not (await case.read())["overdue"]:
            await asyncio.sleep(1)


async def test_after_a_stop_all_is_made_up_for_within_five_seconds(town: Town) -> None:
    cases = await asyncio.gather(*(bring_to(town, "dispatched") for _ in range(10)))
    began = time.monotonic()
    town.system.stop(["worker"])
    await asyncio.sleep(10)  # the length of the stop
    town.system.go_on(["worker"])
    stopped = time.monotonic() - began
    for case in cases:
        await case.until("handling")
        await case.act("withdrawal", case.receipt)

    await asyncio.to_thread(files.everything_is_told, town.system)
    numbers = [case.number for case in cases]
    assert max(files.lags_of(town.system, numbers)) <= stopped + AFTER_A_STOP_SECONDS
    files.assert_each_rung_fired_once(town.system)

"""Notices as signed webhooks: whose they are, in which order, and what a dead receiver changes."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from tests.e2e import files
from tests.e2e.inbox import Inbox
from tests.e2e.town import DISTRICT, STREET, Case, Town, bring_to

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("e2e"),
]


async def test_a_dead_destination_delays_no_other_and_then_hears_all_in_order(
    told_town: Town, inboxes: dict[str, Inbox]
) -> None:
    street, district = inboxes[STREET], inboxes[DISTRICT]
    street.dead = True
    cases = [await bring_to(told_town, "dispatched") for _ in range(4)]

    await _until(lambda: all(_heard(district, case, "order_copied") for case in cases))
    # Reminders and the red rung go to both; only one of them takes them.
    await _until(lambda: all(_heard(district, case, "order_yellow") for case in cases))
    assert not any(street.of(case.number) for case in cases)
    assert street.refused > 0

    street.dead = False
    for case in cases:
        await case.complete()
        await case.evaluate()
    await _until(lambda: all(_heard(street, case, "order_yellow") for case in cases))
    await asyncio.to_thread(files.everything_is_told, told_town.system)
    for destination in (street, district):
        assert destination.forged == 0
        for case in cases:
            told = [int(n["id"].rpartition("-")[2]) for n in destination.of(case.number)]
            assert told == sorted(set(told)), "in order, each once"


async def test_a_killed_worker_repeats_a_notice_at_most_once(
    told_town: Town, inboxes: dict[str, Inbox]
) -> None:
    system = told_town.system
    before = {name: len(one.taken) for name, one in inboxes.items()}
    posting = [asyncio.create_task(told_town.complain()) for _ in range(12)]
    await _until(lambda: len(inboxes["citizen"].taken) > before["citizen"] + 6)
    killed = system.kill("worker")
    cases = await asyncio.gather(*posting)
    await asyncio.to_thread(system.wait_until_whole, killed)
    for case in cases:
        await case.act("withdrawal", case.receipt)
    numbers = [case.number for case in cases]
    await asyncio.to_thread(files.everyone_has, system, "frozen", numbers)
    await asyncio.to_thread(files.everything_is_told, system)

    for name, one in inboxes.items():
        heard = Counter(notice["id"] for notice in one.taken[before[name] :])
        assert max(heard.values()) <= 2, name
    expected = _notices_of(told_town, cases)
    for name, one in inboxes.items():
        assert expected[name] <= {notice["id"] for notice in one.taken}, name


def _notices_of(town: Town, cases: list[Case]) -> dict[str, set[str]]:
    """The ids of what each receiver should have heard of these complaints."""
    numbers = [case.number for case in cases]
    rows = town.system.query("SELECT id, destination FROM notices WHERE number = ANY(%s)", numbers)
    found: dict[str, set[str]] = defaultdict(set)
    for id_, destination in rows:
        found[destination.partition(":")[0]].add(id_)
    return found


def _heard(one: Inbox, case: Case, kind: str) -> bool:
    return any(notice["kind"] == kind for notice in one.of(case.number))


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.1)

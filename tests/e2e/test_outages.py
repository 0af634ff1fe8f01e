"""The engine down, the database down: what is still taken, and that nothing is lost or late."""

import asyncio
import time
from collections import Counter

import httpx
import pytest

from tests.e2e import files
from tests.e2e.town import Case, Town, bring_to, complaint

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("e2e"),
]

ON_TIME_SECONDS = 2.0


async def test_twenty_identical_posts_at_once_are_one_complaint(town: Town) -> None:
    answers = await _twenty(town, "twenty-while-up")

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[201] == 1
    assert statuses.keys() <= {200, 201, 202}
    _assert_one(town, answers)


async def test_while_the_engine_is_down_all_is_taken_and_later_delivered_in_order(
    town: Town,
) -> None:
    known = await bring_to(town, "handling")
    town.system.stop(["temporal"])
    body = complaint()
    began = time.monotonic()
    first = await town.post("complaints", "channel", body, key="while-down")
    took = time.monotonic() - began
    assert first.status_code == 202
    assert took < 3, "about two seconds"
    twenty = await _twenty(town, "twenty-while-down")
    acts = [
        await town.post(f"complaints/{known.number}/facts", "hotline", {"text": f"第{n}袋"})
        for n in range(3)
    ]
    town.system.go_on(["temporal"])

    assert {answer.status_code for answer in [*twenty, *acts]} == {202}
    _assert_one(town, twenty)
    await asyncio.to_thread(files.everything_is_told, town.system)
    later = await town.surely("complaints", "channel", body, key="while-down")
    assert later.status_code == 200
    assert later.json()["receipt_token"] == first.json()["receipt_token"]
    await _told_in_order_and_with_their_own_time(town, known)
    assert (await town.read(first.json()["number"]))["unit"] is not None, "it went its way"


async def test_while_the_database_is_down_nothing_is_taken_and_nothing_is_late(
    town: Town,
) -> None:
    cases = await asyncio.gather(*(bring_to(town, "handling") for _ in range(12)))
    with town.system.without_database():
        refused = await town.post("complaints", "channel", complaint())
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        await asyncio.sleep(14)  # the length of the outage: most windows run out in it
    numbers = [case.number for case in cases]
    await asyncio.to_thread(files.everyone_has, town.system, "expired", numbers)
    for case in cases:
        taken_again = await case.complete()
        assert taken_again.status_code == 200, taken_again.text

    await asyncio.to_thread(files.everyone_has, town.system, "completed", numbers)
    await asyncio.to_thread(files.everything_is_told, town.system)
    fired = files.lags_of(town.system, numbers)
    assert len(fired) >= 5 * len(cases)
    assert max(fired) <= ON_TIME_SECONDS
    files.assert_sequences_have_no_gap(town.system)
    files.assert_each_rung_fired_once(town.system)
    files.assert_notices_went_in_order(town.system, numbers)
    files.assert_the_files_are_whole(town.system)


async def _twenty(town: Town, key: str) -> list[httpx.Response]:
    body = complaint()
    return await asyncio.gather(
        *(town.post("complaints", "channel", body, key=key) for _ in range(20))
    )


def _assert_one(town: Town, answers: list[httpx.Response]) -> None:
    (number,) = {answer.json()["number"] for answer in answers}
    assert len({answer.json()["receipt_token"] for answer in answers}) == 1
    entries = town.system.query(
        "SELECT count(*) FROM journal WHERE number = %s AND kind = 'submission'", number
    )
    assert entries == [(1,)]


async def _told_in_order_and_with_their_own_time(town: Town, case: Case) -> None:
    file = town.system.query(
        "SELECT received_at FROM events WHERE number = %s AND kind = 'facts_added'"
        " ORDER BY sequence",
        case.number,
    )
    journal = town.system.query(
        "SELECT received_at FROM journal WHERE number = %s AND kind = 'add_facts' ORDER BY id",
        case.number,
    )
    assert file == journal
    assert len(file) == 3

"""`kill -9` of each process and of all, with complaints standing in every open stage.

One population lives through all the kills. Afterwards each rung exists once, no file has a gap,
whatever was answered 202 was delivered, and every complaint has gone on to its end.
"""

import asyncio
from collections.abc import Awaitable, Iterable

import httpx
import pytest

from tests.e2e import files
from tests.e2e.finish import finish
from tests.e2e.system import CHILDREN, System
from tests.e2e.town import Case, Town, bring_to, complaint

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(420),
    pytest.mark.xdist_group("e2e"),
]

# The longest on their way come first: what is dispatched stays so for a few seconds only.
STAGES = ("triage", "deferred", "closed", "evaluating", "objected", "handling", "dispatched")
EVERYTHING = ("supervisor", *CHILDREN)


async def test_every_complaint_outlives_kill_9_of_each_and_of_all(
    system: System, town: Town
) -> None:
    cases: list[Case] = []
    for victims in (*((name,) for name in CHILDREN), EVERYTHING):
        cases += await _killed_in_every_stage(town, victims)

    await finish(town, cases)

    await asyncio.to_thread(files.everything_is_told, system)
    assert {case.number for case in cases} <= files.frozen(system)
    files.assert_each_rung_fired_once(system)
    files.assert_every_expiry_has_its_rungs(system)
    files.assert_sequences_have_no_gap(system)
    files.assert_the_files_are_whole(system)
    assert town.answered[202] > 0
    assert town.answered[500] == 0


async def _killed_in_every_stage(town: Town, victims: tuple[str, ...]) -> list[Case]:
    """Complaints in all stages, the kill, and an act on each that is sent while it lasts."""
    slow = await asyncio.gather(*(bring_to(town, stage) for stage in STAGES[:-1]))
    cases = [*slow, await bring_to(town, STAGES[-1])]
    system = town.system
    system.stop(["worker"])  # now nobody moves, and who comes in stays registered
    stages = [(await case.read())["stage"] for case in cases]
    assert stages == list(STAGES)
    newcomer = await town.post("complaints", "channel", complaint())
    assert newcomer.status_code == 202
    assert newcomer.json()["stage"] == "registered"

    if victims == EVERYTHING:
        system.kill_all()
        acts = _tell_everyone(town, cases)
        await asyncio.to_thread(system.start)
        before = {}
    else:
        before = system.kill(*victims)
        acts = _tell_everyone(town, cases)
        if "worker" not in victims:
            system.go_on(["worker"])
    await asyncio.to_thread(system.wait_until_whole, before)
    told = await acts
    for stage, answer in zip(stages, told, strict=True):
        # By the time that everything is back, silence may have closed what was answered.
        may_be_closed = stage in ("evaluating", "closed")
        assert answer.status_code in ((200, 409, 410) if may_be_closed else (200,)), answer.text
    return [*cases, Case(town, newcomer.json()["number"], newcomer.json()["receipt_token"])]


def _tell_everyone(town: Town, cases: Iterable[Case]) -> Awaitable[list[httpx.Response]]:
    return asyncio.gather(*(case.act("facts", text="又堆了一袋") for case in cases))

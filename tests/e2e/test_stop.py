"""A stop by signal with complaints under way: clean, quiet, and only a pause for them."""

import asyncio
import signal
import time

import psutil
import pytest

from tests.e2e import files
from tests.e2e.finish import finish
from tests.e2e.system import PATIENCE_SECONDS
from tests.e2e.town import Town, bring_to

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("e2e"),
]

AFTER_A_STOP_SECONDS = 5.0


async def test_a_stop_is_clean_and_complaints_go_on_after_it(town: Town) -> None:
    system = town.system
    cases = await asyncio.gather(
        *(bring_to(town, stage) for stage in ("triage", "dispatched", "evaluating") * 2)
    )
    second = system.spawn()
    assert await asyncio.to_thread(second.wait, 30) == 1, "a second start ends by itself"
    assert "already running" in system.said.read_text()

    began = time.monotonic()
    pids, process = system.pids(), system.supervisor
    assert process is not None
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, PATIENCE_SECONDS) == 0
    assert system.said.read_text().endswith("stopping\nstopped\n")
    assert not any(map(psutil.pid_exists, pids.values()))
    assert not _left_over(str(system.folder))

    await asyncio.to_thread(system.start)
    await asyncio.to_thread(system.wait_until_whole)
    stopped = time.monotonic() - began
    await finish(town, cases)
    await asyncio.to_thread(files.everything_is_told, system)
    numbers = [case.number for case in cases]
    assert max(files.lags_of(system, numbers)) <= stopped + AFTER_A_STOP_SECONDS
    files.assert_each_rung_fired_once(system)


def _left_over(folder: str) -> list[str]:
    """Processes that work on this data folder, by their command line."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if any(folder in word for word in words):
            found.append(" ".join(words))
    return found

"""A process ends with the code of its work, at the first signal, without hanging."""

import signal
import subprocess
import sys

import pytest

PROCESS = """
import asyncio, sys
from runtime.shutdown import run_process

async def fine(): return None
async def code(): return 3
async def broken(): raise ValueError("personal words")
async def waiting():
    try:
        print("ready", flush=True)
        await asyncio.Event().wait()
    finally:
        print("drained", flush=True)
async def stubborn():
    print("ready", flush=True)
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            print("no", flush=True)

run_process(globals()[sys.argv[1]]())
"""


def _start(work: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS, work],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("work", "code"), [("fine", 0), ("code", 3), ("broken", 1)])
def test_the_code_is_that_of_the_work(work: str, code: int) -> None:
    with _start(work) as process:
        process.communicate(timeout=10)

    assert process.returncode == code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_lets_it_drain(number: signal.Signals) -> None:
    with _start("waiting") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        said, errors = process.communicate(timeout=10)

    assert (said, errors, process.returncode) == ("drained\n", "", 0)


def test_the_second_signal_gives_up_on_what_does_not_drain() -> None:
    with _start("stubborn") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "no\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)

    assert process.returncode == 1

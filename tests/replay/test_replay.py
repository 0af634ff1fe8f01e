"""Every history that a release has left behind still replays: no deployment breaks an open case."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "histories"
CHECKOUT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_recorded_histories_replay_under_any_hash_seed(hash_seed: str) -> None:
    """In a process of its own: the seed, by which sets of words iterate, is set at its start."""
    replayed = subprocess.run(
        [sys.executable, "-m", "tests.replay.replay", str(FOLDER)],
        check=False,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    recorded = len(list(FOLDER.rglob("*.json")))
    assert recorded >= 10
    assert f"{recorded} histories replay" in replayed.stdout

"""The demonstration, as `make demo` plays it where there is no terminal: it ends by itself."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.xdist_group("e2e")]


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hotline-e2e-"))
    yield folder
    shutil.rmtree(folder)


def test_it_plays_and_ends_in_a_table(data: Path) -> None:
    played = subprocess.run(
        [sys.executable, "-m", "cli.main", "demo", "--messages", "5"],
        env={**os.environ, "HOTLINE_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert played.returncode == 0, played.stdout + played.stderr
    assert "5 of 5 received" in played.stdout
    for word in ("outcome", "in time", "rungs fired", "lag", "response", "resolution", "UI, open"):
        assert word in played.stdout
    assert list((data / "demo" / "run").iterdir()) == [], "nothing is left running"

"""Whole systems under test, each on a data folder of its own."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.system import System
from tests.e2e.town import Town

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder to be made; after a failure it stays.

    Not `tmp_path`: any other pytest that starts closes that to all other users, and the embedded
    PostgreSQL of root runs as one of them.
    """
    folder = Path(tempfile.mkdtemp(prefix="hotline-e2e-"))
    yield folder / "var"
    if not request.node.stash.get(FAILED, False):
        shutil.rmtree(folder)


@pytest.fixture
def system(folder: Path) -> Iterator[System]:
    system = System(folder)
    system.start()
    yield system
    system.end()


@pytest.fixture
async def town(anyio_backend: str, system: System) -> AsyncIterator[Town]:
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
    async with httpx.AsyncClient(base_url=system.api, timeout=30, limits=limits) as client:
        town = Town(system, client)
        await town.settle()
        yield town

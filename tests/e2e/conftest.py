"""Two whole systems for all tests here: one as it comes, one whose notices go to HTTP receivers."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.inbox import SECRET, Inbox, inbox
from tests.e2e.system import System
from tests.e2e.town import DISTRICT, STREET, Town


@contextmanager
def _folder(session: pytest.Session) -> Iterator[Path]:
    """A data folder to be made; after a failure it stays.

    Not below pytest's own: any other pytest that starts closes that to all other users, and the
    embedded PostgreSQL of root runs as one of them.
    """
    folder = Path(tempfile.mkdtemp(prefix="hotline-e2e-"))
    yield folder / "var"
    if not session.testsfailed:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    with _folder(request.session) as folder:
        system = System(folder)
        system.start()
        yield system
        system.end()


@pytest.fixture(scope="session")
async def town(anyio_backend: str, system: System) -> AsyncIterator[Town]:
    async with _calling(system) as client:
        town = Town(system, client)
        await town.settle()
        yield town


@pytest.fixture(scope="session")
def inboxes() -> Iterator[dict[str, Inbox]]:
    """The street's, the district's, and the gateway's to all citizens."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(inbox()) for name in (STREET, DISTRICT, "citizen")}


@pytest.fixture(scope="session")
async def told_town(
    anyio_backend: str, request: pytest.FixtureRequest, inboxes: dict[str, Inbox]
) -> AsyncIterator[Town]:
    """A town whose notices go out as webhooks."""
    with _folder(request.session) as folder:
        notices = folder.with_name("notices.toml")
        notices.write_text(
            "".join(
                f'[{name}]\nurl = "{one.url}"\nsecret = "{SECRET}"\n'
                for name, one in inboxes.items()
            )
        )
        system = System(folder, HOTLINE_NOTICES=str(notices))
        system.start()
        try:
            async with _calling(system) as client:
                town = Town(system, client)
                await town.settle()
                yield town
        finally:
            system.end()


def _calling(system: System) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
    return httpx.AsyncClient(base_url=system.api, timeout=30, limits=limits)

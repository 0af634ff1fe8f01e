"""The demonstration's minute and a half: messages come in, people act, the screen shows it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
from rich.console import Console

from cli.demo_gateway import Gateway
from cli.demo_messages import Message, messages
from cli.demo_office import GLANCE_SECONDS, Office, View
from cli.demo_people import People
from cli.demo_report import report
from cli.demo_screen import Screen
from cli.demo_system import DemoSystem
from runtime.embedded.postgres import EmbeddedPostgres
from storage.database import Database

SECONDS_BETWEEN_MESSAGES = 0.35
LONGEST_SECONDS = 80


class Film:
    """One showing, on a system that is up."""

    def __init__(self, console: Console, system: DemoSystem, gateway: Gateway) -> None:
        self._console, self._system, self._gateway = console, system, gateway

    async def show(self, count: int) -> None:
        told, real = messages(count)
        kind = "real messages" if real else "messages of our own"
        self._console.print(f"{len(told)} {kind}; Temporal UI {self._system.ui}\n")
        begin = datetime.now(UTC)
        async with self._office() as office:
            people = People(office, self._gateway, await _streets(office))
            await self._play(office, people, told)
            found = await report(office, people.lives, begin, datetime.now(UTC))
        found.show(self._console, self._system.ui)

    async def _play(self, office: Office, people: People, told: list[Message]) -> None:
        """Until every complaint is closed, or the film is long enough."""
        work = [
            asyncio.create_task(office.watch(people.see)),
            asyncio.create_task(people.judge()),
            asyncio.create_task(_write_all(people, told)),
        ]
        clock = asyncio.get_running_loop().time
        begin = clock()
        try:
            with Screen(self._console, len(told)) as screen:
                while clock() - begin < LONGEST_SECONDS and not _all_closed(people, office, told):
                    for task in work:
                        if task.done():
                            task.result()
                    people.raise_failure()
                    screen.show(clock() - begin, office.views.values(), self._gateway.notices)
                    await asyncio.sleep(GLANCE_SECONDS)
        finally:
            for task in work:
                task.cancel()
            await people.stop()

    @asynccontextmanager
    async def _office(self) -> AsyncIterator[Office]:
        database = Database(EmbeddedPostgres(self._system.folder / "postgres").url(), "demo")
        try:
            async with httpx.AsyncClient(base_url=self._system.api, timeout=30) as http:
                yield Office(http, self._system.keys(), database)
        finally:
            await database.close()


async def _write_all(people: People, told: list[Message]) -> None:
    async with asyncio.TaskGroup() as writing:
        for message in told:
            writing.create_task(people.write(message))
            await asyncio.sleep(SECONDS_BETWEEN_MESSAGES)


async def _streets(office: Office) -> list[View]:
    units = await office.get("units")
    return [unit for unit in units["items"] if unit["kind"] == "subdistrict"]


def _all_closed(people: People, office: Office, told: list[Message]) -> bool:
    stages = [office.views[n]["stage"] for n in people.lives if n in office.views]
    return len(stages) == len(told) and set(stages) == {"closed"}

"""`hotline demo`: a city's day in a minute and a half, on a system of its own."""

import sys
from contextlib import AsyncExitStack
from typing import Annotated

import httpx
import typer
from rich.console import Console

from cli.demo_film import Film
from cli.demo_gateway import Gateway
from cli.demo_system import DemoFailed, DemoSystem
from runtime.only_one import AlreadyRunning
from runtime.shutdown import run_process
from settings import Settings


def demo(
    count: Annotated[int, typer.Option("--messages", min=1, help="How many complaints.")] = 60,
    leave: Annotated[
        bool, typer.Option("--exit", help="Stop the system at the end, also on a terminal.")
    ] = False,
) -> None:
    """Send real complaints through a system of its own, at the speed of a film."""
    run_process(_demo(Settings.load(), count, leave or not sys.stdout.isatty()))


async def _demo(settings: Settings, count: int, leave: bool) -> int:
    console = Console(highlight=False, soft_wrap=True)
    gateway = Gateway()
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(await gateway.open())
            system = DemoSystem(settings.data / "demo", gateway.as_toml)
            stack.callback(system.stop)
            with console.status("starting a system of its own: Temporal, PostgreSQL, worker, API"):
                await system.start()
            await Film(console, system, gateway).show(count)
            if not leave:
                console.print("\nThe system keeps running; Ctrl-C stops it.")
                await system.wait()
    except (AlreadyRunning, DemoFailed, TimeoutError, httpx.HTTPError) as failed:
        print(f"hotline: the demonstration failed: {failed or type(failed).__name__}")
        return 1
    return 0

"""`hotline`: one command per module of this package, imported when it is asked for."""

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from settings import SettingsRefused

# A module with a Typer `app` is a group of commands; else it has a function of its own name.
COMMANDS = (
    "up",
    "demo",
    "deadline",
    "packs",
    "backtest",
    "classify",
    "classifier",
    "bench-words",
    "keys",
    "signal",
    "erase",
    "amend",
    "rebuild",
    "verify",
    "worker",
    "api",
    "codec",
    "migrate",
    "bootstrap",
)


class LazyCommands(TyperGroup):
    """Loads a command's module only when it runs or its help is shown."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"cli.{cmd_name.replace('-', '_')}")
        if hasattr(module, "app"):
            return typer.main.get_command(module.app)
        alone = typer.Typer(add_completion=False)
        alone.command(cmd_name)(getattr(module, cmd_name.replace("-", "_")))
        return typer.main.get_command(alone)


app = typer.Typer(cls=LazyCommands, no_args_is_help=True, add_completion=False)


@app.callback()
def hotline() -> None:
    """Citizens' complaints as durable workflows."""


def main() -> None:
    try:
        app()
    except SettingsRefused as error:
        sys.exit(f"hotline: {error}")


if __name__ == "__main__":
    main()

"""`hotline deadline`: when is it due, and why? Law only: no server, no database, no pack needed."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cli.deadline_cases import answer


def deadline(
    json_in: Annotated[
        str | None,
        typer.Option("--json-in", metavar="FILE", help="A JSON list of cases; - reads stdin."),
    ] = None,
) -> None:
    """Compute legal deadlines and explain them day by day."""
    if json_in is None:
        refuse("give --json-in FILE")
    typer.echo(json.dumps([answer(case) for case in read_cases(json_in)], indent=2))


def read_cases(name: str) -> list[Any]:
    """The list of cases in the file `name`, `-` for stdin; anything else ends with exit code 2."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        cases = json.loads(raw.decode("utf-8-sig"))
    except OSError as failed:
        refuse(f"{name}: {failed.strerror}")
    except (ValueError, RecursionError) as failed:
        refuse(f"{name} is not JSON: {failed}")
    if not isinstance(cases, list):
        refuse(f"{name} must hold a JSON list of cases")
    return cases


def refuse(reason: str) -> NoReturn:
    """Say on stderr why the command cannot answer, and end with exit code 2."""
    typer.echo(f"hotline deadline: {reason}", err=True)
    raise typer.Exit(2)

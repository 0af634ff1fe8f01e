"""`hotline deadline`: when is it due, and why? Law only: no server and no database."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cli.deadline_cases import answer
from domain.errors import HotlineError


def deadline(
    *,
    pack: Annotated[str | None, typer.Option(help="The rule pack to ask.")] = None,
    start: Annotated[
        str | None, typer.Option(help="ISO instant; without offset in the calendar's zone.")
    ] = None,
    window: Annotated[str, typer.Option(help="Which window of the pack.")] = "handling",
    tier: Annotated[
        str | None, typer.Option(help="Default: the category's, or the pack's.")
    ] = None,
    demand: Annotated[str, typer.Option(help="What the citizen wants.")] = "complaint",
    category: Annotated[str | None, typer.Option(help="A code of the pack's catalogue.")] = None,
    suspend: Annotated[
        list[str] | None, typer.Option(metavar="FROM..TO", help="A suspension; may be repeated.")
    ] = None,
    extend: Annotated[
        list[str] | None, typer.Option(metavar="7wd", help="An extension; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    json_in: Annotated[
        str | None,
        typer.Option("--json-in", metavar="FILE", help="A JSON list of cases; - reads stdin."),
    ] = None,
) -> None:
    """Compute legal deadlines and explain them day by day."""
    if json_in is not None:
        typer.echo(json.dumps([answer(case) for case in read_cases(json_in)], indent=2))
        return
    if pack is None or start is None:
        refuse("give --pack and --start, or --json-in FILE")
    from cli.deadline_pack import deadline_from_pack

    try:
        found = deadline_from_pack(
            pack,
            start,
            window=window,
            tier=tier,
            demand=demand,
            category=category,
            suspensions=tuple(suspend or ()),
            extensions=tuple(extend or ()),
        )
    except HotlineError as refused:
        refuse(str(refused))
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    due = f"{found['due_local']}  ({found['due_at']})" if found["due_at"] else "not while suspended"
    asks = f"{found['window']} of {found['pack']} {found['version']}, tier {found['tier']}"
    console.print(f"[bold]due[/]      {due}", highlight=False)
    console.print(f"provisional {'yes' if found['provisional'] else 'no'}", highlight=False)
    console.print(f"window   {asks}: {found['rule']}, from {found['starts_at']}", highlight=False)
    console.print(
        f"basis    {found['basis']}: {found['source']}, {found['source_title']}", highlight=False
    )
    if found["note"]:
        console.print(f"note     {found['note']}", highlight=False)
    account = Table("day", "counted", "rule", "source")
    for line in found["explanation"]:
        account.add_row(line["day"], f"{line['counted']:g}", line["rule"], line["source"])
    console.print(account)


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

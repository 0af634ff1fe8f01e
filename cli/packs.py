"""`hotline packs`: which rule packs there are, how far they see, and what their values rest on."""

import json
from typing import Annotated, Any

import typer

from domain.errors import HotlineError
from domain.vocabulary import Basis


def packs(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the rule packs; a broken one is refused with file, key and reason."""
    from packs.loader import load_all

    try:
        listed = [_line(pack) for pack in load_all()]
    except HotlineError as refused:
        typer.echo(f"hotline packs: {refused}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE, padding=(0, 1, 0, 0))
    for heading in ("pack", "version", "calendar to", *map(str, Basis)):
        table.add_column(heading, no_wrap=True)
    for line in listed:
        horizon = line["published_through"] or "no end"
        counts = (str(line["values"][basis]) for basis in Basis)
        table.add_row(line["pack"], line["version"], horizon, *counts)
    Console().print(table)


def _line(pack: Any) -> dict[str, Any]:
    from packs.calendar_files import load_calendar

    calendar = load_calendar(pack.file.calendar or pack.file.duty_calendar)
    through = calendar.published_through
    return {
        "pack": pack.id,
        "version": pack.version,
        "name": pack.file.name.get("en") or next(iter(pack.file.name.values())),
        "calendar": calendar.id,
        "calendar_version": calendar.version,
        "published_through": through.isoformat() if through else None,
        "values": {basis.value: count for basis, count in pack.basis().items()},
    }

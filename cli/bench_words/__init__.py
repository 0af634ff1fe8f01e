"""`hotline bench-words`: what the words are worth on real data, beside the baselines."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print figures as JSON lines.")]


def bench_words(
    data: Annotated[Path, typer.Argument(help="Folder of the real data.")],
    only: Annotated[
        list[str] | None, typer.Option(help="Only these sections; repeat it for several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print classification, urgency, dispatch, duplicates, corrections and speed.

    Exits with 1 where a figure breaks the bound that the project holds it to.
    """
    from cli.bench_words.run import run
    from cli.bench_words.sections import ON_REQUEST, SECTIONS

    unknown = set(only or ()) - set(SECTIONS)
    if unknown:
        raise typer.BadParameter(f"no section {', '.join(sorted(unknown))}: {', '.join(SECTIONS)}")
    if not data.exists():
        typer.echo(f"{data} is absent: no figures")
        return
    broken = 0
    for measured in run(data, tuple(only or SECTIONS.keys() - ON_REQUEST)):
        typer.echo(f"{measured.section}, {measured.seconds:.0f} s", err=as_json)
        for figure in measured.figures:
            broken += not figure.holds
            typer.echo(figure.json(measured.section) if as_json else f"  {figure.line()}")
    if broken:
        raise typer.Exit(1)

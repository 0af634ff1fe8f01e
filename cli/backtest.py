"""`hotline backtest`: a rule pack against the due dates that a city recorded in its own past."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from domain.errors import HotlineError

if TYPE_CHECKING:
    from packs.backtest import Backtest, Case, TypeReport


def backtest(
    file: Annotated[Path, typer.Argument(help="The city's history: CSV, plain or gzip.")],
    pack: Annotated[str, typer.Option(help="The rule pack to prove.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compute each recorded due date again, and say how often the pack agrees."""
    from packs.backtest import backtest as compare
    from packs.loader import load_pack

    try:
        found = compare(file, load_pack(pack))
    except HotlineError as refused:
        _refuse(str(refused))
    except OSError as failed:
        _refuse(f"{file}: {failed.strerror or failed}")
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    zone = ZoneInfo(load_pack(pack).zone)
    for line in _report(found, pack, zone):
        typer.echo(line)


def _report(found: "Backtest", pack: str, zone: ZoneInfo) -> list[str]:
    lines = [
        f"{pack}: {found.rows} requests, {found.with_due} with a recorded due date.",
        f"Within 90 seconds of it: {_percent(found.share_within_90s)}.",
    ]
    for named, report in found.by_type.items():
        if report.with_due:
            lines += ["", *_type_lines(named, report, zone)]
    without = sum(report.rows for report in found.by_type.values() if not report.with_due)
    return [*lines, "", f"{without} requests are of types that never had a due date."]


def _type_lines(named: str, report: "TypeReport", zone: ZoneInfo) -> list[str]:
    rule = report.rule or "no rule: every one of them counts as a miss"
    share = _percent(report.share_within_90s)
    lines = [f"{named}: {share} of {report.with_due}", f"  rule: {rule}"]
    return lines + [f"  worst: {_case(case, zone)}" for case in report.worst]


def _case(case: "Case", zone: ZoneInfo) -> str:
    said = f"case {case.id}, opened {_local(case.opened, zone)}, "
    said += f"city says due {_local(case.recorded, zone)}"
    if case.computed is None or case.off_by_seconds is None:
        return f"{said}, the pack does not say"
    way = "later" if case.computed > case.recorded else "earlier"
    off = f"{_length(case.off_by_seconds)} {way}"
    return f"{said}, the pack says {_local(case.computed, zone)}: {off}"


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def _length(seconds: float) -> str:
    if seconds >= 2 * 86_400:
        return f"{seconds / 86_400:.0f} days"
    if seconds >= 2 * 3_600:
        return f"{seconds / 3_600:.0f} hours"
    return f"{seconds / 60:.0f} minutes"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.2%}"


def _refuse(reason: str) -> None:
    typer.echo(f"hotline backtest: {reason}", err=True)
    raise typer.Exit(2)

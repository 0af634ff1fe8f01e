"""The table in which the demonstration ends: what became of everyone, how punctual the law was."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.table import Table

from cli.demo_office import Office, View
from runtime.ui_links import RUNNING

BY_ENGINE = frozenset(
    {"rung_fired", "expired", "accepted_by_silence", "evaluation_ended", "frozen"}
)
LEADS = frozenset({"lead", "supervision"})


class Report:
    """Counted from the complaints' files, as any auditor could."""

    def __init__(self, views: list[View], files: list[list[View]], rates: View) -> None:
        self._views, self._rates = views, rates
        events = [event for file in files for event in file]
        self.rungs = Counter(e["body"]["action"] for e in events if e["kind"] == "rung_fired")
        self._rungs_of = {
            view["number"]: sum(event["kind"] == "rung_fired" for event in file)
            for view, file in zip(views, files, strict=True)
        }
        self.lags = sorted(filter(None, map(_lag, events)))

    def show(self, console: Console, ui: str) -> None:
        console.print(self._stages())
        console.print(self._numbers())
        console.print(_links(ui, self._views))

    def _stages(self) -> Table:
        table = Table(title=f"{len(self._views)} complaints", title_justify="left")
        for column in ("stage", "outcome"):
            table.add_column(column)
        for column in ("complaints", "in time", "late", "rungs fired", "second round"):
            table.add_column(column, justify="right")
        groups: dict[tuple[str, str], list[View]] = {}
        for view in self._views:
            groups.setdefault((view["stage"], view["outcome"] or "-"), []).append(view)
        for (stage, outcome), views in sorted(groups.items()):
            table.add_row(stage, outcome, *map(str, self._counts(views)))
        table.add_section()
        table.add_row("all", "", *map(str, self._counts(self._views)))
        return table

    def _counts(self, views: list[View]) -> Iterable[int]:
        ended = [o for v in views for o in v["orders"] if o["kind"] in LEADS and o["completed_at"]]
        yield len(views)
        yield sum(not order["overdue"] for order in ended)
        yield sum(order["overdue"] for order in ended)
        yield sum(self._rungs_of[view["number"]] for view in views)
        yield sum(view["round"] > 1 for view in views)

    def _numbers(self) -> Table:
        table = Table.grid(padding=(0, 2))
        rungs = ", ".join(f"{count} {action}" for action, count in self.rungs.most_common())
        table.add_row("rungs", rungs or "none")
        if len(self.lags) > 1:
            p99 = quantiles(self.lags, n=100)[98]
            table.add_row(
                "lag",
                f"{len(self.lags)} due instants: median {median(self.lags):.2f} s, "
                f"p99 {min(p99, self.lags[-1]):.2f} s, longest {self.lags[-1]:.2f} s",
            )
        total = self._rates["total"]
        for name in ("response", "resolution", "satisfaction"):
            reached, all_ = total[name]["of_reached"], total[name]["of_all"]
            table.add_row(f"{name}", f"{_percent(reached)} of the reached, {_percent(all_)} of all")
        table.add_row("on time", f"{_percent(total['on_time'])} of {total['rounds']} rounds")
        return table


async def report(
    office: Office, numbers: Iterable[str], since: datetime, until: datetime
) -> Report:
    """Reads the files of these complaints, and the rates of the time that they took."""
    order = sorted(numbers)
    views = await asyncio.gather(*(office.get(f"complaints/{number}") for number in order))
    files = await asyncio.gather(
        *(office.get(f"complaints/{number}/events", "auditor", limit=500) for number in order)
    )
    period = {"from": since.isoformat(), "to": until.isoformat()}
    rates = await office.get("rates", **period)
    return Report(views, [file["items"] for file in files], rates)


def _links(ui: str, views: list[View]) -> Table:
    workflows = f"{ui}/namespaces/default/workflows"
    longest = max(views, key=lambda view: view["escalation"])
    queries = {"all": "", "open": RUNNING, "overdue": f"ComplaintOverdue=true AND {RUNNING}"}
    table = Table.grid(padding=(0, 2))
    for name, query in queries.items():
        table.add_row(f"UI, {name}", f"{workflows}?query={quote(query, safe='')}")
    table.add_row("UI, highest rung", f"{workflows}/complaint-{longest['number']}")
    return table


def _lag(event: dict[str, Any]) -> float | None:
    if event["kind"] not in BY_ENGINE or event["due_at"] is None:
        return None
    if event["body"].get("cause") == "moved":
        return None
    return (_instant(event["acted_at"]) - _instant(event["due_at"])).total_seconds()


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"

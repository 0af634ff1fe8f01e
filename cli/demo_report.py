"""The table in which the demonstration ends: what became of everyone, how punctual the law was."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from math import ceil
from statistics import median
from typing import Any
from urllib.parse import quote

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from cli.demo_office import Office, View
from runtime.ui_links import RUNNING

BY_ENGINE = frozenset(
    {"rung_fired", "expired", "accepted_by_silence", "evaluation_ended", "frozen"}
)


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
        self.lags = sorted(lag for event in events if (lag := _lag(event)) is not None)

    def show(self, console: Console, ui: str) -> None:
        console.print(self._stages())
        for name, line in (*self._numbers(), *_links(ui, self._views)):
            console.print(f"  {name:<16}{line}")

    def _stages(self) -> Table:
        table = Table(box=SIMPLE_HEAD)
        for column in ("stage", "outcome"):
            table.add_column(column, no_wrap=True)
        for column in ("complaints", "in time", "late", "rungs", "again"):
            table.add_column(column, justify="right", no_wrap=True)
        groups: dict[tuple[str, str], list[View]] = {}
        for view in self._views:
            groups.setdefault((view["stage"], view["outcome"] or "-"), []).append(view)
        for (stage, outcome), views in sorted(groups.items()):
            table.add_row(stage, outcome, *map(str, self._counts(views)))
        table.add_section()
        table.add_row("all", "", *map(str, self._counts(self._views)))
        return table

    def _counts(self, views: list[View]) -> Iterable[int]:
        leads = [o for v in views for o in v["orders"] if o["kind"] == "lead"]
        in_time = sum(_in_time(order) for order in leads)
        yield len(views)
        yield in_time
        yield sum(order["overdue"] for order in leads)
        yield sum(self._rungs_of[view["number"]] for view in views)
        yield sum(view["round"] > 1 for view in views)

    def _numbers(self) -> Iterator[tuple[str, str]]:
        rungs = ", ".join(f"{count} {action}" for action, count in self.rungs.most_common())
        yield "rungs fired", rungs or "none"
        if self.lags:
            middle, longest = median(self.lags), self.lags[-1]
            p99 = self.lags[ceil(0.99 * len(self.lags)) - 1]
            yield (
                "lag",
                f"median {middle:.2f} s, p99 {p99:.2f} s, longest {longest:.2f} s "
                f"over {len(self.lags)} due instants",
            )
        total = self._rates["total"]
        for name in ("response", "resolution", "satisfaction"):
            reached, all_ = total[name]["of_reached"], total[name]["of_all"]
            yield name, f"{_percent(reached)} of those reached, {_percent(all_)} of all"
        yield "on time", f"{_percent(total['on_time'])} of {total['rounds']} rounds"


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


def _links(ui: str, views: list[View]) -> Iterator[tuple[str, str]]:
    workflows = f"{ui}/namespaces/default/workflows"
    for name, query in {"open": RUNNING, "overdue": f"ComplaintOverdue=true AND {RUNNING}"}.items():
        yield f"UI, {name}", f"{workflows}?query={quote(query, safe='')}"
    highest = max(views, key=lambda view: int(view["escalation"]))
    yield "UI, an example", f"{workflows}/complaint-{highest['number']}"


def _in_time(order: View) -> bool:
    done, due = order["completed_at"], order["due_at"]
    return bool(done and due and _instant(done) <= _instant(due))


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

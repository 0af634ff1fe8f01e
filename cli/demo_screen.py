"""What one sees while the demonstration runs: a moving picture, or a line now and then."""

from collections import Counter
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from rich.bar import Bar
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.demo_office import View
from domain.vocabulary import Stage

LINE_EVERY_SECONDS = 10
WIDTH = 30


class Screen:
    """Moves on a terminal; prints a line every ten seconds where there is none."""

    def __init__(self, console: Console, messages: int) -> None:
        self._console = console
        self._messages = messages
        self._live = Live(console=console, transient=True, auto_refresh=False)
        self._next_line = 0.0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, seconds: float, views: Iterable[View], notices: int) -> None:
        shown = list(views)
        stages = Counter(view["stage"] for view in shown)
        facts = (
            f"{seconds:3.0f} s  {len(shown)} of {self._messages} received, {notices} notices sent, "
            f"{sum(view['overdue'] for view in shown)} overdue"
        )
        if self._console.is_terminal:
            self._live.update(self._picture(facts, stages), refresh=True)
        elif seconds >= self._next_line:
            self._next_line = seconds + LINE_EVERY_SECONDS
            told = ", ".join(f"{stages[stage]} {stage}" for stage in Stage if stages[stage])
            self._console.print(f"{facts}; {told or 'nobody yet'}")

    def _picture(self, facts: str, stages: Counter[str]) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for stage in Stage:
            bar = Bar(self._messages, 0, stages[stage], width=WIDTH)
            table.add_row(stage, str(stages[stage]), bar)
        return Group(Text(facts), table)

"""A pack against a city's own past: every due date computed again, and compared with the recorded.

Reads one CSV file (plain or gzip), computes with the domain's clock alone, and reports per type of
request the rule, the share that agrees, and the worst cases.
"""

import csv
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.calendar import Calendar
from domain.clock import Clock, measure
from domain.errors import HotlineError, InvalidRule
from domain.model import Frozen
from domain.vocabulary import WindowName
from domain.window import Window
from packs.calendar_files import load_calendar
from packs.history import History, HistoryException
from packs.pack import RulePack
from packs.wording import in_words

TOLERANCE_SECONDS = 90
WORST = 3
Row = dict[str, str]


class NoHistory(HotlineError):
    """The pack does not say how a city's past is to be read."""


class UnreadableHistory(HotlineError):
    """The file lacks a column, or a time in it cannot be read."""


class Case(Frozen):
    """One recorded due date beside the computed one, both in UTC."""

    id: str
    opened: datetime
    recorded: datetime
    computed: datetime | None
    off_by_seconds: float | None


class TypeReport(Frozen):
    """How one type of request fared. Without a rule every row is a miss."""

    rows: int
    with_due: int
    share_within_90s: float | None
    rule: str | None
    worst: tuple[Case, ...] = ()


class Backtest(Frozen):
    """The whole file."""

    rows: int
    with_due: int
    share_within_90s: float | None
    by_type: dict[str, TypeReport]


class TypeRule:
    """The window of one type with its exceptions."""

    def __init__(
        self, window: Window, calendar: Calendar, exceptions: tuple[HistoryException, ...]
    ) -> None:
        self._window = window
        self._calendar = calendar
        self._exceptions = exceptions

    def due(self, row: Row, opened: datetime, zone: ZoneInfo) -> datetime | None:
        """The due instant in UTC of a row opened at this local time, None if it has none."""
        window, late = self._window, 0
        for exception in self._exceptions:
            if exception.applies(row, opened):
                window = exception.window or window
                late = exception.late_by_seconds
                break
        start = opened.replace(tzinfo=zone).astimezone(UTC) - timedelta(seconds=late)
        try:
            return measure(Clock(window=window, start=start), self._calendar).due_at
        except InvalidRule:
            return None

    @property
    def words(self) -> str:
        """The rule as a lawyer would say it, exceptions included."""
        said = [in_words(self._window)]
        said += [exception.note for exception in self._exceptions if exception.note]
        return "; ".join(said)


class _Tally:
    """What has been seen of one type."""

    def __init__(self) -> None:
        self.rows = 0
        self.hits = 0
        self.cases: list[Case] = []
        self.misses = 0

    def report(self, rule: TypeRule | None) -> TypeReport:
        with_due = self.hits + self.misses
        worst = nlargest(
            WORST,
            self.cases,
            key=lambda case: float("inf") if case.off_by_seconds is None else case.off_by_seconds,
        )
        return TypeReport(
            rows=self.rows,
            with_due=with_due,
            share_within_90s=round(self.hits / with_due, 4) if with_due else None,
            rule=rule.words if rule else None,
            worst=tuple(worst),
        )


def backtest(path: Path, pack: RulePack) -> Backtest:
    """Compare each recorded due date of the file with the pack's."""
    history = pack.history
    if history is None:
        raise NoHistory("pack", f"{pack.id} has no history.toml")
    rules, zone = type_rules(pack, history), ZoneInfo(pack.zone)
    tallies: dict[str, _Tally] = {}
    for number, row in enumerate(_rows(path, history), start=2):
        named = row[history.columns.type]
        tally = tallies.setdefault(named, _Tally())
        tally.rows += 1
        if not row[history.columns.due]:
            continue
        opened = _time(row, history.columns.opened, history, number)
        recorded = _time(row, history.columns.due, history, number)
        recorded = recorded.replace(tzinfo=zone).astimezone(UTC)
        rule = rules.get(named)
        computed = rule.due(row, opened, zone) if rule else None
        off = None if computed is None else abs((computed - recorded).total_seconds())
        if off is not None and off <= TOLERANCE_SECONDS:
            tally.hits += 1
            continue
        tally.misses += 1
        tally.cases.append(
            Case(
                id=row[history.columns.id],
                opened=opened.replace(tzinfo=zone).astimezone(UTC),
                recorded=recorded,
                computed=computed,
                off_by_seconds=off,
            )
        )
    with_due = sum(tally.hits + tally.misses for tally in tallies.values())
    hits = sum(tally.hits for tally in tallies.values())
    return Backtest(
        rows=sum(tally.rows for tally in tallies.values()),
        with_due=with_due,
        share_within_90s=round(hits / with_due, 4) if with_due else None,
        by_type={
            named: tallies[named].report(rules.get(named))
            for named in sorted(tallies, key=lambda named: (-tallies[named].rows, named))
        },
    )


def type_rules(pack: RulePack, history: History) -> dict[str, TypeRule]:
    """The rule of each type that the catalogue names and gives a handling window of its own."""
    rules = {}
    for code, windows in pack.windows.category.items():
        entry = windows.get(WindowName.HANDLING)
        if entry is None:
            continue
        named = pack.catalogue.category[code].name[history.language]
        rules[named] = TypeRule(
            entry.window,
            load_calendar(entry.calendar or pack.file.calendar or ""),
            tuple(known for known in history.exception if named in known.types),
        )
    return rules


def _rows(path: Path, history: History) -> Iterator[Row]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        for column in history.columns.model_dump().values():
            if column not in (reader.fieldnames or ()):
                raise UnreadableHistory(path.name, f"no column {column!r}")
        yield from reader


def _time(row: Row, column: str, history: History, number: int) -> datetime:
    try:
        if history.format is None:
            return datetime.fromisoformat(row[column])
        return datetime.strptime(row[column], history.format)  # noqa: DTZ007 (the zone follows)
    except ValueError:
        raise UnreadableHistory(f"line {number}, {column}", "is not a time") from None

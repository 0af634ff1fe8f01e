"""English reports under the catalogues' English words.

Judged twice. By the category that the citizen chose, which is noisy: the commonest that mean
something were mapped by hand to levels of each pack's catalogue. And by 150 labels that one
labeller gave after reading the reports, before anything was predicted of them. Where a report can
honestly mean several levels, any of them is right; one that nobody can tell has none, so to be sure
of it is wrong. The words were tuned on the other half of the reports.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from cli.bench_words.figure import Figure
from domain.vocabulary import Demand
from packs.classifier import OpenedWords
from packs.learned.classifier import LearnedClassifier
from packs.loader import load_pack

REPORTS = "english_citizen_text/reports_dev.csv.gz"
LABELS = Path(__file__).parent / "labels"
MAPPED, LABELLED = LABELS / "english_categories.csv", LABELS / "english_reports.csv"
BY_HAND_FOR = "cn-beijing"


@dataclass(frozen=True)
class Report:
    """What the citizen wrote, and the levels of a catalogue that are right for it."""

    title: str
    text: str
    meant: frozenset[str]


@dataclass(frozen=True)
class Said:
    """The levels of the likeliest category, and whether no person is asked."""

    category: str | None
    sure: bool

    def within(self, levels: frozenset[str]) -> bool:
        return any(f"{self.category}.".startswith(f"{level}.") for level in levels)


def english(data: Path) -> Iterator[Figure]:
    for pack in mapped_packs():
        yield from _figures(
            pack,
            "what the citizen chose",
            [one for one in chosen(data, pack, False) if one.meant],
            floors=(0.55, 0.8),
        )
    yield from _figures(BY_HAND_FOR, "what was read for it", by_hand(data), floors=(0.6, 0.9))


def _figures(
    pack: str,
    against: str,
    told: Sequence[Report],
    floors: tuple[float, float],
) -> Iterator[Figure]:
    said = classified(told, pack)
    right = np.array([one.within(each.meant) for each, one in zip(told, said, strict=True)])
    sure = np.array([one.sure for one in said])
    most = Counter(level for each in told for level in each.meant).most_common(1)[0][1] / len(told)
    name = f"{pack}, {against}:"
    yield Figure(
        what=f"{name} the likeliest",
        value=float(right.mean()),
        n=len(told),
        unit="%",
        baseline=most,
        against="always the commonest",
        floor=floors[0],
    )
    yield Figure(what=f"{name} sure", value=float(sure.mean()), n=len(told), unit="%")
    yield Figure(
        what=f"{name} right where sure",
        value=float(right[sure].mean()),
        n=int(sure.sum()),
        unit="%",
        baseline=most,
        against="always the commonest",
        floor=floors[1],
    )


def mapped_packs() -> tuple[str, ...]:
    with MAPPED.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines).fieldnames or ())[1:]


def chosen(data: Path, pack: str, tuning: bool) -> list[Report]:
    """One half of the reports, with the levels that the citizen's category stands for."""
    with MAPPED.open(encoding="utf-8", newline="") as lines:
        levels = {row["category"]: row[pack] for row in csv.DictReader(lines)}
    return [
        _report(row, levels.get(row["category"], ""))
        for row in _rows(data)
        if _to_tune(row["id"]) is tuning
    ]


def by_hand(data: Path) -> list[Report]:
    with LABELLED.open(encoding="utf-8", newline="") as lines:
        levels = {row["id"]: row[BY_HAND_FOR] for row in csv.DictReader(lines)}
    return [_report(row, levels[row["id"]]) for row in _rows(data) if row["id"] in levels]


def _rows(data: Path) -> list[dict[str, str]]:
    """A title that only repeats a category is not the citizen's words, and is left out."""
    with gzip.open(data / REPORTS, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    offered = {row["category"] for row in rows}
    return [{**row, "summary": "" if row["summary"] in offered else row["summary"]} for row in rows]


def _report(row: dict[str, str], levels: str) -> Report:
    return Report(row["summary"], row["text"], frozenset(filter(None, levels.split("|"))))


def classified(told: Sequence[Report], pack: str) -> list[Said]:
    rules, classifier = load_pack(pack), LearnedClassifier()
    found = (
        classifier.classify(
            OpenedWords(title=each.title, text=each.text, demand=Demand.COMPLAINT), rules
        )
        for each in told
    )
    return [Said(one.category, one.sure) for one in found]


def _to_tune(row: str) -> bool:
    return int(sha256(row.encode()).hexdigest(), 16) % 2 == 0

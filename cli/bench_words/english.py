"""English reports under the catalogues' English words, against the category the citizen chose.

The citizens' categories are noisy. The commonest that mean something were mapped by hand, by one
person, to levels of each pack's catalogue; where a category can honestly mean several, any of them
is right. The words were tuned on one half of the reports; the other half is judged here.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
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
MAPPED = Path(__file__).parent / "labels" / "english_categories.csv"
SURE_RIGHT = 0.9


@dataclass(frozen=True)
class Report:
    """What the citizen wrote, and the levels of a catalogue that what they chose stands for."""

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
    for pack in packs_mapped():
        told = reports(data, pack, tuning=False)
        said = classified(told, pack)
        mapped = [(each, one) for each, one in zip(told, said, strict=True) if each.meant]
        n = len(mapped)
        right = np.array([one.within(each.meant) for each, one in mapped])
        sure = np.array([one.sure for _, one in mapped])
        most = Counter(level for each, _ in mapped for level in each.meant).most_common(1)[0][1]
        yield Figure(
            what=f"{pack}: likeliest category within what the citizen chose",
            value=float(right.mean()),
            n=n,
            unit="%",
            baseline=most / n,
            against="always the commonest",
        )
        yield Figure(what=f"{pack}: sure", value=float(sure.mean()), n=n, unit="%")
        yield Figure(
            what=f"{pack}: right where sure",
            value=float(right[sure].mean()),
            n=int(sure.sum()),
            unit="%",
            baseline=most / n,
            against="always the commonest",
        )


def packs_mapped() -> tuple[str, ...]:
    with MAPPED.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines).fieldnames or ())[1:]


def reports(data: Path, pack: str, tuning: bool) -> list[Report]:
    """One half of the reports. A title that only repeats a category is not the citizen's words."""
    with MAPPED.open(encoding="utf-8", newline="") as lines:
        levels = {row["category"]: row[pack] for row in csv.DictReader(lines)}
    with gzip.open(data / REPORTS, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    offered = {row["category"] for row in rows}
    return [
        Report(
            title="" if row["summary"] in offered else row["summary"],
            text=row["text"],
            meant=frozenset(filter(None, levels.get(row["category"], "").split("|"))),
        )
        for row in rows
        if _to_tune(row["id"]) is tuning
    ]


def classified(told: list[Report], pack: str) -> list[Said]:
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

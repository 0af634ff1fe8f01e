"""How urgent made-up calls and real English reports are found to be.

The calls were written by somebody who knew neither rules nor model: docs/tier-rubric.md.
"""

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from cli.bench_words.figure import Figure
from cli.bench_words.tiers import LABELS, Judged, Row, TierOf, by_pack, by_rules
from domain.vocabulary import Tier
from packs.learned.labelled import read_labelled

CALLS = LABELS.with_name("calls.csv")
ENGLISH = LABELS.with_name("english_tiers.csv")
REPORTS = "english_citizen_text/reports_dev.csv.gz"
NONE = "none"
FLOORS = {"short": (0.55, 0.45), "long": (0.8, 0.7), "english": (0.6, 0.35)}
"""Of the emergencies and of the outages of each kind of call."""
MISLED = {"short": 0.25, "long": 0.4, "english": 0.4}
"""At most so many of the calls that speak of danger and need nobody tonight are raised."""


def calls(data: Path) -> Iterator[Figure]:
    for kind, floors in FLOORS.items():
        rows = made_up(kind)
        found, rules = of(rows, by_pack), of(rows, by_rules)
        for tier, floor in zip((Tier.EMERGENCY, Tier.UTILITY), floors, strict=True):
            yield Figure(
                what=f"{kind} calls: {tier} found",
                value=found.recall(tier),
                n=found.labelled(tier),
                unit="%",
                baseline=rules.recall(tier),
                against="rules alone",
                floor=floor,
            )
        yield Figure(
            what=f"{kind} calls: hard ones raised wrongly",
            value=misled(found),
            n=sum(row.label == NONE for row in rows),
            unit="%",
            baseline=misled(rules),
            against="rules alone",
            ceiling=MISLED[kind],
        )
    yield from _reports(data)


def _reports(data: Path) -> Iterator[Figure]:
    rows = [row for row in reports(data) if row.split == "judge"]
    found, rules = of(rows, by_pack), of(rows, by_rules)
    for tier in (Tier.EMERGENCY, Tier.UTILITY):
        yield Figure(
            what=f"English reports: {tier} found",
            value=found.recall(tier),
            n=found.labelled(tier),
            unit="%",
            baseline=rules.recall(tier),
            against="rules alone",
        )
    yield Figure(
        what="English reports: of all raised wrongly",
        value=misled(found),
        n=len(rows),
        unit="%",
        baseline=misled(rules),
        against="rules alone",
        ceiling=0.05,
    )


def misled(judged: Judged) -> float:
    """The share raised at all of those that need no tier of their own."""
    raised = [found is not Tier.GENERAL for row, found in judged.found if row.label == NONE]
    return sum(raised) / len(raised)


def of(rows: Iterable[Row], tier_of: TierOf) -> Judged:
    return Judged(tuple((row, tier_of(row.text)) for row in rows), {})


@cache
def made_up(kind: str) -> tuple[Row, ...]:
    with CALLS.open(encoding="utf-8", newline="") as lines:
        told = [call for call in csv.DictReader(lines) if call["kind"] == kind]
    return tuple(Row("judge", kind, call["label"], call["text"]) for call in told)


@cache
def reports(data: Path) -> tuple[Row, ...]:
    """English reports under the labels of this project."""
    read = read_labelled(data / REPORTS, ["summary", "text"], "id")
    texts = dict(zip(read.labels, map("\n".join, read.texts), strict=True))
    with ENGLISH.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Row(each["split"], "english", each["label"], texts[each["id"]])
            for each in csv.DictReader(lines)
        )

"""How well the words' own urgency is found, on messages labelled by hand after docs/tier-rubric.md.

A rule is worth what it finds on rows that nobody tuned it on: `judge`, and `words-judge`.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cli.bench_words.figure import Figure
from domain.vocabulary import Tier
from packs.learned.classifier import LearnedClassifier
from packs.learned.labelled import read_labelled
from packs.loader import load_pack
from packs.tiers import raised

LABELS = Path(__file__).with_name("labels") / "tiers.csv"
FOLDER = "zh_messages"
FIRST_DRAW = {"danger": 108, "fire": 109, "outage": 124, "near": 757, "rest": 6430}
SECOND_DRAW = {
    "title-acute-now": 115,
    "title-acute": 102,
    "acute2-title-broad": 57,
    "acute1-title-broad": 94,
    "acute2": 171,
    "acute3": 69,
    "acute1-now": 355,
    "acute1": 261,
    "title-outage": 201,
    "outage2": 95,
    "outage1": 158,
    "broad3": 293,
    "broad": 2014,
    "none": 2855,
}
"""The distinct messages of each stratum; the second draw leaves out the rows of the first."""
WORDS_DRAW = {
    "acute-head-4": 22,
    "acute-head-2": 88,
    "acute-head": 261,
    "acute-4": 77,
    "acute-2": 246,
    "acute-1": 688,
    "broad-3": 376,
    "outage-head": 53,
    "outage": 79,
    "supply-head": 129,
    "supply": 150,
    "broad": 1718,
    "none": 3019,
}
"""The same of the messages that are known as word lists only, without those known as typed."""
SIZES = {
    "tune": FIRST_DRAW,
    "tune2": SECOND_DRAW,
    "judge": SECOND_DRAW,
    "words-tune": WORDS_DRAW,
    "words-judge": WORDS_DRAW,
}
FLOORS = {
    "judge": {Tier.EMERGENCY: 0.90, Tier.UTILITY: 0.88},
    "tune2": {Tier.EMERGENCY: 0.95, Tier.UTILITY: 0.90},
    "tune": {Tier.EMERGENCY: 0.95, Tier.UTILITY: 0.95},
    "words-judge": {Tier.EMERGENCY: 0.60, Tier.UTILITY: 0.75},
    "words-tune": {Tier.EMERGENCY: 0.75, Tier.UTILITY: 0.85},
}

AS_WORDS = "labelled_segmented_dev.csv.gz"
"""Its messages have lost their stop words and all stops: a shield reaches over the whole of one."""
_STOPS = re.compile(r"[\W_]+")
_BETWEEN_WORDS = re.compile(r"(?<![A-Za-z0-9]) | (?![A-Za-z0-9])")

TierOf = Callable[[str], Tier]


@dataclass(frozen=True)
class Row:
    """One labelled message; `label` is `emergency`, `utility` or `none`."""

    split: str
    stratum: str
    label: str
    text: str


@dataclass(frozen=True)
class Judged:
    """What was found of each row, weighed by how many messages of its stratum it stands for."""

    found: tuple[tuple[Row, Tier], ...]
    sizes: Mapping[str, int]

    def labelled(self, tier: Tier) -> int:
        return sum(row.label == tier for row, _ in self.found)

    def recall(self, tier: Tier) -> float:
        """The share of the rows of this label that reach the tier, or a more urgent one."""
        reached = [_reaches(found, tier) for row, found in self.found if row.label == tier]
        return sum(reached) / len(reached)

    def weighted_recall(self, tier: Tier) -> float:
        """The same share of all messages of this label."""
        there = self._share(lambda row, _: row.label == tier)
        found = self._share(lambda row, found: row.label == tier and _reaches(found, tier))
        return found / there

    def wrongly(self, tier: Tier) -> float:
        """The share of all messages that are raised to this tier and need no tier so urgent."""
        return self._share(
            lambda row, found: found is tier and row.label not in (tier, Tier.EMERGENCY)
        )

    def _share(self, is_so: Callable[[Row, Tier], bool]) -> float:
        counted: dict[str, list[bool]] = defaultdict(list)
        for row, found in self.found:
            if row.stratum in self.sizes:
                counted[row.stratum].append(is_so(row, found))
        said = sum(self.sizes[name] * sum(each) / len(each) for name, each in counted.items())
        return said / sum(self.sizes.values())


def tiers(data: Path) -> Iterator[Figure]:
    for split, floors in FLOORS.items():
        found, rules = judged(data, split, by_pack), judged(data, split, by_rules)
        for tier, floor in floors.items():
            n = found.labelled(tier)
            yield Figure(
                what=f"{split}: {tier} found",
                value=found.recall(tier),
                n=n,
                unit="%",
                baseline=rules.recall(tier),
                against="rules alone",
                floor=floor,
            )
            yield Figure(
                what=f"{split}: {tier} found, weighed to all messages",
                value=found.weighted_recall(tier),
                n=n,
                unit="%",
                baseline=rules.weighted_recall(tier),
                against="rules alone",
            )
            yield Figure(
                what=f"{split}: of all messages raised wrongly to {tier}",
                value=found.wrongly(tier),
                n=len(found.found),
                unit="%",
                baseline=rules.wrongly(tier),
                against="rules alone",
                ceiling=0.02,
            )
    yield from _without_stops(data)


def _without_stops(data: Path) -> Iterator[Figure]:
    """What the form of the word lists costs: messages as typed, read without their stops."""
    for tier in FLOORS["judge"]:
        as_typed = judged(data, "judge", by_pack)
        yield Figure(
            what=f"judge, without its stops: {tier} found",
            value=judged(data, "judge", lambda text: by_pack(_STOPS.sub("", text))).recall(tier),
            n=as_typed.labelled(tier),
            unit="%",
            baseline=as_typed.recall(tier),
            against="as typed",
        )


def judged(data: Path, split: str, tier_of: TierOf) -> Judged:
    rows = [row for row in rows_of(data) if row.split == split]
    return Judged(tuple((row, tier_of(row.text)) for row in rows), SIZES[split])


@cache
def rows_of(data: Path) -> tuple[Row, ...]:
    with LABELS.open(encoding="utf-8", newline="") as lines:
        labels = list(csv.DictReader(lines))
    texts = {
        (file, number): "\n".join(said)
        for file in {label["file"] for label in labels}
        for said, number in zip(*_read(data / FOLDER / file), strict=True)
    }
    return tuple(
        Row(each["split"], each["stratum"], each["label"], texts[each["file"], each["id"]])
        for each in labels
    )


def by_pack(text: str) -> Tier:
    """What the words alone come to by the pack: its rules, and its model."""
    return LearnedClassifier().urgency(Tier.GENERAL, text, load_pack("cn-beijing"))[0]


def by_rules(text: str) -> Tier:
    """The baseline: the pack's rules without its model."""
    catalogue = load_pack("cn-beijing").catalogue
    return raised(Tier.GENERAL, text, catalogue.raised, catalogue.context)[0]


def _read(file: Path) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    if file.name == AS_WORDS:
        words = read_labelled(file, ["words"], "row")
        return tuple((_BETWEEN_WORDS.sub("", said),) for (said,) in words.texts), words.labels
    read = read_labelled(file, ["title", "detail"], "id")
    return read.texts, read.labels


def _reaches(found: Tier, tier: Tier) -> bool:
    return found is Tier.EMERGENCY or found is tier

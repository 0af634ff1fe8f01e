"""The first level, learned: cross-validated, near-duplicates on one side, beside its baselines."""

from collections.abc import Iterator
from pathlib import Path

from cli.bench_words.figure import Figure
from cli.bench_words.messages import read_corpus
from packs.learned.figures import share_at
from packs.learned.training import held_out

VARIANTS: dict[str, dict[str, float] | None] = {
    "characters, ones to threes": {"one": 0.5, "two": 0.7, "three": 0.7},
    "words": {"word": 1.0},
    "characters and words (ships)": None,
}


def level1(data: Path) -> Iterator[Figure]:
    read = read_corpus(data)
    labels = read.labels[read.firsts].tolist()
    most = max(labels.count(number) for number in set(labels)) / len(labels)
    n = len(labels)
    for name, shares in VARIANTS.items():
        ships = shares is None
        found = held_out(read, shares=shares).figures()
        yield Figure(
            what=f"accuracy, {name}",
            value=found["accuracy"],
            n=n,
            baseline=most,
            against="majority class",
            floor=0.92 if ships else None,
        )
        yield Figure(
            what=f"macro-F1, {name}", value=found["macro_f1"], n=n, floor=0.92 if ships else None
        )
        yield Figure(
            what=f"without a person at accuracy 0.95, {name}",
            value=share_at(found["coverage"], 0.95)["share"],
            unit="%",
            floor=0.90 if ships else None,
        )
        if ships:
            yield Figure(what="calibration error", value=found["calibration"]["error"])

"""Writes `sealing/common_features.txt.gz`: how common pieces of text are in citizens' messages.

Each file is a CSV; the text of a message is what stands in the named columns. A feature that stands
in fewer than `FEWEST` messages of one file is left out, so no name and no sentence gets in that is
not said by many. The copies of a message count once.

    python scripts/write_commonness.py FILE.csv.gz:title,detail FILE.csv.gz:summary,text ...
"""

import csv
import gzip
import sys
from collections import Counter, defaultdict
from math import log
from pathlib import Path

from sealing.commonness import RAREST, TABLE
from sealing.sketches import features

FEWEST = 8


def main(sources: list[str]) -> None:
    """One line a weight, its features between spaces; the same bytes every time."""
    weights: dict[str, int] = {}
    for source in sources:
        file, _, columns = source.rpartition(":")
        messages = _messages(Path(file), columns.split(","))
        found = Counter(feature for message in messages for feature in set(features(message)))
        for feature, count in found.items():
            if count >= FEWEST:
                weight = _weight(count, len(messages))
                weights[feature] = min(weight, weights.get(feature, weight))
    lines = defaultdict(list)
    for feature, weight in sorted(weights.items()):
        lines[weight].append(feature.replace(" ", "_"))
    text = "".join(f"{weight} {' '.join(lines[weight])}\n" for weight in sorted(lines))
    TABLE.write_bytes(gzip.compress(text.encode(), mtime=0))


def _messages(file: Path, columns: list[str]) -> set[str]:
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as lines:
        return {"\n".join(row[name] or "" for name in columns) for row in csv.DictReader(lines)}


def _weight(count: int, messages: int) -> int:
    """The inverse document frequency, scaled so that what is too rare to be listed has the most."""
    return max(round(RAREST * log(messages / count) / log(messages / (FEWEST / 2))), 1)


if __name__ == "__main__":
    main(sys.argv[1:])

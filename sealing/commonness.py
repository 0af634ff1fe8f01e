"""How rare a piece of text is among citizens' messages: what is rare tells matters apart."""

import gzip
from functools import cache
from pathlib import Path

RAREST = 15
TABLE = Path(__file__).with_name("common_features.txt.gz")
"""Written by `scripts/write_commonness.py`; holds nothing that few people wrote."""


def rarity(feature: str) -> int:
    """From 1, in every message, to 15, in hardly any or not known."""
    return _table().get(feature, RAREST)


@cache
def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    for line in gzip.decompress(TABLE.read_bytes()).decode().splitlines():
        weight, *features = line.split(" ")
        table.update((feature.replace("_", " "), int(weight)) for feature in features)
    return table

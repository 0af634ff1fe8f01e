"""A file of labelled messages, and the features of its messages, read once."""

import csv
import gzip
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from domain.errors import HotlineError
from packs.learned.near import groups

GROUP_COLUMN = "near_dup_group"

Texts = tuple[str, ...]


class Unusable(HotlineError):
    """A labelled file that cannot be trained on or judged by."""


@dataclass(frozen=True)
class Labelled:
    """Messages by their fields, their labels, and the group of copies that each belongs to."""

    texts: tuple[Texts, ...]
    labels: tuple[str, ...]
    group: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.texts)


def read_labelled(file: Path, text: Sequence[str], label: str) -> Labelled:
    """The rows that have a label and any text. Raises `Unusable` and `OSError`.

    A row that names no group is a group of its own.
    """
    try:
        rows = _rows(file, text, label)
    except (UnicodeError, EOFError, zlib.error, gzip.BadGzipFile, csv.Error) as broken:
        raise Unusable(file.name, f"is no whole CSV file in UTF-8 ({broken})") from None
    grouped = bool(rows) and GROUP_COLUMN in rows[0]
    return Labelled(
        texts=tuple(tuple(row[name] or "" for name in text) for row in rows),
        labels=tuple(row[label].strip() for row in rows),
        group=tuple(row[GROUP_COLUMN] or f"row {number}" for number, row in enumerate(rows))
        if grouped
        else None,
    )


def _rows(file: Path, text: Sequence[str], label: str) -> list[dict[str, str]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with _opened(file) as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in (*text, label) if name not in (reader.fieldnames or ())]
        if missing:
            raise Unusable(file.name, f"has no column {', '.join(missing)}")
        return [row for row in reader if (row[label] or "").strip() and any(map(row.get, text))]


def _opened(file: Path) -> IO[str]:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


def folds(
    labels: NDArray[np.int64], group: NDArray[np.int64], count: int, seed: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Training and test rows: each group on one side, each label spread evenly, chance by seed."""
    chance = np.random.default_rng(seed)
    leaders, first = np.unique(group, return_index=True)
    shuffled = chance.permutation(len(leaders))
    order = shuffled[np.argsort(labels[first[shuffled]], kind="stable")]
    part = np.empty(len(leaders), dtype=np.int64)
    part[order] = np.arange(len(leaders)) % count
    of_row = part[np.searchsorted(leaders, group)]
    for each in range(count):
        yield np.flatnonzero(of_row != each), np.flatnonzero(of_row == each)


def group_numbers(
    labelled: Labelled, features: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]]
) -> NDArray[np.int64]:
    """The file's own groups of copies, else those that the messages themselves show."""
    if labelled.group is None:
        return np.array(groups(features), dtype=np.int64)
    return np.unique(np.array(labelled.group), return_inverse=True)[1].astype(np.int64)

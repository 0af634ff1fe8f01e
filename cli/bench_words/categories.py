"""Messages with the entries of the catalogue that they belong to: typed by citizens, or made up."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cli.bench_words.messages import TYPED, TYPED_AND_LABELLED
from domain.vocabulary import Demand
from packs.classifier import OpenedWords, level_of
from packs.learned.labelled import read_labelled

LABELS = Path(__file__).with_name("labels") / "categories.csv"
CALLS = LABELS.with_name("category_calls.csv")
NONE = "none"


@dataclass(frozen=True)
class Categorised:
    """`entries`: the one that fits best, then perhaps another that fits as well; none may fit.

    The model has never seen a message that is `unseen`.
    """

    words: OpenedWords
    split: str
    entries: tuple[str, ...]
    unseen: bool

    @property
    def level1(self) -> str:
        return level_of(self.entries[0])


def categorised(data: Path, splits: Iterable[str]) -> list[Categorised]:
    """The messages of these parts of the labels."""
    texts = {
        (_name(file), row): text
        for file in (TYPED, TYPED_AND_LABELLED)
        for row, text in _rows(data / file)
    }
    with LABELS.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["split"] in set(splits)]
    return [
        Categorised(
            words=_opened(*texts[row["file"], row["id"]]),
            split=row["split"],
            entries=tuple(
                code for code in (row["category"], row["also"]) if code not in ("", NONE)
            ),
            unseen=row["file"] == _name(TYPED),
        )
        for row in rows
    ]


def called(split: str) -> list[Categorised]:
    """Short calls, made up for each entry by somebody who knew its name and none of its words."""
    with CALLS.open(encoding="utf-8", newline="") as lines:
        return [
            Categorised(_opened("", row["text"]), split, (row["category"],), unseen=True)
            for row in csv.DictReader(lines)
            if row["split"] == split
        ]


def _rows(file: Path) -> Iterable[tuple[str, tuple[str, ...]]]:
    read = read_labelled(file, ["title", "detail"], "id")
    return zip(read.labels, read.texts, strict=True)


def _opened(title: str, text: str) -> OpenedWords:
    return OpenedWords(title=title, text=text, demand=Demand.COMPLAINT)


def _name(file: str) -> str:
    return Path(file).name.removesuffix(".csv.gz")

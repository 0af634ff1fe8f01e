"""The pairs of messages that one labeller told apart: about the same matter, or about two."""

import csv
import gzip
from collections import Counter
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.rules import RepeatRule
from packs.learned.hashing import Extractor
from packs.learned.shipped import chinese_lexicon
from packs.loader import load_pack

LABELS = Path(__file__).with_name("labels") / "pairs.csv"
FOLDER = "zh_messages"
SAME = "same"

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Message:
    """Compared by identity: two rows with the same words are two messages."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Pair:
    first: Message
    second: Message
    split: str
    same: bool


def shipped_rule() -> RepeatRule:
    """From which likeness on two complaints count as alike at the door."""
    return load_pack("cn-beijing").file.repeats


def read_messages(data: Path, file: str) -> dict[str, Message]:
    """By their row ids."""
    with gzip.open(data / FOLDER / file, "rt", encoding="utf-8-sig", newline="") as lines:
        return {
            row["id"]: Message(row["id"], row["title"], row["detail"])
            for row in csv.DictReader(lines)
        }


def read_pairs(data: Path) -> list[Pair]:
    with LABELS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    files = {file: read_messages(data, file) for file in {row["file"] for row in rows}}
    return [
        Pair(
            files[row["file"]][row["first"]],
            files[row["file"]][row["second"]],
            row["split"],
            row["label"] == SAME,
        )
        for row in rows
    ]


def bigrams_in_common(pairs: list[Pair]) -> Scores:
    """The Jaccard index of the open texts' characters in twos."""
    scores = []
    for pair in pairs:
        one, other = (
            {text[at : at + 2] for text in (each.title, each.text) for at in range(len(text) - 1)}
            for each in (pair.first, pair.second)
        )
        scores.append(len(one & other) / max(len(one | other), 1))
    return np.array(scores)


def words_in_common(pairs: list[Pair], messages: list[Message]) -> Scores:
    """The TF-IDF cosine of the open texts' words; how common words are is told by all messages."""
    extract = Extractor(chinese_lexicon()).features
    words = {each.id: extract([each.title, each.text])["word"] for each in messages}
    spread = Counter(word for found, _ in words.values() for word in found.tolist())
    weights = {
        id: {
            word: (1 + log(count)) * (1 + log(len(messages) / spread[word]))
            for word, count in zip(*found, strict=True)
        }
        for id, found in words.items()
    }
    return np.array([_cosine(weights[pair.first.id], weights[pair.second.id]) for pair in pairs])


def _cosine(one: dict[int, float], other: dict[int, float]) -> float:
    product = sum(weight * other.get(word, 0.0) for word, weight in one.items())
    lengths = sum(w * w for w in one.values()) * sum(w * w for w in other.values())
    return float(product / lengths**0.5) if lengths else 0.0


def precision_and_recall(scores: Scores, same: NDArray[np.bool_], bar: float) -> Scores:
    found = scores >= bar
    right = (found & same).sum()
    return np.array([right / max(found.sum(), 1), right / same.sum()])


def precision_at(scores: Scores, same: NDArray[np.bool_], recall: float) -> float:
    """At the highest bar that finds this share of those that are the same."""
    bar = np.sort(scores[same])[::-1][int(np.ceil(recall * same.sum() - 1e-9)) - 1]
    return float(precision_and_recall(scores, same, bar)[0])

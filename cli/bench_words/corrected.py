"""What corrections are worth: half the messages train, with one kind taught wrongly; fifty of the
other half correct it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from cli.bench_words.figure import Figure
from cli.bench_words.messages import labelled, read_corpus
from packs.learned.corrections import learned
from packs.learned.labelled import Labelled, folds
from packs.learned.model import Model
from packs.learned.training import Corpus, model_of

MISROUTED, WRONGLY = "交通运输", "商贸旅游"
KIND = frozenset({"出租车", "的士", "公交", "公交车"})
CORRECTIONS = 50


def corrected(data: Path) -> Iterator[Figure]:
    read, messages = read_corpus(data), labelled(data)
    labels, rows = read.labels[read.firsts], read.firsts
    seen, unseen = (rows[part] for part in next(folds(labels, read.group[rows], 2, 3)))
    kind = np.array([_is_kind(*pair) for pair in _pairs(messages)])
    before = model_of(read.with_labels(kind, WRONGLY), seen)
    wrong, others = unseen[kind[unseen]], unseen[~kind[unseen]]
    lesson, judged = wrong[:CORRECTIONS], wrong[CORRECTIONS:]
    after = learned(
        before,
        Labelled(tuple(messages.texts[row] for row in lesson), (MISROUTED,) * len(lesson)),
    )
    for name, part, floor in (("of that kind", judged, 0.6), ("of all others", others, 0.85)):
        yield Figure(
            what=f"after {len(lesson)} corrections, accuracy on messages {name}",
            value=_accuracy(after, read, messages, part),
            n=len(part),
            baseline=_accuracy(before, read, messages, part),
            against="before",
            floor=floor,
        )


def _pairs(messages: Labelled) -> Any:
    return zip(messages.texts, messages.labels, strict=True)


def _is_kind(texts: tuple[str, ...], label: str) -> bool:
    return label == MISROUTED and not KIND.isdisjoint(texts[0].split())


def _accuracy(model: Model, read: Corpus, messages: Labelled, rows: Any) -> float:
    right = [
        model.guess_features(read.features[row]).best[0] == messages.labels[row] for row in rows
    ]
    return float(np.mean(right))

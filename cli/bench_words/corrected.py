"""What corrections are worth: half the messages train, some kinds and a whole class taught wrongly.

Of the other half, fifty messages of one kind correct it and the rest of the kind judges it.

A kind is the messages of a class that say one of a few words. The class that was taught as another
throughout shows the limit: fifty corrections do not replace a training. Several seeds split
differently.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cli.bench_words.figure import Figure
from cli.bench_words.messages import labelled, read_corpus
from packs.learned.corrections import learned
from packs.learned.labelled import Labelled, folds
from packs.learned.model import SHARES, Model
from packs.learned.training import Corpus, Fitted, Rows, model_of

CORRECTIONS = 50
SEEDS = (3, 4)
MOST_LOST = 0.006


@dataclass(frozen=True)
class Kind:
    """Messages of a class that say one of these words, or all of the class where none is given."""

    label: str
    taught_as: str
    words: frozenset[str] = frozenset()


KINDS = (
    Kind("交通运输", "城乡建设", frozenset({"出租车", "的士", "公交", "公交车"})),
    Kind("教育文体", "卫生计生", frozenset({"补课"})),
    Kind("环境保护", "教育文体", frozenset({"噪音"})),
    Kind("卫生计生", "劳动和社会保障", frozenset({"二胎", "生育", "计生"})),
    Kind("劳动和社会保障", "教育文体", frozenset({"退休"})),
    Kind("商贸旅游", "城乡建设"),
)


@dataclass
class Tally:
    """Messages guessed right before and after."""

    before: list[bool] = field(default_factory=list)
    after: list[bool] = field(default_factory=list)

    def add(self, before: Any, after: Any) -> None:
        self.before += before.tolist()
        self.after += after.tolist()

    def figure(self, what: str, floor: float | None = None) -> Figure:
        return Figure(
            what=what,
            value=float(np.mean(self.after)),
            n=len(self.after),
            baseline=float(np.mean(self.before)),
            against="before",
            floor=floor,
        )


def corrected(data: Path) -> Iterator[Figure]:
    read, messages = read_corpus(data), labelled(data)
    kinds, classes, others = Tally(), Tally(), Tally()
    lost = []
    belongs = [_belongs(kind, messages) for kind in KINDS]
    for seed in SEEDS:
        model, unseen = _misled(read, belongs, seed)
        right = _right(model, read, unseen)
        untouched = ~np.any([mine[unseen] for mine in belongs], axis=0)
        for kind, mine in zip(KINDS, belongs, strict=True):
            after, lesson = _after(model, kind, unseen[mine[unseen]], messages)
            now = _right(after, read, unseen)
            judged = mine[unseen] & ~np.isin(unseen, lesson)
            (kinds if kind.words else classes).add(right[judged], now[judged])
            others.add(right[untouched], now[untouched])
            lost.append(float(right[untouched].mean() - now[untouched].mean()))
    said = f"after {CORRECTIONS} corrections, accuracy on"
    yield kinds.figure(f"{said} messages of that kind", floor=0.65)
    yield classes.figure(f"{said} a class never taught")
    yield others.figure(f"{said} all others", floor=0.85)
    yield Figure(
        what="most that one kind's corrections cost all others",
        value=max(lost),
        n=len(lost),
        ceiling=MOST_LOST,
    )


def _belongs(kind: Kind, messages: Labelled) -> Any:
    return np.array(
        [
            label == kind.label and (not kind.words or not kind.words.isdisjoint(texts[0].split()))
            for texts, label in zip(messages.texts, messages.labels, strict=True)
        ]
    )


def _misled(read: Corpus, belongs: list[Any], seed: int) -> tuple[Model, Rows]:
    """A model that was taught every kind wrongly, and the half that it has not seen."""
    rows, wrongly = read.firsts, read
    for kind, mine in zip(KINDS, belongs, strict=True):
        wrongly = wrongly.with_labels(mine, kind.taught_as)
    seen, unseen = next(folds(read.labels[rows], read.group[rows], 2, seed))
    return model_of(wrongly, rows[seen]), rows[unseen]


def _after(model: Model, kind: Kind, rows: Rows, messages: Labelled) -> tuple[Model, Rows]:
    lesson = rows[:CORRECTIONS]
    texts = tuple(messages.texts[row] for row in lesson)
    return learned(model, Labelled(texts, (kind.label,) * len(lesson))), lesson


def _right(model: Model, read: Corpus, rows: Rows) -> Any:
    rarity = {name: block.rarity.astype(np.float32) for name, block in model.blocks.items()}
    fitted = Fitted(rarity, dict(model.blocks), model.bias, SHARES)
    odds = fitted.margins(read, rows) @ model.mixing + model.offset
    names = np.array(model.labels)[odds.argmax(axis=1)]
    return names == np.array(read.names)[read.labels[rows]]

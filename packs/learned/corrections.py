"""What a person corrected makes the next guess better, without the messages of the first training.

A model is moved as little as the corrections allow: weights are held near those it has. A label or
a word that it had never met is added where several corrections name it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from packs.learned.hashing import BLOCKS
from packs.learned.labelled import Labelled, folds
from packs.learned.model import Block, Floats, Model
from packs.learned.solver import Hyperplanes, separate
from packs.learned.training import LEAST_MESSAGES, Rows, blocks_of, counts_of, weighed

LEAST_OF_A_NEW_LABEL = 10
COST = 10.0
UNMET = -0.5
"""The bias of a label that nothing has spoken for yet."""
HOLD = 300.0
"""How strongly a feature of every message is held, against 1 for the rarest."""
PARTS = 5


@dataclass(frozen=True)
class Lesson:
    """One label before and after: how many of its held-out corrections are guessed right."""

    label: str
    messages: int
    before: float
    after: float


def learned(model: Model, corrections: Labelled) -> Model:
    """The model after these corrections; those of a label too new to be learned are left out."""
    names = _names(model, corrections.labels)
    kept = [at for at, label in enumerate(corrections.labels) if label in names]
    if not kept:
        return model
    features = [model.extractor.features(corrections.texts[at]) for at in kept]
    counts = {block: counts_of([each[block] for each in features], block) for block in BLOCKS}
    rarity = {block: _rarity(model.blocks[block], counts[block]) for block in BLOCKS}
    labels = np.array([names.index(corrections.labels[at]) for at in kept])
    start = _planes(model, len(names))
    planes = separate(
        weighed(counts, rarity), labels, len(names), COST, start=start, hold=_held(rarity)
    )
    count = len(names)
    mixing, offset = 2.5 * np.eye(count, dtype=np.float32), np.zeros(count, np.float32)
    mixing[: len(model.labels), : len(model.labels)] = model.mixing
    offset[: len(model.labels)] = model.offset
    return replace(
        model,
        labels=names,
        blocks=blocks_of(planes, rarity),
        bias=planes.bias,
        mixing=mixing,
        offset=offset,
        card={**model.card, "corrections": model.card.get("corrections", 0) + len(kept)},
    )


def lessons(model: Model, corrections: Labelled, seed: int = 1) -> list[Lesson]:
    """Before and after by label, each correction judged by a model that did not learn from it."""
    names = tuple(sorted(set(corrections.labels)))
    labels = np.array([names.index(label) for label in corrections.labels], dtype=np.int64)
    group = np.arange(len(labels), dtype=np.int64)
    before, after = _right(model, corrections, group), np.zeros(len(labels), dtype=bool)
    for seen, unseen in folds(labels, group, min(PARTS, len(labels)), seed):
        if len(seen) and len(unseen):
            after[unseen] = _right(learned(model, _only(corrections, seen)), corrections, unseen)
    return [
        Lesson(name, int(mine.sum()), float(before[mine].mean()), float(after[mine].mean()))
        for number, name in enumerate(names)
        if (mine := labels == number).any()
    ]


def _names(model: Model, labels: Sequence[str]) -> tuple[str, ...]:
    told = Counter(labels)
    new = {name for name, times in told.items() if times >= LEAST_OF_A_NEW_LABEL}
    return (*model.labels, *sorted(new - set(model.labels)))


def _planes(model: Model, count: int) -> Hyperplanes:
    """The model's own, with empty ones for labels that it lacks."""
    own = np.concatenate([model.blocks[name].weights * model.blocks[name].scale for name in BLOCKS])
    more = count - len(model.labels)
    return Hyperplanes(
        np.pad(own, ((0, 0), (0, more))).astype(np.float32),
        np.append(model.bias, np.full(more, UNMET)).astype(np.float32),
    )


def _rarity(block: Block, counts: Any) -> Floats:
    """The model's; what it had never met and several corrections name is as rare as can be."""
    rarity = block.rarity.astype(np.float32)
    told = np.bincount(counts.indices, minlength=len(rarity))
    rarity[(rarity == 0) & (told >= LEAST_MESSAGES)] = rarity.max()
    return rarity


def _held(rarity: dict[str, Floats]) -> Any:
    """The more messages taught a feature, the more strongly its weights are held."""
    shares = np.concatenate([np.exp(1 - rarity[block]) for block in BLOCKS]).astype(np.float64)
    return 1 + HOLD * shares


def _only(corrections: Labelled, rows: Rows) -> Labelled:
    return Labelled(
        texts=tuple(corrections.texts[row] for row in rows),
        labels=tuple(corrections.labels[row] for row in rows),
    )


def _right(model: Model, corrections: Labelled, rows: Rows) -> Any:
    return np.array(
        [model.guess(*corrections.texts[row]).best[0] == corrections.labels[row] for row in rows]
    )

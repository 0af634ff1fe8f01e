"""The plain baseline: TF-IDF of characters in ones, twos and threes, one label against the rest.

Features of a single message are left out. No lexicon, no words, no shares of blocks, no
calibration: its confidence is the softmax of its margins. The same messages and the same folds as
the model that ships.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from packs.learned.figures import figures
from packs.learned.hashing import code_points, counted, hashed
from packs.learned.labelled import Texts, folds
from packs.learned.model import Floats, probabilities
from packs.learned.solver import separate
from packs.learned.training import COST, LEAST_MESSAGES, PARTS, SEED, Corpus, Rows

BITS = 20


def plain_figures(read: Corpus, texts: Sequence[Texts]) -> dict[str, Any]:
    rows = read.firsts
    labels, group = read.labels[rows], read.group[rows]
    counts = _counts([texts[row] for row in rows])
    margins = np.zeros((len(rows), len(read.names)), dtype=np.float32)
    for seen, unseen in folds(labels, group, PARTS, SEED):
        margins[unseen] = _margins(counts, labels, seen, unseen, len(read.names))
    return figures([read.names[label] for label in labels], probabilities(margins), read.names)


def _counts(texts: Sequence[Texts]) -> Any:
    from scipy.sparse import csr_matrix

    found = [_grams("".join(fields).replace(" ", "")) for fields in texts]
    ends = np.cumsum([0, *(len(rows) for rows, _ in found)])
    rows = np.concatenate([rows for rows, _ in found])
    values = 1 + np.log(np.concatenate([counts for _, counts in found]))
    return csr_matrix((values, rows, ends), shape=(len(found), 1 << BITS))


def _grams(text: str) -> Any:
    points = code_points(text)
    return counted(np.concatenate([hashed(points, length) for length in (1, 2, 3)]), BITS)


def _margins(counts: Any, labels: Rows, seen: Rows, unseen: Rows, count: int) -> Floats:
    from scipy.sparse import diags

    told = np.bincount(counts[seen].indices, minlength=counts.shape[1])
    rarity = np.log((1 + len(seen)) / (1 + told)) + 1
    rarity[told < LEAST_MESSAGES] = 0
    rare = counts @ diags(rarity)
    rare.eliminate_zeros()
    lengths = np.sqrt(np.asarray(rare.multiply(rare).sum(axis=1)).ravel())
    rare = (diags(1 / np.maximum(lengths, 1e-9)) @ rare).tocsr().astype(np.float32)
    planes = separate(rare[seen], labels[seen], count, COST)
    return np.asarray(rare[unseen] @ planes.weights + planes.bias, dtype=np.float32)

"""Training: labelled messages become a `Model`, and cross-validation says what it is worth.

Copies of a message never stand on both sides of a split, and of each group of copies only the
first is counted. Calibration is learned from margins of messages that the margins had not seen.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packs.learned.figures import figures
from packs.learned.hashing import BITS, Extractor, Found, tokens, word_hash
from packs.learned.labelled import Labelled, Unusable, folds, group_numbers
from packs.learned.lexicon import LONGEST_WORD, Lexicon
from packs.learned.model import SHARES, Block, Floats, Model, probabilities, quantised
from packs.learned.script import UNSPACED, unspaced_share
from packs.learned.solver import Hyperplanes, calibrate, separate

COST = 1.0
PARTS = 5
SEED = 7
LEAST_MESSAGES = 2
"""A feature counts from so many messages on, so that none betrays a single one."""
LEAST_TOLD = 3
SEGMENTED = 3.5
"""Tokens no longer than this on average were cut into words by someone."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Corpus:
    """Labelled messages with their features, groups and label numbers."""

    names: tuple[str, ...]
    labels: Rows
    group: Rows
    features: tuple[dict[str, Found], ...]
    lexicon: Lexicon
    unspaced: float
    """The share of scripts without spaces in what was written."""

    @cached_property
    def firsts(self) -> Rows:
        """One message of each group of copies."""
        return np.sort(np.unique(self.group, return_index=True)[1])

    @cached_property
    def counts(self) -> dict[str, Any]:
        """For each block the messages' counts as a sparse matrix, damped by their logarithm."""
        blocks = self.features[0]
        return {
            block: counts_of([each[block] for each in self.features], block) for block in blocks
        }

    def with_labels(self, rows: NDArray[np.bool_], name: str) -> "Corpus":
        """The same messages, these of them under another label."""
        labels = np.where(rows, self.names.index(name), self.labels)
        return replace(self, labels=labels)

    def of(self, rows: Rows) -> dict[str, Any]:
        """The counts of these messages alone."""
        return {block: matrix[rows] for block, matrix in self.counts.items()}


def counts_of(found: Sequence[Found], block: str) -> Any:
    """The messages' features of one block, damped, as a sparse matrix."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(rows) for rows, _ in found)])
    rows = np.concatenate([rows for rows, _ in found])
    values = 1 + np.log(np.concatenate([counts for _, counts in found]))
    return csr_matrix((values, rows, ends), shape=(len(found), 1 << BITS[block]))


def corpus(labelled: Labelled, lexicon: Lexicon) -> Corpus:
    """Reads every message once. Words cut by someone are added to the lexicon."""
    if len(set(labelled.labels)) < 2:
        raise Unusable("labels", "need at least two kinds of messages")
    lexicon = _widened(lexicon, labelled)
    extractor = Extractor(lexicon)
    features = tuple(extractor.features(texts) for texts in labelled.texts)
    names = tuple(sorted(set(labelled.labels)))
    number = {name: at for at, name in enumerate(names)}
    return Corpus(
        names=names,
        labels=np.array([number[label] for label in labelled.labels]),
        group=group_numbers(labelled, [each["two"] for each in features]),
        features=features,
        lexicon=lexicon,
        unspaced=unspaced_share(text for texts in labelled.texts for text in texts),
    )


def _widened(lexicon: Lexicon, labelled: Labelled) -> Lexicon:
    said = Counter(token for texts in labelled.texts for text in texts for token in tokens(text))
    total = sum(said.values())
    if not total or sum(len(word) * n for word, n in said.items()) / total > SEGMENTED:
        return lexicon
    known = dict(zip(lexicon.hashes.tolist(), lexicon.weights.tolist(), strict=True))
    for word, times in said.items():
        if times >= LEAST_TOLD and len(word) <= LONGEST_WORD:
            known[word_hash(word)] = float(np.log(times / total))
    hashes = np.array(sorted(known), dtype=np.uint64)
    weights = np.array([known[each] for each in hashes.tolist()], dtype=np.float32)
    return Lexicon(hashes, weights)


@dataclass(frozen=True)
class Fitted:
    """Margins over the features of some messages, in 8 bits as they will be stored."""

    rarity: dict[str, Floats]
    blocks: dict[str, Block]
    bias: Floats
    shares: Mapping[str, float]

    @cached_property
    def weights(self) -> Floats:
        return np.concatenate([block.weights * block.scale for block in self.blocks.values()])

    def margins(self, corpus: Corpus, rows: Rows) -> Floats:
        said = weighed(corpus.of(rows), self.rarity, self.shares) @ self.weights + self.bias
        return np.asarray(said, dtype=np.float32)


def fit(corpus: Corpus, rows: Rows, shares: Mapping[str, float] = SHARES) -> Fitted:
    """Learns from these messages of the corpus alone; blocks without a share say nothing."""
    counts = corpus.of(rows)
    rarity = {block: _rarity(matrix) for block, matrix in counts.items()}
    planes = separate(
        weighed(counts, rarity, shares),
        corpus.labels[rows],
        len(corpus.names),
        COST,
    )
    return Fitted(rarity, blocks_of(planes, rarity), planes.bias, shares)


def blocks_of(planes: Hyperplanes, rarity: Mapping[str, Floats]) -> dict[str, Block]:
    blocks, start = {}, 0
    for name, rare in rarity.items():
        end = start + len(rare)
        weights, scale = quantised(planes.weights[start:end])
        blocks[name] = Block(rare.astype(np.float16), weights, scale)
        start = end
    return blocks


def weighed(
    counts: Mapping[str, Any], rarity: Mapping[str, Floats], shares: Mapping[str, float] = SHARES
) -> Any:
    """All blocks side by side, each message of length one in each, times the block's share."""
    from scipy.sparse import diags, hstack

    blocks = []
    for block, matrix in counts.items():
        rare = matrix @ diags(rarity[block])
        lengths = np.sqrt(np.asarray(rare.multiply(rare).sum(axis=1)).ravel())
        blocks.append(diags(shares.get(block, 0.0) / np.maximum(lengths, 1e-9)) @ rare)
    return hstack(blocks).tocsr()


def _rarity(matrix: Any) -> Floats:
    told = np.bincount(matrix.indices, minlength=matrix.shape[1])
    rarity = np.log((1 + matrix.shape[0]) / (1 + told)) + 1
    rarity[told < LEAST_MESSAGES] = 0
    return np.asarray(rarity.astype(np.float16), dtype=np.float32)


@dataclass(frozen=True)
class HeldOut:
    """What was said of messages by models that never saw them, and in which part each was."""

    names: tuple[str, ...]
    labels: Rows
    part: Rows
    margins: Floats

    def figures(self) -> dict[str, Any]:
        return figures(
            [self.names[label] for label in self.labels],
            self.calibrated(self.margins, self.part),
            self.names,
        )

    def calibrated(self, margins: Floats, part: Rows) -> Floats:
        """The odds of each part's messages under the calibration that the other parts teach."""
        odds = np.empty_like(margins)
        for each in np.unique(part):
            inside, others = part == each, self.part != each
            mixing, offset = calibrate(self.margins[others], self.labels[others])
            odds[inside] = probabilities(margins[inside] @ mixing + offset)
        return odds


@dataclass(frozen=True)
class Part:
    """One part of a cross-validation, and what was learned from all the others."""

    number: int
    rows: Rows
    fitted: Fitted


def parts(
    corpus: Corpus, seed: int = SEED, shares: Mapping[str, float] | None = None
) -> Iterator[Part]:
    """Parts of one message of each group of copies."""
    rows = corpus.firsts
    split = folds(corpus.labels[rows], corpus.group[rows], PARTS, seed)
    for number, (seen, unseen) in enumerate(split):
        yield Part(number, rows[unseen], fit(corpus, rows[seen], shares or SHARES))


def held_out(corpus: Corpus, found: Iterable[Part] | None = None) -> HeldOut:
    """Cross-validates, by these parts if they are at hand."""
    margins = np.zeros((len(corpus.labels), len(corpus.names)), dtype=np.float32)
    part = np.zeros(len(corpus.labels), dtype=np.int64)
    for each in found or parts(corpus):
        margins[each.rows] = each.fitted.margins(corpus, each.rows)
        part[each.rows] = each.number
    rows = corpus.firsts
    return HeldOut(corpus.names, corpus.labels[rows], part[rows], margins[rows])


def train(corpus: Corpus, card: Mapping[str, Any]) -> Model:
    """A model of all messages, calibrated and judged on what was held out in turn."""
    unseen = held_out(corpus)
    mixing, offset = calibrate(unseen.margins, unseen.labels)
    card = {
        **card,
        "messages": len(corpus.firsts),
        UNSPACED: round(corpus.unspaced, 4),
        "figures": unseen.figures(),
    }
    return model_of(corpus, corpus.firsts, (mixing, offset), card)


def model_of(
    corpus: Corpus,
    rows: Rows,
    calibration: tuple[Floats, Floats] | None = None,
    card: Mapping[str, Any] | None = None,
) -> Model:
    """A model of these messages; without a calibration its probabilities are rough."""
    fitted, count = fit(corpus, rows), len(corpus.names)
    mixing, offset = calibration or (np.eye(count, dtype=np.float32) * 2.5, np.zeros(count))
    return Model(
        labels=corpus.names,
        blocks=fitted.blocks,
        bias=fitted.bias,
        mixing=mixing,
        offset=np.asarray(offset, dtype=np.float32),
        lexicon=corpus.lexicon,
        card=card or {"name": "rough"},
    )

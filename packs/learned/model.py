"""A trained model: its numbers, how they become probabilities, and how they are stored.

Stored are arrays without pickle and a card in JSON. Whoever loads a model runs none of its code.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packs.errors import InvalidPack
from packs.learned.hashing import BITS, BLOCKS, GRAM, Extractor, Found
from packs.learned.lexicon import Lexicon

ARRAYS_FILE, CARD_FILE = "model.npz", "model.json"
FORMAT = 1

SHARES = {"one": 0.5, "two": 0.7, "three": 0.7, "word": 1.0, GRAM: 1.0}
"""How much each block weighs beside the others."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Block:
    """One kind of features: rarity and one weight per label, in 8 bits with a scale per label."""

    rarity: NDArray[np.float16]
    weights: NDArray[np.int8]
    scale: Floats

    def margins(self, found: Found, share: float) -> tuple[Floats, int]:
        """What the features say for each label, and how many of them are known."""
        rows, counts = found
        values = (1 + np.log(counts)) * self.rarity[rows].astype(np.float32)
        length = float(np.sqrt(values @ values))
        if length == 0:
            return np.zeros_like(self.scale), 0
        said = (values * (share / length)) @ self.weights[rows].astype(np.float32)
        return np.asarray(said * self.scale, np.float32), int(np.count_nonzero(values))


@dataclass(frozen=True)
class Guess:
    """The probability of each label, and how many words of the text the model has ever seen."""

    probabilities: dict[str, float]
    known_words: int
    words: int

    @property
    def best(self) -> tuple[str, float]:
        return max(self.probabilities.items(), key=lambda item: item[1])

    @property
    def known_share(self) -> float:
        return self.known_words / max(self.words, 1)


@dataclass(frozen=True)
class Model:
    """`mixing` and `offset` turn margins into calibrated log-odds.

    It has the blocks of whole messages, or the one of passages (`packs.learned.urgency`).
    """

    labels: tuple[str, ...]
    blocks: Mapping[str, Block]
    bias: Floats
    mixing: Floats
    offset: Floats
    lexicon: Lexicon
    card: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.card["name"])

    @cached_property
    def extractor(self) -> Extractor:
        return Extractor(self.lexicon)

    def guess(self, *texts: str) -> Guess:
        """What the fields of one message are about."""
        return self.guess_features(self.extractor.features(texts))

    def guess_features(self, features: Mapping[str, Found]) -> Guess:
        margins, known = self.bias.copy(), 0
        for name, block in self.blocks.items():
            said, known = block.margins(features[name], SHARES[name])
            margins += said
        odds = probabilities(margins @ self.mixing + self.offset)
        return Guess(
            dict(zip(self.labels, map(float, odds), strict=True)), known, len(features["word"][0])
        )

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, NDArray[Any]] = {
            "bias": self.bias,
            "mixing": self.mixing,
            "offset": self.offset,
            "lexicon_hashes": self.lexicon.hashes,
            "lexicon_weights": self.lexicon.weights.astype(np.float16),
        }
        for name, block in self.blocks.items():
            for part, array in vars(block).items():
                arrays[f"{name}_{part}"] = array
        np.savez_compressed(folder / ARRAYS_FILE, allow_pickle=False, **arrays)
        card = {"format": FORMAT, "labels": self.labels, **self.card}
        text = json.dumps(card, ensure_ascii=False, indent=2)
        (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> Model:
    """Raises `InvalidPack` where the folder holds no model of a known format."""
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        if card.pop("format") != FORMAT:
            raise InvalidPack(str(folder), CARD_FILE, "is of another format: train it again")
        with np.load(folder / ARRAYS_FILE, allow_pickle=False) as arrays:
            return _model(card, dict(arrays))
    except (OSError, KeyError, ValueError) as broken:
        raise InvalidPack(str(folder), "", f"holds no model: {broken}") from None


def _model(card: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Model:
    names = [name for name in BITS if f"{name}_weights" in arrays]
    blocks = {
        name: Block(arrays[f"{name}_rarity"], arrays[f"{name}_weights"], arrays[f"{name}_scale"])
        for name in names
    }
    if set(names) not in ({GRAM}, set(BLOCKS)):
        raise ValueError("its blocks are not all there")
    labels = tuple(map(str, card.pop("labels")))
    for name, block in blocks.items():
        if block.weights.shape != (1 << BITS[name], len(labels)):
            raise ValueError(f"{name} has another shape")
    return Model(
        labels=labels,
        blocks=blocks,
        bias=arrays["bias"],
        mixing=arrays["mixing"],
        offset=arrays["offset"],
        lexicon=Lexicon(arrays["lexicon_hashes"], arrays["lexicon_weights"].astype(np.float32)),
        card=card,
    )


def probabilities(odds: Floats) -> Floats:
    """Log-odds of labels, the last axis, as shares of one."""
    raised = np.exp(odds - odds.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float32)


def quantised(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Eight bits per weight, and for each label the factor that brings them back."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    return np.rint(weights / scale).astype(np.int8), scale.astype(np.float32)

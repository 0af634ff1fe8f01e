"""The models that ship with the project, and those that a city keeps beside its packs."""

import json
from functools import cache
from pathlib import Path

import numpy as np

from packs.errors import InvalidPack
from packs.learned.lexicon import Lexicon
from packs.learned.model import CARD_FILE, Model, load

MODELS = Path(__file__).parents[1] / "models"
CHINESE = "zh-2026.1"


@cache
def named_model(name: str, root: Path = MODELS) -> Model:
    """Read once per process. Raises `InvalidPack`."""
    return load(root / name)


def labels_of(name: str, root: Path = MODELS) -> tuple[str, ...]:
    """What a model can say, without loading its weights. Raises `InvalidPack`."""
    try:
        card = json.loads((root / name / CARD_FILE).read_text(encoding="utf-8"))
        return tuple(map(str, card["labels"]))
    except (OSError, KeyError, ValueError):
        raise InvalidPack(name, CARD_FILE, "no such model") from None


def chinese_lexicon() -> Lexicon:
    """What runs of Chinese are cut by when the labelled file does not show its words."""
    if not (MODELS / CHINESE).exists():
        return Lexicon(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.float32))
    return named_model(CHINESE).lexicon

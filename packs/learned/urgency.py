"""How urgent words read to a model, where no rule of the pack knows them.

Danger is said in more ways than any list of words holds. The model raises a tier as a rule does,
with its name and how sure it is as the reason, and lowers none.
"""

import numpy as np

from domain.vocabulary import Tier
from packs.learned.grams import Grams, grams
from packs.learned.hashing import GRAM
from packs.learned.model import Floats, Model, probabilities
from packs.learned.passages import passages
from packs.learned.shipped import named_model
from packs.pack_file import UrgencyEntry
from packs.tiers import URGENCY


def raised_by_model(tier: Tier, read: str, entry: UrgencyEntry) -> tuple[Tier, tuple[str, ...]]:
    """The most urgent tier that the model is sure enough of, and why, if more than `tier`."""
    model = named_model(entry.model)
    likely = likelihoods(model, read)
    for called, least in ((Tier.EMERGENCY, entry.emergency), (Tier.UTILITY, entry.utility)):
        likelihood = likely.get(called, 0.0)
        if likelihood >= least and URGENCY[called] > URGENCY[tier]:
            return called, (f"tier {called}: reads like one to {model.name} ({likelihood:.2f})",)
    return tier, ()


def likelihoods(model: Model, read: str) -> dict[str, float]:
    """For each label how likely it is of that passage which speaks for it most."""
    told = passages(read)
    if not told:
        return {}
    best = odds(model, told).max(axis=0)
    return dict(zip(model.labels, map(float, best), strict=True))


def odds(model: Model, told: tuple[str, ...]) -> Floats:
    """One row per passage, one column per label."""
    return probabilities(_margins(model, grams(told)) @ model.mixing + model.offset)


def _margins(model: Model, found: Grams) -> Floats:
    block = model.blocks[GRAM]
    values = (1 + np.log(found.counts)) * block.rarity[found.row].astype(np.float32)
    weighed = values[:, None] * block.weights[found.row].astype(np.float32)
    lengths = np.sqrt(np.bincount(found.passage, values**2, found.passages))
    said = [np.bincount(found.passage, column, found.passages) for column in weighed.T]
    shares = np.stack(said, axis=1) / np.maximum(lengths, 1e-9)[:, None]
    return np.asarray(shares * block.scale + model.bias, dtype=np.float32)

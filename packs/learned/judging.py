"""A stored model against a labelled file: no training, so NumPy is enough."""

from typing import Any

import numpy as np

from packs.learned.figures import figures
from packs.learned.labelled import Labelled, group_numbers
from packs.learned.model import Model


def judge(model: Model, labelled: Labelled) -> dict[str, Any]:
    """One message of each group of copies counts; a label that the model lacks is always missed."""
    features = [model.extractor.features(texts) for texts in labelled.texts]
    group = group_numbers(labelled, [each["two"] for each in features])
    firsts = np.sort(np.unique(group, return_index=True)[1])
    guesses = [model.guess_features(features[row]).probabilities for row in firsts]
    odds = np.array([[guess[name] for name in model.labels] for guess in guesses], np.float32)
    truth = [labelled.labels[row] for row in firsts]
    return {"model": model.name, "messages": len(labelled), **figures(truth, odds, model.labels)}

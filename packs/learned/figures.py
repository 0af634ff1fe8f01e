"""The figures by which a classifier is judged, from what it said of messages it had not seen."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10
ACCURACIES = (0.99, 0.98, 0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.90)
SHARES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)


def figures(
    truth: Sequence[str], odds: NDArray[np.float32], labels: Sequence[str]
) -> dict[str, Any]:
    """`odds`: for each message the probability of each label. A label never guessed has F1 0."""
    names = np.array(labels)
    real, said = np.array(truth), names[odds.argmax(axis=1)]
    right, confidence = said == real, odds.max(axis=1)
    per_class = {str(label): _class(real == label, said == label) for label in np.unique(real)}
    return {
        "judged": len(real),
        "accuracy": _rounded(right.mean()),
        "macro_f1": _rounded(np.mean([each["f1"] for each in per_class.values()])),
        "per_class": per_class,
        "calibration": calibration(right, confidence),
        "coverage": coverage(right, confidence),
    }


def coverage(right: NDArray[np.bool_], confidence: NDArray[np.float32]) -> list[dict[str, float]]:
    """Points of the curve: sent without a person are those at least so confident.

    `share` of all messages, of whom `accuracy` are sent right; the smallest share first.
    """
    order = np.argsort(-confidence, kind="stable")
    accuracy = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    ends = {max(round(share * len(right)), 1) for share in SHARES}
    for wanted in ACCURACIES:
        reached = np.flatnonzero(accuracy >= wanted)
        if len(reached):
            ends.add(int(reached[-1]) + 1)
    return [
        {
            "accuracy": _rounded(accuracy[end - 1]),
            "share": _rounded(end / len(right)),
            "confidence": _rounded(confidence[order[end - 1]]),
        }
        for end in sorted(ends)
    ]


def share_at(coverage: Sequence[Mapping[str, float]], accuracy: float) -> Mapping[str, float]:
    """The widest point of the curve that is at least so accurate; nobody, where none is."""
    fit = [point for point in coverage if point["accuracy"] >= accuracy]
    return max(
        fit, key=lambda p: p["share"], default={"share": 0.0, "accuracy": 1.0, "confidence": 1.0}
    )


def _class(real: NDArray[np.bool_], said: NDArray[np.bool_]) -> dict[str, float]:
    hits = float((real & said).sum())
    precision, recall = hits / max(said.sum(), 1), hits / max(real.sum(), 1)
    f1 = 2 * hits / max(real.sum() + said.sum(), 1)
    return {
        "precision": _rounded(precision),
        "recall": _rounded(recall),
        "f1": _rounded(f1),
        "messages": int(real.sum()),
    }


def calibration(right: NDArray[np.bool_], confidence: NDArray[np.float32]) -> dict[str, Any]:
    """`error`: how far confidence and accuracy lie apart, on average over the messages."""
    number = np.minimum((confidence * BINS).astype(int), BINS - 1)
    bins, error = [], 0.0
    for each in range(BINS):
        inside = number == each
        if inside.any():
            said, was = confidence[inside].mean(), right[inside].mean()
            error += abs(said - was) * inside.mean()
            bins.append(
                {
                    "confidence": _rounded(said),
                    "accuracy": _rounded(was),
                    "share": _rounded(inside.mean()),
                }
            )
    return {"error": _rounded(error), "bins": bins}


def _rounded(value: Any) -> float:
    return round(float(value), 4)

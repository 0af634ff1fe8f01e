"""The two convex problems behind a model: margins, and the probabilities that they stand for.

Needs SciPy, which is installed for training only.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from packs.learned.model import Floats, probabilities

Doubles = NDArray[np.float64]
HOW = {"maxiter": 80, "maxcor": 6, "ftol": 1e-4}
AT_ONCE = 2
"""Labels that are learned at the same time."""
LEAN = 1e-3
"""How strongly calibration is held to plain scaling."""


@dataclass(frozen=True)
class Hyperplanes:
    """One column of weights and one bias per label."""

    weights: Floats
    bias: Floats


def separate(
    rows: Any,
    labels: NDArray[np.int64],
    count: int,
    cost: float,
    start: Hyperplanes | None = None,
    hold: Doubles | None = None,
) -> Hyperplanes:
    """Each label against the rest: squared hinge loss, and weights held near `start`, else zero.

    `rows` is a sparse matrix; `hold` says how strongly each weight is held. With a `start` the
    bias, which every message shares, stays as it is.
    """
    before = start or Hyperplanes(
        np.zeros((rows.shape[1], count), np.float32), np.zeros(count, np.float32)
    )
    stretch = np.ones(rows.shape[1]) if hold is None else np.sqrt(hold)
    used = np.unique(rows.indices)
    stretch = stretch[used]
    rows = rows[:, used].multiply(1 / stretch).tocsr().astype(np.float32)
    rows.indices, rows.indptr = rows.indices.astype(np.int32), rows.indptr.astype(np.int32)
    columns = rows.T.tocsr()
    weights, bias = before.weights.copy(), before.bias.copy()

    def against_rest(label: int) -> Doubles:
        origin = np.append(before.weights[used, label] * stretch, before.bias[label])
        sides = np.where(labels == label, 1.0, -1.0)
        return _one_against_rest(
            rows, columns, sides, cost, origin.astype(np.float64), start is None
        )

    with ThreadPoolExecutor(AT_ONCE) as threads:  # SciPy multiplies without holding the others up
        for label, found in enumerate(threads.map(against_rest, range(count))):
            weights[used, label], bias[label] = found[:-1] / stretch, found[-1]
    return Hyperplanes(weights, bias)


def _one_against_rest(
    rows: Any, columns: Any, sides: Doubles, cost: float, origin: Doubles, free_bias: bool
) -> Doubles:
    def loss(at: Doubles) -> tuple[float, Doubles]:
        moved = at - origin
        short = np.maximum(1 - sides * (rows @ at[:-1].astype(np.float32) + at[-1]), 0)
        pull = -2 * cost * sides * short
        slope = moved + np.append(columns @ pull.astype(np.float32), pull.sum() if free_bias else 0)
        return 0.5 * float(moved @ moved) + cost * float(short @ short), slope

    found = minimize(loss, origin, jac=True, method="L-BFGS-B", options=HOW)
    return np.asarray(found.x, dtype=np.float64)


def calibrate(margins: Floats, labels: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Mixing and offset that make margins of unseen messages into honest log-odds."""
    return softmax_regression(margins, labels, margins.shape[1], LEAN)


def softmax_regression(
    inputs: Floats, labels: NDArray[np.int64], count: int, lean: float
) -> tuple[Floats, Floats]:
    """A layer over inputs whose first `count` columns are the labels' margins.

    It is held, `lean` says how strongly, to plain scaling of the margins and to no other input.
    """
    width = inputs.shape[1]
    truth = np.eye(count)[labels]
    plain = np.append(2.5 * np.eye(width, count).ravel(), np.zeros(count))

    def loss(at: Doubles) -> tuple[float, Doubles]:
        mixing, offset = at[: width * count].reshape(width, count), at[width * count :]
        odds = probabilities(np.asarray(inputs @ mixing + offset, np.float32)).astype(np.float64)
        miss = (odds - truth) / len(labels)
        away = at - plain
        value = -float(np.log(odds[truth > 0] + 1e-12).mean()) + lean / 2 * float(away @ away)
        return value, np.append((inputs.T @ miss).ravel(), miss.sum(axis=0)) + lean * away

    found = minimize(loss, plain, jac=True, method="L-BFGS-B")
    mixing, offset = found.x[: width * count].reshape(width, count), found.x[width * count :]
    return mixing.astype(np.float32), offset.astype(np.float32)

"""What was tried beside the model that ships: on the same folds, what it adds and what it costs.

Runs only when it is asked for, a quarter of an hour or more.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cli.bench_words.encoders import CUTTER, ENCODERS, cut, encoded, installed, megabytes
from cli.bench_words.figure import Figure
from cli.bench_words.messages import TYPED, labelled, read_corpus
from packs.learned.figures import figures, share_at
from packs.learned.hashing import Extractor
from packs.learned.labelled import read_labelled
from packs.learned.model import Floats, probabilities
from packs.learned.near import groups
from packs.learned.shipped import chinese_lexicon
from packs.learned.solver import LEAN, softmax_regression
from packs.learned.training import Corpus, HeldOut, Part, corpus, fit, held_out, parts

CONFIDENT = 0.95
ALONE, BESIDE = 10.0, (1.0, 3.0)
"""How long a vector is beside the margins, which are held just as they are in calibration."""
BLOCKS = {
    "characters alone": {"one": 0.5, "two": 0.7, "three": 0.7},
    "words alone": {"word": 1.0},
}


def ensembles(data: Path) -> Iterator[Figure]:
    read = read_corpus(data)
    texts = ["".join(fields).replace(" ", "") for fields in labelled(data).texts]
    learned = list(parts(read))
    ships = held_out(read, learned)
    odds = ships.calibrated(ships.margins, ships.part)
    yield from _compared("ships", ships, odds, None)
    compared = partial(_compared, ships=ships, against=odds)
    for name, scaled in _calibrations(ships):
        yield from compared(f"calibration: {name}", odds=scaled)
    yield from compared("self-training", odds=_self_trained(data, read, learned, ships))
    variants = {name: held_out(read, parts(read, shares=each)) for name, each in BLOCKS.items()}
    for name, variant in variants.items():
        yield from compared(name, odds=variant.calibrated(variant.margins, variant.part))
    joined = np.hstack([ships.margins, *(each.margins for each in variants.values())])
    yield from compared("these three together", odds=_layered(ships, joined, LEAN))
    if installed(CUTTER):
        begun = process_time()
        words = tuple((text,) for text in cut(texts))
        spent = (process_time() - begun) * 1000 / len(texts)
        again = replace(labelled(data), texts=words)
        found = held_out(corpus(again, chinese_lexicon()))
        cut_again = found.calibrated(found.margins, found.part)
        yield from compared(f"words cut by {CUTTER}", odds=cut_again)
        yield from _cost(CUTTER, spent)
    yield from _encoders(ships, odds, [texts[row] for row in read.firsts])


def _compared(name: str, ships: HeldOut, odds: Floats, against: Floats | None) -> Iterator[Figure]:
    truth = [ships.names[label] for label in ships.labels]
    found = figures(truth, odds, ships.names)
    was = figures(truth, against, ships.names) if against is not None else None
    for what, value in _worth(found):
        yield Figure(
            what=f"{name}: {what}",
            value=value,
            n=len(truth),
            unit="%" if what.startswith("without") else "",
            baseline=dict(_worth(was))[what] if was else None,
            against="ships",
        )


def _worth(found: dict[str, Any]) -> Iterator[tuple[str, float]]:
    yield "accuracy", found["accuracy"]
    yield "macro-F1", found["macro_f1"]
    yield "without a person at 0.95", share_at(found["coverage"], 0.95)["share"]
    yield "calibration error", found["calibration"]["error"]


def _cost(package: str, milliseconds: float) -> Iterator[Figure]:
    yield Figure(what=f"{package}: CPU a message", value=milliseconds, unit="ms")
    yield Figure(what=f"{package}: installed", value=megabytes(package), unit="MB")


def _calibrations(ships: HeldOut) -> Iterator[tuple[str, Floats]]:
    yield "none", probabilities(ships.margins)
    yield "one factor for all", probabilities(2.5 * ships.margins)
    yield "held less", _layered(ships, ships.margins, 1e-5)
    yield "held more", _layered(ships, ships.margins, 1e-2)


def _layered(ships: HeldOut, inputs: Floats, lean: float) -> Floats:
    """A softmax layer over held-out inputs; each part under the layer of the others."""
    odds = np.empty_like(ships.margins)
    for each in np.unique(ships.part):
        inside = ships.part == each
        mixing, offset = softmax_regression(
            inputs[~inside], ships.labels[~inside], len(ships.names), lean
        )
        odds[inside] = probabilities(inputs[inside] @ mixing + offset)
    return odds


def _encoders(ships: HeldOut, odds: Floats, texts: list[str]) -> Iterator[Figure]:
    for encoder in ENCODERS:
        if not installed(encoder.package):
            continue
        rows = np.sort(np.random.default_rng(1).permutation(len(texts))[: encoder.sample])
        vectors, spent = encoded(encoder, [texts[row] for row in rows])
        some = _only(ships, rows)
        unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        alone = np.hstack([np.zeros_like(some.margins), ALONE * unit])
        name = encoder.package
        yield from _compared(f"{name} alone", some, _layered(some, alone, LEAN), odds[rows])
        for length in BESIDE:
            both = _layered(some, np.hstack([some.margins, length * unit]), LEAN)
            yield from _compared(f"ships and {name} x{length:.0f}", some, both, odds[rows])
        yield from _cost(encoder.package, spent)


def _only(ships: HeldOut, rows: NDArray[np.int64]) -> HeldOut:
    return replace(
        ships, labels=ships.labels[rows], part=ships.part[rows], margins=ships.margins[rows]
    )


def _self_trained(data: Path, read: Corpus, learned: list[Part], ships: HeldOut) -> Floats:
    """Learned again with unlabelled messages, no copies of labelled ones, whose label is sure."""
    raw = read_labelled(data / TYPED, ["title", "detail"], "id")
    extractor = Extractor(read.lexicon)
    more = [extractor.features(texts) for texts in raw.texts]
    leaders = groups([each["two"] for each in (*read.features, *more)])
    taken = set(leaders[: len(read.features)])
    new = [at for at in range(len(more)) if leaders[len(read.features) + at] not in taken]
    unlabelled = replace(
        read,
        labels=np.zeros(len(new), dtype=np.int64),
        group=np.arange(len(new)),
        features=tuple(more[at] for at in new),
    )
    margins = ships.margins.copy()
    for each in learned:
        said = each.fitted.margins(unlabelled, np.arange(len(new)))
        odds = ships.calibrated(said, np.full(len(new), each.number))
        sure = np.flatnonzero(odds.max(axis=1) >= CONFIDENT)
        wider = replace(
            read,
            labels=np.append(read.labels, odds.argmax(axis=1)),
            group=np.append(read.group, -1 - np.arange(len(new))),
            features=(*read.features, *unlabelled.features),
        )
        seen = np.setdiff1d(read.firsts, each.rows)
        fitted = fit(wider, np.append(seen, len(read.features) + sure))
        margins[np.isin(read.firsts, each.rows)] = fitted.margins(read, each.rows)
    again = replace(ships, margins=margins)
    return again.calibrated(margins, ships.part)

"""The first level, learned: cross-validated, near-duplicates on one side, beside its baseline."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from cli.bench_words.figure import Figure
from cli.bench_words.messages import as_typed, labelled, read_corpus
from cli.bench_words.plain import plain_figures
from packs.learned.figures import figures, share_at
from packs.learned.training import Corpus, HeldOut, Part, held_out, parts

AGAINST = "plain characters"


def level1(data: Path) -> Iterator[Figure]:
    read = read_corpus(data)
    plain = plain_figures(read, labelled(data).texts)
    learned = list(parts(read))
    unseen = held_out(read, learned)
    ships = unseen.figures()
    n = len(unseen.labels)
    for what, key, floor in (("accuracy", "accuracy", 0.92), ("macro-F1", "macro_f1", 0.918)):
        yield Figure(
            what=what, value=ships[key], n=n, baseline=plain[key], against=AGAINST, floor=floor
        )
    yield Figure(
        what="without a person at accuracy 0.95",
        value=_share(ships),
        n=n,
        unit="%",
        baseline=_share(plain),
        against=AGAINST,
        floor=0.90,
    )
    yield Figure(
        what="calibration error",
        value=ships["calibration"]["error"],
        n=n,
        baseline=plain["calibration"]["error"],
        against=AGAINST,
        ceiling=0.03,
    )
    yield from _typed(as_typed(data, read), read, unseen, learned)


def _share(found: dict[str, Any]) -> float:
    return float(share_at(found["coverage"], 0.95)["share"])


def _typed(
    typed: Corpus, read: Corpus, unseen: HeldOut, learned: Sequence[Part]
) -> Iterator[Figure]:
    """Messages as typed, each judged by the model of the folds that its group is not in."""
    part_of = {read.group[row]: part.number for part in learned for row in part.rows}
    rows = typed.firsts
    part = np.array([part_of[group] for group in typed.group[rows]])
    margins = np.zeros((len(rows), len(read.names)), dtype=np.float32)
    for each in learned:
        inside = part == each.number
        margins[inside] = each.fitted.margins(typed, rows[inside])
    odds = unseen.calibrated(margins, part)
    found = figures([typed.names[label] for label in typed.labels[rows]], odds, read.names)
    same = np.isin(read.group[read.firsts], typed.group[rows])
    lists = replace(
        unseen, labels=unseen.labels[same], margins=unseen.margins[same], part=unseen.part[same]
    )
    was = figures(
        [read.names[label] for label in lists.labels],
        unseen.calibrated(lists.margins, lists.part),
        read.names,
    )
    for what, key, floor in (("accuracy", "accuracy", 0.88), ("macro-F1", "macro_f1", 0.87)):
        yield Figure(
            what=f"{what} on messages as typed",
            value=found[key],
            n=len(rows),
            baseline=was[key],
            against="as word lists",
            floor=floor,
        )
    yield Figure(
        what="without a person at accuracy 0.95, as typed",
        value=_share(found),
        n=len(rows),
        unit="%",
        baseline=_share(was),
        against="as word lists",
    )

"""Writes `packs/models/urgency-2026.1`: what reads urgent to someone who knows no list of words.

It learns from `urgency_calls.csv`, which is made up, and from the public messages labelled after
docs/tier-rubric.md, all but those that are kept to judge by; without a folder of such messages,
from the calls alone.

    python scripts/write_urgency.py ../shared/data
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from cli.bench_words.calls import reports
from cli.bench_words.tiers import Row, rows_of
from packs.learned.card import CARD_TEXT, READS, card_text
from packs.learned.grams import grams
from packs.learned.hashing import GRAM
from packs.learned.lexicon import Lexicon
from packs.learned.model import Model
from packs.learned.passages import passages
from packs.learned.script import unspaced_share
from packs.learned.shipped import MODELS
from packs.learned.training import Corpus, model_of, train
from packs.learned.urgency import odds

NAME = "urgency-2026.1"
CALLS = Path(__file__).with_name("urgency_calls.csv")
LEARNED_FROM = frozenset({"tune", "tune2", "words-tune"})
NONE = "none"
MISLEADING = 4
"""So many passages of a message that is not urgent are learned: those that read most like it."""

Passage = tuple[str, str]


def main(data: Path | None) -> None:
    calls = list(_of_calls())
    real = (*rows_of(data), *reports(data)) if data else ()
    messages = [row for row in real if row.split in LEARNED_FROM and passages(row.text)]
    made = _corpus(calls)
    first = model_of(made, made.firsts)
    told = [passage for row in messages for passage in _most_telling(first, row)]
    card = {
        "name": NAME,
        READS: "passages",
        "trained": f"{datetime.now(UTC):%Y-%m-%d}",
        "file": CALLS.name,
        "origin": f"{len(calls)} passages of made-up calls, and {len(told)} passages of "
        f"{len(messages)} public messages that were labelled by hand.",
    }
    model = train(_corpus([*calls, *told]), card)
    model.save(MODELS / NAME)
    (MODELS / NAME / CARD_TEXT).write_text(card_text(model.card, model.labels), encoding="utf-8")


def _of_calls() -> Iterator[Passage]:
    """Of an urgent letter the sentence that says so; of others every passage."""
    with CALLS.open(encoding="utf-8", newline="") as lines:
        for call in csv.DictReader(lines):
            if call["where"]:
                yield call["where"], call["label"]
            elif call["label"] != NONE:
                yield call["text"], call["label"]
            else:
                yield from ((passage, NONE) for passage in passages(call["text"]))


def _most_telling(model: Model, row: Row) -> Iterable[Passage]:
    told = passages(row.text)
    likely = odds(model, told)[:, model.labels.index(row.label)]
    if row.label != NONE:
        return [(told[int(likely.argmax())], row.label)]
    return [(told[at], NONE) for at in likely.argsort()[:MISLEADING]]


def _corpus(told: Sequence[Passage]) -> Corpus:
    """No two of the calls are alike, so each passage is a group of its own."""
    texts, labels = zip(*told, strict=True)
    found, names = grams(texts), tuple(sorted(set(labels)))
    return Corpus(
        names=names,
        labels=np.array([names.index(label) for label in labels]),
        group=np.arange(len(texts)),
        features=tuple({GRAM: found.of(number)} for number in range(len(texts))),
        lexicon=Lexicon(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.float32)),
        unspaced=unspaced_share(texts),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)

"""The whole default path, from opened words to category, tier and place, on one core."""

from collections.abc import Iterator
from pathlib import Path
from time import process_time

import numpy as np

from cli.bench_words.figure import Figure
from cli.bench_words.messages import TYPED
from domain.vocabulary import Demand
from packs.classifier import OpenedWords
from packs.learned.classifier import LearnedClassifier
from packs.learned.labelled import read_labelled
from packs.learned.shipped import CHINESE, MODELS
from packs.loader import load_pack

TIMED = 2_000
LEAST_A_SECOND, LONGEST_MS = 200, 30
"""Looser than what is aimed at (300, and 20 ms): the machine may be a slow one."""


def speed(data: Path) -> Iterator[Figure]:
    pack, classifier = load_pack("cn-beijing"), LearnedClassifier()
    rows = read_labelled(data / TYPED, ["title", "detail"], "id").texts[:TIMED]
    spent, sure = [], 0
    for title, text in [rows[0], *rows]:
        begun = process_time()
        words = OpenedWords(title=title, text=text, demand=Demand.COMPLAINT)
        sure += classifier.classify(words, pack).sure
        spent.append((process_time() - begun) * 1000)
    spent = spent[1:]  # the first one loads the model
    size = sum(file.stat().st_size for file in (MODELS / CHINESE).iterdir()) / 1e6
    n = len(spent)
    yield Figure(
        what="messages a second of CPU",
        value=1000 / float(np.mean(spent)),
        n=n,
        floor=LEAST_A_SECOND,
    )
    yield Figure(what="p50", value=float(np.median(spent)), unit="ms")
    yield Figure(what="p99", value=float(np.percentile(spent, 99)), unit="ms", ceiling=LONGEST_MS)
    yield Figure(what="model on disk", value=size, unit="MB")
    yield Figure(what="sure down to the category", value=sure / n, n=n, unit="%")

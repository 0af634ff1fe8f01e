"""The Chinese messages, as every section reads them."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from packs.learned.hashing import Extractor
from packs.learned.labelled import Labelled, read_labelled
from packs.learned.shipped import chinese_lexicon
from packs.learned.training import Corpus, corpus

SEGMENTED = "zh_messages/labelled_segmented_dev.csv.gz"
TYPED = "zh_messages/hotspot_messages_4326.csv.gz"
TYPED_AND_LABELLED = "zh_messages/labelled_raw_dev.csv.gz"


@cache
def labelled(data: Path) -> Labelled:
    return read_labelled(data / SEGMENTED, ["words"], "label")


@cache
def read_corpus(data: Path) -> Corpus:
    """Features of all labelled messages; half a minute, so it is made once a run."""
    return corpus(labelled(data), chinese_lexicon())


def as_typed(data: Path, read: Corpus) -> Corpus:
    """Messages of the word lists as they were typed, under the lists' labels and groups."""
    raw = read_labelled(data / TYPED_AND_LABELLED, ["title", "detail"], "label")
    extractor = Extractor(read.lexicon)
    number = {name: at for at, name in enumerate(read.names)}
    of_group = dict(zip(labelled(data).group or (), read.group, strict=True))
    kept = [at for at, group in enumerate(raw.group or ()) if group in of_group]
    return replace(
        read,
        labels=np.array([number[raw.labels[at]] for at in kept]),
        group=np.array([of_group[(raw.group or ())[at]] for at in kept]),
        features=tuple(extractor.features(raw.texts[at]) for at in kept),
    )

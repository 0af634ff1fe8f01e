"""The Chinese messages, as every section reads them."""

from functools import cache
from pathlib import Path

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

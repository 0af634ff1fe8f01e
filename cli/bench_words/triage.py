"""What goes to a person and why, from words alone: no category chosen, no address given.

The flag of abuse is judged on every message that it flags: `labels/abuse.csv` says of each whether
the writer insults a person (`abuse`), reports an insult (`quoted`) or does neither. One labeller
labelled.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cli.bench_words.figure import Figure
from cli.bench_words.messages import TYPED
from domain.vocabulary import Demand
from packs.abuse import ABUSIVE
from packs.classifier import CatalogueClassifier, Classifier, OpenedWords
from packs.learned.classifier import LearnedClassifier
from packs.learned.labelled import read_labelled
from packs.loader import load_pack

LABELS = Path(__file__).with_name("labels") / "abuse.csv"
CLASSIFIED = 2_000
ABOUT_THE_PLACE = "the place is in doubt"
CAUSES = (
    "the words leave it unsure",
    "no word of the catalogue found",
    "too few words that the model knows",
    "several matters in one message",
    "a person decides whether it goes another way",
    "the catalogue does not expect this",
    ABUSIVE,
)
"""How the reasons begin for which a person gets a complaint; else its place is in doubt."""
WRITTEN = {
    "cn-beijing": (
        "zh_messages/hotspot_messages_4326.csv.gz",
        "zh_messages/replies_2816.csv.gz",
        "zh_messages/labelled_raw_dev.csv.gz",
    ),
    "us-boston-2015": ("english_citizen_text/reports_dev.csv.gz",),
}
FIELDS = {"cn-beijing": ["title", "detail"], "us-boston-2015": ["summary", "text"]}


def triage(data: Path) -> Iterator[Figure]:
    yield from _to_a_person(data)
    for pack in WRITTEN:
        yield from _flagged(data, pack)


def _to_a_person(data: Path) -> Iterator[Figure]:
    read = read_labelled(data / TYPED, ["title", "detail"], "id").texts[:CLASSIFIED]
    unsure = _unsure(read, LearnedClassifier())
    causes = Counter(cause for reasons in unsure for cause in _causes(reasons))
    yield Figure(
        what="goes to a person",
        value=len(unsure) / len(read),
        n=len(read),
        unit="%",
        baseline=len(_unsure(read, CatalogueClassifier())) / len(read),
        against="words of the catalogue alone",
    )
    for cause, times in causes.most_common():
        yield Figure(what=f"because {cause}", value=times / len(read), unit="%")


def _unsure(read: Sequence[Sequence[str]], classifier: Classifier) -> list[tuple[str, ...]]:
    """The reasons of each message that a person gets."""
    pack = load_pack("cn-beijing")
    found = (
        classifier.classify(OpenedWords(title=title, text=text, demand=Demand.COMPLAINT), pack)
        for title, text in read
    )
    return [each.reasons for each in found if not each.sure]


def _causes(reasons: tuple[str, ...]) -> set[str]:
    named = {cause for cause in CAUSES for reason in reasons if reason.startswith(cause)}
    return named or {ABOUT_THE_PLACE}


def _flagged(data: Path, pack: str) -> Iterator[Figure]:
    abuse = load_pack(pack).catalogue.abuse
    with LABELS.open(encoding="utf-8", newline="") as lines:
        labels = {(row["file"], row["id"]): row["label"] for row in csv.DictReader(lines)}
    messages, flagged = 0, []
    for file in WRITTEN[pack]:
        read = read_labelled(data / file, FIELDS[pack], "id")
        messages += len(read)
        flagged += [
            labels.get((Path(file).name, number), "unlabelled")
            for said, number in zip(read.texts, read.labels, strict=True)
            if abuse.said_in("\n".join(said))
        ]
    yield Figure(
        what=f"flagged as abusive, {pack}",
        value=len(flagged) / messages,
        n=messages,
        unit="%",
        ceiling=0.02,
    )
    yield Figure(
        what=f"of these, insults by the writer, {pack}",
        value=flagged.count("abuse") / max(len(flagged), 1),
        n=len(flagged),
        unit="%",
    )

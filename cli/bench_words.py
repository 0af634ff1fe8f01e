"""`hotline bench-words`: what the classifier is worth on real messages, beside its baselines."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from packs.learned.labelled import Labelled
    from packs.learned.training import Corpus

LABELLED = "labelled_segmented_dev.csv.gz"
TYPED = "hotspot_messages_4326.csv.gz"
TIMED = 2_000
MISROUTED, WRONGLY = "交通运输", "商贸旅游"
KIND = ("出租车", "的士", "公交", "公交车")
"""For the corrections: these messages of one class are taught wrongly, then corrected."""
CORRECTIONS = 50


def bench_words(
    folder: Annotated[Path, typer.Argument(help="Folder of the Chinese messages.")],
) -> None:
    """Print accuracy, calibration, coverage, speed, size, and what corrections are worth."""
    if not (folder / LABELLED).exists():
        typer.echo(f"{folder} is absent: no figures for the classifier")
        return
    from packs.learned.labelled import read_labelled
    from packs.learned.shipped import chinese_lexicon
    from packs.learned.training import corpus

    labelled = read_labelled(folder / LABELLED, ["words"], "label")
    read = corpus(labelled, chinese_lexicon())
    typer.echo("\n".join(_speed(folder)))
    typer.echo(f"Grouped five-fold cross-validation, {len(read.firsts)} messages, 7 classes:")
    for line in _quality(read):
        typer.echo(line)
    for line in _corrections(read, labelled):
        typer.echo(line)


def _quality(read: "Corpus") -> Iterator[str]:
    from packs.learned.training import held_out

    labels = read.labels[read.firsts].tolist()
    most = max(labels.count(number) for number in set(labels)) / len(labels)
    yield f"  {'majority class':34} accuracy {most:.4f}"
    variants: dict[str, dict[str, float]] = {
        "characters, ones to threes": {"one": 0.5, "two": 0.7, "three": 0.7},
        "words": {"word": 1.0},
        "characters and words (ships)": {},
    }
    for name, shares in variants.items():
        begun = perf_counter()
        found = held_out(read, shares=shares or None).figures()
        yield f"  {name:34} {_figures(found)}, {perf_counter() - begun:.0f} s"


def _figures(found: dict[str, Any]) -> str:
    from packs.learned.figures import share_at

    wide = share_at(found["coverage"], 0.95)["share"]
    at_90 = next(point["accuracy"] for point in found["coverage"] if point["share"] >= 0.8999)
    return (
        f"accuracy {found['accuracy']:.4f}, macro-F1 {found['macro_f1']:.4f}, "
        f"calibration error {found['calibration']['error']:.4f}; without a person: "
        f"{wide:.1%} at 0.95, 90 % at {at_90:.4f}"
    )


def _speed(folder: Path) -> list[str]:
    """The whole default path, from opened words to category, tier and place."""
    import numpy as np

    from domain.vocabulary import Demand
    from packs.classifier import OpenedWords
    from packs.learned.classifier import LearnedClassifier
    from packs.learned.labelled import read_labelled
    from packs.learned.shipped import CHINESE, MODELS
    from packs.loader import load_pack

    pack, classifier = load_pack("cn-beijing"), LearnedClassifier()
    rows = read_labelled(folder / TYPED, ["title", "detail"], "id").texts[:TIMED]
    spent, sure = [], 0
    for title, text in [rows[0], *rows]:
        begun = process_time()
        words = OpenedWords(title=title, text=text, demand=Demand.COMPLAINT)
        sure += classifier.classify(words, pack).sure
        spent.append((process_time() - begun) * 1000)
    spent = spent[1:]  # the first one loads the model
    size = sum(file.stat().st_size for file in (MODELS / CHINESE).iterdir()) / 1e6
    return [
        f"Whole path on {len(spent)} messages as typed, one core: "
        f"{1000 / np.mean(spent):.0f} a second of CPU, p50 {np.median(spent):.1f} ms, "
        f"p99 {np.percentile(spent, 99):.1f} ms; {size:.1f} MB on disk",
        f"  sure down to the category, by model and catalogue: {sure / len(spent):.1%}",
    ]


def _corrections(read: "Corpus", labelled: "Labelled") -> list[str]:
    """Half the messages train, with one kind taught wrongly; 50 of the other half correct it."""
    import numpy as np

    from packs.learned.corrections import learned
    from packs.learned.labelled import Labelled, folds
    from packs.learned.training import model_of

    labels, rows = read.labels[read.firsts], read.firsts
    seen, unseen = (rows[part] for part in next(folds(labels, read.group[rows], 2, 3)))
    kind = np.array([_is_kind(texts, name) for texts, name in _pairs(labelled)])
    model = model_of(read.with_labels(kind, WRONGLY), seen)
    wrong, others = unseen[kind[unseen]], unseen[~kind[unseen]]
    lesson, judged = wrong[:CORRECTIONS], wrong[CORRECTIONS:]
    after = learned(
        model,
        Labelled(tuple(labelled.texts[row] for row in lesson), (MISROUTED,) * len(lesson)),
    )
    said = []
    for name, part in (("of that kind", judged), ("of all others", others)):
        before_after = " -> ".join(
            f"{np.mean([_right(each, read, row, labelled) for row in part]):.4f}"
            for each in (model, after)
        )
        said.append(f"  accuracy on {len(part)} unseen messages {name}: {before_after}")
    return [f"{len(lesson)} corrections of one misrouted kind, before -> after:", *said]


def _pairs(labelled: "Labelled") -> Any:
    return zip(labelled.texts, labelled.labels, strict=True)


def _is_kind(texts: Sequence[str], label: str) -> bool:
    words = set(texts[0].split())
    return label == MISROUTED and not words.isdisjoint(KIND)


def _right(model: Any, read: "Corpus", row: int, labelled: "Labelled") -> bool:
    return bool(model.guess_features(read.features[row]).best[0] == labelled.labels[row])

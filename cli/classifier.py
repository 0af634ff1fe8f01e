"""`hotline classifier`: trains a classifier on labelled messages, and judges one."""

import asyncio
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from domain.errors import HotlineError

if TYPE_CHECKING:
    from packs.learned.model import Model
    from packs.learned.training import Corpus

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)

File = Annotated[Path, typer.Argument(help="Labelled messages: CSV, plain or gzip.")]
TextColumns = Annotated[str, typer.Option("--text", help="Columns of the text, by comma.")]
LabelColumn = Annotated[str, typer.Option("--label", help="Column of the label.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="Folder of the model; its name names the model.")],
    file: Annotated[
        Path | None, typer.Argument(help="Labelled messages: CSV, plain or gzip.")
    ] = None,
    text: TextColumns = "title,detail",
    label: LabelColumn = "label",
    origin: Annotated[str, typer.Option(help="Who wrote the messages, for the card.")] = "not said",
    with_corrections: Annotated[
        bool, typer.Option("--with-corrections", help="Learn from what staff decided, too.")
    ] = False,
    model: Annotated[
        Path | None, typer.Option(help="What corrections improve when there is no file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train a model and write it with its card; 8,000 messages take a minute or two.

    With corrections, the words that staff decided on are opened from the key store for the time of
    the training; those of erased persons are skipped.
    """
    from packs.learned.card import CARD_TEXT, card_text

    _insist_on_a_folder(out)
    learned = _from_file(file, text, label, origin) if file else _given(model, with_corrections)
    report: list[dict[str, Any]] = []
    if with_corrections:
        learned, report = _corrected(learned)
    learned = replace(learned, card={**learned.card, **_stamp(out)})
    learned.save(out)
    (out / CARD_TEXT).write_text(card_text(learned.card, learned.labels), encoding="utf-8")
    said = {**learned.card, "labels": learned.labels, "lessons": report}
    typer.echo(json.dumps(said, ensure_ascii=False, indent=2) if as_json else _lines(said, out))


def _insist_on_a_folder(out: Path) -> None:
    """Before minutes of training, not after."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as failed:
        _refuse(f"{out}: {failed.strerror}")
    if not os.access(out, os.W_OK):
        _refuse(f"{out}: nothing can be written there")


def _stamp(out: Path) -> dict[str, str]:
    return {"name": out.resolve().name, "trained": f"{datetime.now(UTC):%Y-%m-%d}"}


def _from_file(file: Path, text: str, label: str, origin: str) -> "Model":
    from packs.learned.training import train as train_on

    return train_on(_corpus(file, text, label), {"file": file.name, "origin": origin})


def _given(model: Path | None, with_corrections: bool) -> "Model":
    from packs.learned.shipped import CHINESE, MODELS

    if not with_corrections:
        _refuse("needs a labelled file, or --with-corrections")
    return _loaded(model or MODELS / CHINESE)


def _loaded(folder: Path) -> "Model":
    from packs.learned.hashing import GRAM
    from packs.learned.model import load

    try:
        model = load(folder)
    except HotlineError as failed:
        _refuse(failed)
    if GRAM in model.blocks:
        _refuse(f"{folder} reads passages for their urgency, and here whole messages are read")
    return model


def _corrected(model: "Model") -> tuple["Model", list[dict[str, Any]]]:
    from cli.corrections import stored_corrections
    from packs.learned.corrections import learned, lessons
    from settings import Settings
    from storage.database import DatabaseDown

    try:
        found = asyncio.run(stored_corrections(Settings.load(), model))
    except DatabaseDown as outage:
        _refuse(f"the database did not answer ({outage})")
    typer.echo(f"{len(found.labelled)} corrections, {found.closed} that are closed", err=True)
    if len(found.labelled) < 2:
        return model, []
    report = [vars(lesson) for lesson in lessons(model, found.labelled)]
    return learned(model, found.labelled), report


@app.command()
def evaluate(
    file: File,
    text: TextColumns = "title,detail",
    label: LabelColumn = "label",
    model: Annotated[
        Path | None, typer.Option(help="Judge this model; without it, cross-validate.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how well messages are told apart that were not trained on.

    Of each group of near-duplicates one message counts. A model given is judged on all groups of
    the file, so give it a file that it was not trained on.
    """
    found = (
        _judged_model(file, text, label, model) if model else _cross_validated(file, text, label)
    )
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _figures(found))


def _cross_validated(file: Path, text: str, label: str) -> dict[str, Any]:
    from packs.learned.training import held_out

    corpus = _corpus(file, text, label)
    return {"messages": len(corpus.labels), **held_out(corpus).figures()}


def _judged_model(file: Path, text: str, label: str, folder: Path) -> dict[str, Any]:
    from packs.learned.judging import judge
    from packs.learned.labelled import read_labelled

    judged = _loaded(folder)
    try:
        return judge(judged, read_labelled(file, text.split(","), label))
    except (HotlineError, OSError) as failed:
        _refuse(failed)


def _corpus(file: Path, text: str, label: str) -> "Corpus":
    try:
        from packs.learned.labelled import read_labelled
        from packs.learned.shipped import chinese_lexicon
        from packs.learned.training import corpus

        return corpus(read_labelled(file, text.split(","), label), chinese_lexicon())
    except ImportError:
        _refuse("training needs SciPy: pip install scipy")
    except (HotlineError, OSError) as failed:
        _refuse(failed)


def _lines(said: dict[str, Any], out: Path) -> str:
    lines = [f"{said['name']}: {said['messages']} messages, {len(said['labels'])} labels -> {out}"]
    lines += [
        f"{one['label']}: {one['messages']} corrections, guessed right when held out: "
        f"{one['before']:.0%} before, {one['after']:.0%} after"
        for one in said["lessons"]
    ]
    return "\n".join([*lines, _figures(said["figures"])])


def _figures(found: dict[str, Any]) -> str:
    from packs.learned.figures import share_at

    wide = share_at(found["coverage"], 0.95)
    return (
        f"{found['judged']} messages judged: accuracy {found['accuracy']:.4f}, "
        f"macro-F1 {found['macro_f1']:.4f}, calibration error {found['calibration']['error']:.4f}; "
        f"{wide['share']:.1%} without a person at accuracy {wide['accuracy']:.4f}"
    )


def _refuse(reason: object) -> NoReturn:
    typer.echo(f"hotline classifier: {reason}", err=True)
    raise typer.Exit(2)

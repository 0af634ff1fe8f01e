"""`hotline classifier`: trains a classifier on labelled messages, and judges one."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from domain.errors import HotlineError

if TYPE_CHECKING:
    from packs.learned.training import Corpus

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)

File = Annotated[Path, typer.Argument(help="Labelled messages: CSV, plain or gzip.")]
TextColumns = Annotated[str, typer.Option("--text", help="Columns of the text, by comma.")]
LabelColumn = Annotated[str, typer.Option("--label", help="Column of the label.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def train(
    file: File,
    out: Annotated[Path, typer.Option(help="Folder of the model; its name names the model.")],
    text: TextColumns = "title,detail",
    label: LabelColumn = "label",
    origin: Annotated[str, typer.Option(help="Who wrote the messages, for the card.")] = "not said",
    as_json: AsJson = False,
) -> None:
    """Train a model and write it with its card."""
    from packs.learned.card import CARD_TEXT, card_text
    from packs.learned.training import train

    corpus = _corpus(file, text, label)
    card: dict[str, Any] = {"name": out.resolve().name, "trained": f"{datetime.now(UTC):%Y-%m-%d}"}
    card |= {"file": file.name, "origin": origin}
    model = train(corpus, card)
    model.save(out)
    (out / CARD_TEXT).write_text(card_text(model.card, model.labels), encoding="utf-8")
    said = {**model.card, "labels": model.labels}
    typer.echo(json.dumps(said, ensure_ascii=False, indent=2) if as_json else _lines(said, out))


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
    from packs.learned.model import load

    try:
        return judge(load(folder), read_labelled(file, text.split(","), label))
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

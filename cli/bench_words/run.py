"""Runs the sections: what is timed alone, all else side by side on the machine's cores."""

from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from time import perf_counter

from cli.bench_words.figure import Figure
from cli.bench_words.sections import SECTIONS, TIMED


@dataclass(frozen=True)
class Measured:
    section: str
    figures: tuple[Figure, ...]
    seconds: float


def run(data: Path, wanted: Collection[str]) -> Iterator[Measured]:
    """In the order in which the sections stand, each as soon as it and all before it are done."""
    names = [name for name in SECTIONS if name in wanted]
    for name in names:
        if name in TIMED:
            yield measure(name, data)
    # Not forked: libraries that compute in threads of their own do not survive it.
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as pool:
        beside = [pool.submit(measure, name, data) for name in names if name not in TIMED]
        for measured in beside:
            yield measured.result()


def measure(name: str, data: Path) -> Measured:
    begun = perf_counter()
    figures = tuple(SECTIONS[name](data))
    return Measured(name, figures, perf_counter() - begun)

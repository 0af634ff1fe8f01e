"""What the run consists of, in the order in which it is printed."""

from collections.abc import Callable, Iterator
from pathlib import Path

from cli.bench_words.calls import calls
from cli.bench_words.corrected import corrected
from cli.bench_words.dispatch import dispatch
from cli.bench_words.duplicates import duplicates
from cli.bench_words.english import english
from cli.bench_words.ensembles import ensembles
from cli.bench_words.figure import Figure
from cli.bench_words.level1 import level1
from cli.bench_words.lower_levels import lower_levels
from cli.bench_words.places import places
from cli.bench_words.speed import speed
from cli.bench_words.tiers import tiers
from cli.bench_words.triage import triage

Section = Callable[[Path], Iterator[Figure]]

SECTIONS: dict[str, Section] = {
    "speed": speed,
    "duplicates": duplicates,
    "level1": level1,
    "corrected": corrected,
    "levels23": lower_levels,
    "english": english,
    "tiers": tiers,
    "calls": calls,
    "triage": triage,
    "places": places,
    "dispatch": dispatch,
    "ensembles": ensembles,
}

ON_REQUEST = frozenset({"ensembles"})
"""Sections that run only when they are named."""

TIMED = frozenset({"speed", "duplicates"})
"""Sections that must not share the machine with another."""

"""The nearest among a hundred thousand open complaints: how fast, and whether one is missed."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from sqlalchemy import text

from cli.bench_words.figure import Figure
from cli.bench_words.open_complaints import DAYS, NOW, OPEN, RESIDENTS, fill
from cli.bench_words.pairs import shipped_rule
from cli.bench_words.postgres import database_url
from domain.sketch import Sketch, likeness
from storage import sketches
from storage.database import Database

ASKED, LIMIT = 300, 20
LONGEST_MS = 30
"""Looser than the 20 ms that are aimed at: the machine may be a slow one."""
SINCE = NOW - timedelta(days=DAYS)

Pair = tuple[Sketch, Sketch]


@dataclass
class Run:
    """By what is known of the place, for each query: the milliseconds that both sides computed,
    and those that went by, which other work on the machine lengthens. Then the seconds for the
    table to be written anew.
    """

    computed: dict[str, list[float]] = field(default_factory=dict)
    passed: dict[str, list[float]] = field(default_factory=dict)
    found: list[bool] = field(default_factory=list)
    rewritten: float = 0.0


def nearest_of_many(made: Sequence[Sketch], told_twice: Sequence[Pair]) -> Iterator[Figure]:
    linked = shipped_rule().linked
    like = [pair for pair in told_twice if likeness(*pair) >= linked]
    in_pairs = {sketch for pair in told_twice for sketch in pair}
    with database_url() as url:
        begun = perf_counter()
        fill(url, [sketch for sketch in made if sketch not in in_pairs])
        loaded = perf_counter() - begun
        run = asyncio.run(_asked(url, made, like))
    yield Figure(what="open complaints are loaded in", value=loaded, n=OPEN, unit="s", ceiling=60)
    for place, spent in run.computed.items():
        for percent in (50, 99):
            yield Figure(
                what=f"the {LIMIT} nearest of {OPEN:,}, {place}, p{percent}",
                value=float(np.percentile(spent, percent)),
                n=len(spent),
                baseline=float(np.percentile(run.passed[place], percent)),
                against="by the clock",
                unit="ms",
                ceiling=LONGEST_MS,
            )
    yield Figure(
        what=f"one that should be among the {LIMIT} nearest is",
        value=float(np.mean(run.found)),
        n=len(like),
        unit="%",
        floor=0.9,
    )
    yield Figure(what="their table is written anew in", value=run.rewritten, unit="s")


async def _asked(url: str, made: Sequence[Sketch], like: Sequence[Pair]) -> Run:
    chance, database, run = random.Random(2), Database(url, "bench"), Run()
    async with database.transaction(None) as session:
        server = await session.scalar(text("SELECT pg_backend_pid()"))
        for place in ("place known", "place unknown"):
            run.computed[place], run.passed[place] = [], []
            for asked in chance.sample(made, ASKED):
                [district] = chance.choices(list(RESIDENTS), list(RESIDENTS.values()))
                known = district if place == "place known" else None
                before, begun = _computed(server), perf_counter()
                await sketches.nearest(session, asked, district=known, since=SINCE, limit=LIMIT)
                run.passed[place].append((perf_counter() - begun) * 1000)
                run.computed[place].append((_computed(server) - before) * 1000)
    run.found = [await _is_found(database, *pair) for pair in like]
    begun = perf_counter()
    await database.rewrite("vault.sketches")
    run.rewritten = perf_counter() - begun
    await database.close()
    return run


def _computed(server: int) -> float:
    """Seconds that this process and that one have computed; where Linux is not, those gone by."""
    told = Path(f"/proc/{server}/schedstat")
    if not told.exists():
        return perf_counter()
    return process_time() + int(told.read_text().split()[0]) / 1e9


async def _is_found(database: Database, kept: Sketch, asked: Sketch) -> bool:
    """With only this one of the labelled messages among the others, and no place known.

    It has no right to be there where all that are found are at least as like.
    """
    number = "labelled"
    async with database.transaction() as session:
        await sketches.keep(session, number, kept, received_at=NOW, demand="complaint")
        near = await sketches.nearest(session, asked, district=None, since=SINCE, limit=LIMIT)
        await sketches.drop(session, [number])
    numbers = [one.kept.number for one in near]
    return number in numbers or near[-1].likeness >= likeness(asked, kept)

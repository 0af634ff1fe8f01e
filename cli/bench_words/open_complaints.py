"""A hundred thousand open complaints over Beijing's districts, made from real messages' sketches.

Each is a real message with a fifth of its features changed: other names and other streets, as in
another matter that is told with the same words. Half of them have coordinates.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import psycopg
from psycopg import sql

from domain.sketch import RAREST, Sketch, rank
from storage.key_tables import VAULT, SketchRow
from storage.sketches import stored

OPEN = 100_000
CHANGED = 0.2
DAYS = 90
NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
RESIDENTS = {
    "110101": 71,
    "110102": 111,
    "110105": 345,
    "110106": 202,
    "110107": 57,
    "110108": 313,
    "110109": 39,
    "110111": 131,
    "110112": 184,
    "110113": 132,
    "110114": 227,
    "110115": 199,
    "110116": 44,
    "110117": 46,
    "110118": 53,
    "110119": 35,
}
"""Ten thousands by district, about as in the census of 2020: as unevenly complaints are spread."""


KEYS = """
    INSERT INTO vault.data_keys (number, wrapped_key, master_key_id, person_key)
    SELECT number, decode(md5(number), 'hex'), 'k', md5(number) FROM vault.sketches
"""


def fill(url: str, sketches: Sequence[Sketch]) -> None:
    """The tables of a database that is nobody else's."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = made(sketches)
        first = next(rows)
        into = sql.SQL("COPY {}.{} ({}) FROM STDIN").format(
            sql.Identifier(VAULT),
            sql.Identifier(SketchRow.__tablename__),
            sql.SQL(", ").join(map(sql.Identifier, first)),
        )
        with connection.cursor().copy(into) as copy:
            for row in chain([first], rows):
                copy.write_row(list(row.values()))
        connection.execute(KEYS)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE vault.sketches, vault.data_keys")


def made(sketches: Sequence[Sketch]) -> Iterator[dict[str, Any]]:
    chance = random.Random(5)
    districts = chance.choices(list(RESIDENTS), list(RESIDENTS.values()), k=OPEN)
    for count, district in enumerate(districts):
        yield {
            "number": f"{count:012}",
            "received_at": NOW - timedelta(seconds=chance.randrange(DAYS * 86_400)),
            "district": district,
            "demand": "complaint",
            "category": None,
            **stored(changed(sketches[count % len(sketches)], chance)),
        }


def changed(sketch: Sketch, chance: random.Random) -> Sketch:
    """With other features of the same rarity in place of some, and in some cell or none."""
    others = {
        feature: chance.getrandbits(28) << 4 | feature & RAREST
        for feature in sketch.whole
        if chance.random() < CHANGED
    }
    title, words = (
        tuple(sorted((others.get(each, each) for each in features), key=rank))
        for features in (sketch.title, sketch.words)
    )
    cell = chance.randrange(60_000) if chance.random() < 0.5 else None
    return Sketch(title, words, sketch.complete, cell)

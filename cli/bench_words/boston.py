"""Boston's requests of 2015 as the dispatch sections read them: what was known when they came in.

Not read: who closed a request, how and when, and the titles, which staff went on to write.
"""

import csv
import gzip
from functools import cache
from pathlib import Path
from typing import NamedTuple

from packs.loader import load_pack

REQUESTS = "boston311_2015/requests_2015_jan_aug.csv.gz"
PACK = "us-boston-2015"
NOWHERE = frozenset({(42.3594, -71.0587), (42.3601, -71.0579)})
"""City Hall, for want of an address."""

JULY = "2015-07"
"""The shipped table was learnt from what was opened before."""


class Request(NamedTuple):
    """One request; `category` and `unit` are None where the pack knows no such type or queue.

    Of where it was: the city's own district and neighbourhood, and what our system would get.
    """

    opened: str
    type: str
    queue: str
    department: str
    district: str
    neighborhood: str
    address: str
    latitude: float | None
    longitude: float | None
    category: str | None
    unit: str | None


@cache
def requests(data: Path) -> tuple[Request, ...]:
    """All of them, as the export orders them."""
    pack = load_pack(PACK)
    categories = {entry.name["en"]: code for code, entry in pack.catalogue.category.items()}
    units = {alias: code for code, entry in pack.units.entries.items() for alias in entry.aliases}
    with gzip.open(data / REQUESTS, "rt", encoding="utf-8", newline="") as lines:
        return tuple(
            Request(
                opened=row["open_dt"],
                type=row["type"],
                queue=row["queue"],
                department=row["department"],
                district=row["pwd_district"],
                neighborhood=row["neighborhood"],
                address=row["location"],
                latitude=float(row["latitude"]) if row["latitude"] else None,
                longitude=float(row["longitude"]) if row["longitude"] else None,
                category=categories.get(row["type"]),
                unit=units.get(row["queue"]),
            )
            for row in csv.DictReader(lines)
        )

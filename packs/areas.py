"""Areas: how a city divides its own work on the ground, learnt from where its past cases went.

An area is wide, has a code and is no authority: nobody leads because a complaint lies in it. It is
found by coordinates, else by postcode and street of the address.
"""

import csv
import re
from collections.abc import Container
from functools import cached_property
from math import floor
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from domain.model import Frozen
from packs.errors import InvalidPack

AREAS_FILE = "areas.csv"
_WORDS = re.compile(r"[^\W_]+")


class Cell(NamedTuple):
    """A square of a degree's `per_degree`th part: its row counts latitude, its column longitude."""

    per_degree: int
    row: int
    column: int


class Areas(Frozen):
    """Cells that say another area than the wider ones around them; likewise streets.

    `nowhere` are points that a channel writes for want of an address; `units` are the areas' own.
    """

    cells: dict[Cell, str] = Field(default_factory=dict)
    postcodes: dict[str, str] = Field(default_factory=dict)
    streets: dict[tuple[str, str], str] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)
    nowhere: frozenset[tuple[float, float]] = frozenset()

    def at(self, latitude: float | None, longitude: float | None, address: str = "") -> str | None:
        """The area of a place; coordinates are degrees, an address has its postcode in it."""
        found = None
        if latitude is not None and longitude is not None:
            found = self._holding(latitude, longitude)
        return found or self._addressed(address)

    def _holding(self, latitude: float, longitude: float) -> str | None:
        if (latitude, longitude) in self.nowhere:
            return None
        for per_degree in self._finest_first:
            if area := self.cells.get(cell_of(latitude, longitude, per_degree)):
                return area
        return None

    @cached_property
    def _finest_first(self) -> tuple[int, ...]:
        return tuple(sorted({cell.per_degree for cell in self.cells}, reverse=True))

    def _addressed(self, address: str) -> str | None:
        words = address_words(address)
        postcode = next((word for word in reversed(words) if word in self.postcodes), None)
        if postcode is None:
            return None
        for length in range(len(words), 0, -1):
            for start in range(len(words) - length + 1):
                street = " ".join(words[start : start + length])
                if area := self.streets.get((postcode, street)):
                    return area
        return self.postcodes[postcode]


def cell_of(latitude: float, longitude: float, per_degree: int) -> Cell:
    """The cell of this size that holds the point."""
    return Cell(per_degree, floor(latitude * per_degree), floor(longitude * per_degree))


def address_words(address: str) -> list[str]:
    """The words of an address as streets and postcodes are compared."""
    return _WORDS.findall(address.casefold())


def read_areas(lineage: list[Path], units: Container[str]) -> Areas:
    """The areas of the nearest pack that lists some: `kind,key,within,area`."""
    for folder in reversed(lineage):
        if (path := folder / AREAS_FILE).exists():
            return _read(path, units)
    return Areas()


def _read(path: Path, units: Container[str]) -> Areas:
    file = f"{path.parent.name}/{path.name}"
    cells: dict[Cell, str] = {}
    postcodes: dict[str, str] = {}
    streets: dict[tuple[str, str], str] = {}
    own: dict[str, str] = {}
    nowhere: set[tuple[float, float]] = set()
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                match row["kind"]:
                    case "cell":
                        per_degree, line, column = map(int, row["key"].split())
                        cells[Cell(per_degree, line, column)] = row["area"]
                    case "postcode":
                        postcodes[row["key"]] = row["area"]
                    case "street":
                        streets[row["within"], row["key"]] = row["area"]
                    case "unit" if row["key"] in units:
                        own[row["area"]] = row["key"]
                    case "nowhere":
                        latitude, longitude = map(float, row["key"].split())
                        nowhere.add((latitude, longitude))
                    case kind:
                        raise ValueError(f"no such {kind}: {row['key']!r}")
            except (KeyError, ValueError) as broken:
                raise InvalidPack(file, f"line {number}", f"not an area: {broken}") from None
    return Areas(
        cells=cells, postcodes=postcodes, streets=streets, units=own, nowhere=frozenset(nowhere)
    )

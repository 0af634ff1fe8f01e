"""Where a city's past cases went: by category and area to the unit, with what that rests on.

The question is answered where there are most like cases, and leans on wider kinds where there are
few: category and area, then the category, then its level, then everything. What is counted over
several areas says `own` for the unit whose area it is. A category that has no cases yet goes the
way of the one beside it whose name shares most words.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from domain.model import Frozen
from domain.vocabulary import UnitKind
from packs.areas import Areas
from packs.catalogue import Catalogue
from packs.errors import InvalidPack
from packs.units import UnitTree

TABLE_FILE = "dispatched.csv"
OWN, EVERYWHERE, OTHERS = "own", "*", ""
FEWEST = 3
"""No line of a table may rest on fewer cases."""

_PRIOR = 3.0
"""What the wider kinds weigh against the narrower one, in cases of today."""

Key = tuple[str, str]


class Went(Frozen):
    """So many cases, and what they weigh: an old one weighs less than one of today."""

    cases: int
    weight: float


class Likeliest(Frozen):
    """The unit that most like cases went to, how surely, and the count to be told.

    `area` is `EVERYWHERE` where those of all areas were counted, and empty where none was known.
    """

    unit: str
    confidence: float
    cases: int
    of: int
    area: str
    category: str

    @property
    def reason(self) -> str:
        """In words that a unit and a citizen can check."""
        where = f"of area {self.area}" if self.area else "of no known area"
        if self.area == EVERYWHERE:
            where = "of all areas"
        kind = f"of {self.category}" if self.category else "of all kinds"
        return f"{self.cases} of {self.of} past cases {kind} {where} went to {self.unit}"


class DispatchTable(Frozen):
    """`went[category, area][unit]`: the widest kind has the category `""` and `EVERYWHERE`."""

    went: dict[Key, dict[str, Went]]
    areas: Areas
    names: dict[str, str]

    def likeliest(self, category: str, area: str | None) -> Likeliest | None:
        """Where a case of this category and area would go; None where nothing speaks for any."""
        kin = self._kin(category)
        odds: dict[str, float] = {}
        counted: list[tuple[Key, Mapping[str, Went]]] = []
        for key in _from_widest(kin, area):
            if went := self._said(key, area):
                odds = _narrowed(odds, went)
                counted.append((key, went))
        odds.pop(OTHERS, None)
        if not odds:
            return None
        unit = max(odds, key=lambda code: (odds[code], code))
        (of_category, at), went = next(
            (key, went) for key, went in reversed(counted) if unit in went
        )
        return Likeliest(
            unit=unit,
            confidence=odds[unit],
            cases=went[unit].cases,
            of=sum(each.cases for each in went.values()),
            area=at,
            category=of_category,
        )

    def _said(self, key: Key, area: str | None) -> Mapping[str, Went]:
        """The line's units; `own` is the unit of this area, and where it has none, others."""
        went = self.went.get(key, {})
        if OWN not in went:
            return went
        named = {unit: each for unit, each in went.items() if unit != OWN}
        unit = self.areas.units.get(area or "", OTHERS)
        beside, own = named.get(unit, Went(cases=0, weight=0)), went[OWN]
        named[unit] = Went(cases=beside.cases + own.cases, weight=beside.weight + own.weight)
        return named

    def _kin(self, category: str) -> str:
        if (category, EVERYWHERE) in self.went:
            return category
        own = _words(self.names.get(category, ""))
        shared = {
            other: (len(own & words), -len(words))
            for other, words in self._counted.items()
            if _level(other) == _level(category)
        }
        best = max(shared, key=lambda code: (*shared[code], code), default=category)
        return best if best in shared and 2 * shared[best][0] > len(own) else category

    @cached_property
    def _counted(self) -> dict[str, frozenset[str]]:
        """The words of each category that has cases of its own."""
        return {
            code: _words(name)
            for code, name in self.names.items()
            if (code, EVERYWHERE) in self.went
        }


def _from_widest(category: str, area: str | None) -> Iterator[Key]:
    yield "", EVERYWHERE
    yield _level(category), EVERYWHERE
    yield category, EVERYWHERE
    yield category, area or ""


def _narrowed(wider: Mapping[str, float], went: Mapping[str, Went]) -> dict[str, float]:
    """The narrower kind's shares, drawn towards the wider one's by the weight of the prior."""
    total = sum(each.weight for each in went.values()) + (_PRIOR if wider else 0)
    odds = {unit: _PRIOR * share / total for unit, share in wider.items()}
    for unit, each in went.items():
        odds[unit] = odds.get(unit, 0) + each.weight / total
    return odds


def _level(category: str) -> str:
    return category.rpartition(".")[0]


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold()))


def read_dispatch_table(
    lineage: list[Path], units: UnitTree, catalogue: Catalogue, areas: Areas
) -> DispatchTable | None:
    """The table of the nearest pack that ships one: `category,area,unit,cases,weight`."""
    for folder in reversed(lineage):
        if (path := folder / TABLE_FILE).exists():
            names = {
                code: next(iter(entry.name.values())) for code, entry in catalogue.category.items()
            }
            known = {"", *catalogue.level, *names}
            return DispatchTable(went=_read(path, units, known), areas=areas, names=names)
    return None


def _read(path: Path, units: UnitTree, categories: set[str]) -> dict[Key, dict[str, Went]]:
    file = f"{path.parent.name}/{path.name}"
    table: dict[Key, dict[str, Went]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            try:
                unit, category = row["unit"], row["category"]
                if unit not in (OWN, OTHERS):
                    _check_lead(unit, units)
                if category not in categories:
                    raise ValueError(f"no category {category!r}")
                went = Went(cases=int(row["cases"]), weight=float(row["weight"]))
                if went.cases < FEWEST:
                    raise ValueError(f"rests on fewer than {FEWEST} cases")
                table.setdefault((category, row["area"]), {})[unit] = went
            except (KeyError, ValueError) as broken:
                raise InvalidPack(file, f"line {number}", str(broken)) from None
    return table


def _check_lead(unit: str, units: UnitTree) -> None:
    if unit not in units:
        raise ValueError(f"no unit {unit!r}")
    if units.entries[unit].kind is UnitKind.COMMUNITY:
        raise ValueError(f"{unit!r} is a community: it assists and never leads")

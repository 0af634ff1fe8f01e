"""Learns areas and a dispatch table from where a city's past cases went. No case goes into them.

What is written are counts that rest on `FEWEST` cases or more each.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from packs.areas import Areas, Cell, cell_of
from packs.dispatch_table import EVERYWHERE, FEWEST, OTHERS, OWN, Key, Went

PER_DEGREE = (200, 400, 800, 1600, 3200)
"""From cells of about 500 m to those of 30 m; each size divides the next."""

HALF_LIFE_DAYS = 60.0
"""Queues change: a case that is so old weighs half of one of today."""

K = TypeVar("K", bound=Hashable)


class PastCase(NamedTuple):
    """What was known of a case when it came in, and the unit that it went to in the end.

    `area` is the city's own word for where it was; without a point or postcode there is none here.
    """

    category: str
    unit: str
    age_days: float
    area: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    address: str = ""
    postcode: str | None = None
    street: str = ""


def learn_areas(
    cases: Iterable[PastCase], units: Mapping[str, str], nowhere: frozenset[tuple[float, float]]
) -> Areas:
    """The areas that most cases of each cell, postcode and street lay in.

    A cell is kept where it says something else than the wider ones that hold it; a street likewise.
    """
    cells: dict[Cell, Counter[str]] = defaultdict(Counter)
    postcodes: dict[str, Counter[str]] = defaultdict(Counter)
    streets: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for case in cases:
        if case.area is None:
            continue
        if case.postcode:
            postcodes[case.postcode][case.area] += 1
            streets[case.postcode, case.street][case.area] += 1
        if case.latitude is None or case.longitude is None:
            continue
        if (case.latitude, case.longitude) in nowhere:
            continue
        for per_degree in PER_DEGREE:
            cells[cell_of(case.latitude, case.longitude, per_degree)][case.area] += 1
    wide = _most(postcodes)
    return Areas(
        cells=_that_differ(_most(cells)),
        postcodes=wide,
        streets={at: area for at, area in _most(streets).items() if wide.get(at[0]) != area},
        units=dict(units),
        nowhere=nowhere,
    )


def count_dispatches(cases: Iterable[PastCase], areas: Areas) -> dict[Key, dict[str, Went]]:
    """The table's lines: of everything, each level, each category, and each category and area."""
    tally: dict[Key, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        weight = 0.5 ** (case.age_days / HALF_LIFE_DAYS)
        area = areas.at(case.latitude, case.longitude, case.address) or ""
        pooled = OWN if areas.units.get(area) == case.unit else case.unit
        for wider in ("", case.category.rpartition(".")[0], case.category):
            tally[wider, EVERYWHERE][pooled].append(weight)
        tally[case.category, area][case.unit].append(weight)
    lines = ((key, dict(_cut(units))) for key, units in sorted(tally.items()))
    return {key: line for key, line in lines if set(line) - {OTHERS}}


def _cut(units: Mapping[str, list[float]]) -> Iterator[tuple[str, Went]]:
    """The units with enough cases; what the others had, together, where that is enough."""
    few: list[float] = []
    for unit, weights in sorted(units.items()):
        if len(weights) >= FEWEST:
            yield unit, _went(weights)
        else:
            few += weights
    if len(few) >= FEWEST:
        yield OTHERS, _went(few)


def _went(weights: list[float]) -> Went:
    return Went(cases=len(weights), weight=round(sum(weights), 2))


def _most(counted: Mapping[K, Counter[str]]) -> dict[K, str]:
    return {
        key: max(areas, key=lambda area: (areas[area], area))
        for key, areas in counted.items()
        if areas.total() >= FEWEST
    }


def _that_differ(cells: Mapping[Cell, str]) -> dict[Cell, str]:
    kept: dict[Cell, str] = {}
    for cell, area in sorted(cells.items()):
        if area != next((kept[wider] for wider in _holding(cell) if wider in kept), None):
            kept[cell] = area
    return kept


def _holding(cell: Cell) -> Iterator[Cell]:
    """The cells that hold this one, the nearest size first."""
    for per_degree in reversed(PER_DEGREE):
        if per_degree < cell.per_degree:
            times = cell.per_degree // per_degree
            yield Cell(per_degree, cell.row // times, cell.column // times)

"""A place from what people write and from coordinates.

Beijing: each sub-district and a thousand communities, written into made-up addresses, must be
found, or said to be unsure. Boston: the neighbourhood that the city wrote beside the one whose
polygon holds the point; the polygons have no licence and stay with the data.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from shapely import STRtree, distance, points
from shapely.geometry import shape

from cli.bench_words.boston import NOWHERE, REQUESTS, Request, requests
from cli.bench_words.figure import Figure
from packs.gazetteer import PARENT_DIGITS
from packs.loader import load_pack
from packs.place import Place, Places

NEIGHBORHOODS = "geo/boston_neighborhoods_26.geojson"
SAMPLE, SEED = 1_000, 7
DISTRICT_DIGITS = 6

POLYGONS_OF = {
    "Allston / Brighton": ("Allston", "Brighton"),
    "Downtown / Financial District": (
        "Downtown", "Chinatown", "Leather District", "North End", "West End",
    ),
    "Fenway / Kenmore / Audubon Circle / Longwood": ("Fenway", "Longwood Medical Area"),
    "Greater Mattapan": ("Mattapan",),
    "South Boston / South Boston Waterfront": ("South Boston", "South Boston Waterfront"),
}  # fmt: skip
"""The polygons of the city's wider names; any other name is a polygon's own."""


class Written(NamedTuple):
    """An address made up around the unit of this code."""

    code: str
    address: str


def places(data: Path) -> Iterator[Figure]:
    beijing = load_pack("cn-beijing").places
    yield from _subdistricts(beijing)
    yield from _communities(beijing)
    if (data / REQUESTS).exists() and (data / NEIGHBORHOODS).exists():
        yield from _neighborhoods(data)


def _subdistricts(places: Places) -> Iterator[Figure]:
    codes = [c for c, entry in places.entries.items() if entry.kind == "subdistrict"]
    names = {code: places.entries[code].name["zh"] for code in codes}
    in_district = [Written(c, f"北京市{_district(c, places)}{names[c]}幸福路12号") for c in codes]
    alone = [Written(c, f"{names[c]}幸福路12号") for c in codes]
    yield from _found("sub-district in its district", in_district, places, names, _below, 0.99)
    yield from _found("sub-district, no district", alone, places, names, _below, 0.98)
    times = Counter(names.values())
    twins = [code for code in codes if times[names[code]] > 1]
    told = [Written(c, f"{_district(c, places)}{names[c]}3号") for c in twins]
    untold = [places.find(address=f"{names[c]}3号") for c in twins]
    yield Figure(
        what="sub-districts of one name, told apart by district",
        value=_share([_below(places.find(address=w.address)) == w.code for w in told]),
        n=len(twins),
        unit="%",
        floor=1.0,
    )
    yield Figure(
        what="  without the district, sent to a person",
        value=_share([found.unsure for found in untold]),
        n=len(twins),
        unit="%",
        floor=1.0,
    )


def _communities(places: Places) -> Iterator[Figure]:
    names = places.communities
    sample = random.Random(SEED).sample(sorted(names), SAMPLE)
    full, short, alone = [], [], []
    for code in sample:
        below = places.entries[code[:PARENT_DIGITS]].name["zh"]
        full.append(Written(code, f"北京市{_district(code, places)}{below}{names[code]}5号楼"))
        short.append(Written(code, f"{below}{names[code]}5号楼"))
        alone.append(Written(code, f"{names[code]}5号楼"))
    yield from _found("community, full address", full, places, names, _community, 0.99)
    yield from _found("community, no district", short, places, names, _community, 0.98)
    yield from _found("community alone", alone, places, names, _community, 0.87)


def _found(
    what: str,
    written: Sequence[Written],
    places: Places,
    names: dict[str, str],
    said: Callable[[Place], str | None],
    floor: float,
) -> Iterator[Figure]:
    """Right, unsure, and wrong without a doubt; a sub-district that is merely silent is neither."""
    found = [places.find(address=each.address) for each in written]
    pairs = list(zip(found, written, strict=True))
    n = len(written)
    yield Figure(
        what=f"{what}: right",
        value=_share([not p.unsure and said(p) == each.code for p, each in pairs]),
        n=n,
        unit="%",
        baseline=_share([_first_named(each.address, names) == each.code for each in written]),
        against="first name that occurs",
        floor=floor,
    )
    yield Figure(what="  unsure", value=_share([p.unsure for p in found]), unit="%")
    yield Figure(
        what="  another sub-district, and sure of it",
        value=_share([_astray(place, each) for place, each in pairs]),
        unit="%",
        ceiling=0.01,
    )


def _astray(place: Place, written: Written) -> bool:
    below = written.code[:PARENT_DIGITS]
    return not place.unsure and place.subdistrict not in (None, below)


def _first_named(address: str, names: dict[str, str]) -> str | None:
    return next((code for code, name in names.items() if name in address), None)


def _below(place: Place) -> str | None:
    return place.subdistrict


def _community(place: Place) -> str | None:
    return place.community


def _district(code: str, places: Places) -> str:
    return places.entries[code[:DISTRICT_DIGITS]].name["zh"]


def _neighborhoods(data: Path) -> Iterator[Figure]:
    features = json.loads((data / NEIGHBORHOODS).read_text(encoding="utf-8"))["features"]
    drawn = [feature["properties"]["name"] for feature in features]
    polygons = np.array([shape(feature["geometry"]) for feature in features])
    judged = [request for request in requests(data) if _names_one(request, drawn)]
    at = points([(r.longitude or 0.0, r.latitude or 0.0) for r in judged])
    holding: dict[int, int] = {}
    for number, polygon in STRtree(polygons).query(at, predicate="intersects").T.tolist():
        holding.setdefault(number, polygon)
    centroids = np.array([polygon.centroid for polygon in polygons])
    nearest = np.array([distance(centroid, at) for centroid in centroids]).argmin(axis=0)
    in_own = [
        number in holding and drawn[holding[number]] in _own(request)
        for number, request in enumerate(judged)
    ]
    near_own = [drawn[near] in _own(request) for near, request in zip(nearest, judged, strict=True)]
    yield Figure(
        what="Boston: in the polygon of its own neighbourhood",
        value=_share(in_own),
        n=len(judged),
        unit="%",
        baseline=_share(near_own),
        against="nearest centroid",
        floor=0.92,
    )
    yield Figure(
        what="  in no polygon", value=1 - len(holding) / len(judged), n=len(judged), unit="%"
    )


def _names_one(request: Request, drawn: list[str]) -> bool:
    """A real point, and a name that polygons were drawn for."""
    point = (request.latitude, request.longitude)
    return None not in point and point not in NOWHERE and bool({*_own(request)} & {*drawn})


def _own(request: Request) -> tuple[str, ...]:
    return POLYGONS_OF.get(request.neighborhood, (request.neighborhood,))


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits)

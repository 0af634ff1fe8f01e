"""From what is known of a place to its district and sub-district.

A code or a name given by the channel comes first, then names in the address, then coordinates, then
a name in the text if it is the only one. Two sub-districts that share a name are told apart by
their district, or not at all.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field
from shapely import Point, STRtree
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from domain.model import Frozen
from domain.vocabulary import UnitKind
from packs.errors import InvalidPack
from packs.units import UnitEntry

POLYGONS_FILE = "districts.geojson"
_PLACES = frozenset({UnitKind.DISTRICT, UnitKind.SUBDISTRICT})


class Place(Frozen):
    """Where: the codes of district and sub-district as far as known, and how they were found."""

    district: str | None = None
    subdistrict: str | None = None
    reasons: tuple[str, ...] = ()


class Places(Frozen):
    """The places of a unit tree: by code, by name, and by the districts' polygons."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    entries: dict[str, UnitEntry]
    polygons: tuple[tuple[str, BaseGeometry], ...] = Field(default=(), exclude=True)

    def find(
        self,
        *,
        district: str | None = None,
        subdistrict: str | None = None,
        address: str | None = None,
        text: str | None = None,
        latitude: float | None = None,
        longitude: float | None = None,
    ) -> Place:
        """The best place that these facts give; coordinates are degrees, WGS 84 or near it."""
        within = self._named(UnitKind.DISTRICT, district)
        below = self._named(UnitKind.SUBDISTRICT, subdistrict, within)
        if below is not None:
            return self._at(below, "sub-district given")
        if within is None and address:
            within = self._mentioned(UnitKind.DISTRICT, address)
        how = "district given or named in the address"
        below = self._mentioned(UnitKind.SUBDISTRICT, address, within)
        if below is None and within is None and latitude is not None and longitude is not None:
            within, how = self.district_at(latitude, longitude), "district by coordinates"
            below = self._mentioned(UnitKind.SUBDISTRICT, address, within)
        if below is not None:
            return self._at(below, "sub-district named in the address")
        if within is not None:
            return Place(district=within, reasons=(how,))
        if text and (within := self._mentioned(UnitKind.DISTRICT, text)):
            return Place(district=within, reasons=("the only district named in the text",))
        return Place(reasons=("place unknown",))

    def district_at(self, latitude: float, longitude: float) -> str | None:
        """The district whose polygon holds the point."""
        if not self.polygons:
            return None
        point = Point(longitude, latitude)
        found = sorted(int(index) for index in self._tree.query(point, predicate="intersects"))
        return self.polygons[found[0]][0] if found else None

    def _at(self, code: str, reason: str) -> Place:
        return Place(district=self.entries[code].parent, subdistrict=code, reasons=(reason,))

    def _named(self, kind: UnitKind, given: str | None, within: str | None = None) -> str | None:
        if not given:
            return None
        given = given.strip()
        if given in self.entries and self.entries[given].kind is kind:
            return given
        return _only(code for code in self._names[kind].get(given, ()) if self._lies(code, within))

    def _mentioned(self, kind: UnitKind, text: str | None, within: str | None = None) -> str | None:
        """The unit with the longest name in `text`; None where two different ones are as long."""
        if not text:
            return None
        found: dict[int, set[str]] = {}
        for name, codes in self._names[kind].items():
            if name in text:
                fitting = {code for code in codes if self._lies(code, within)}
                found.setdefault(len(name), set()).update(fitting)
        longest = max((length for length, codes in found.items() if codes), default=None)
        return _only(found[longest]) if longest else None

    def _lies(self, code: str, within: str | None) -> bool:
        return within is None or self.entries[code].parent == within

    @cached_property
    def _names(self) -> Mapping[UnitKind, Mapping[str, tuple[str, ...]]]:
        names: dict[UnitKind, dict[str, tuple[str, ...]]] = {kind: {} for kind in _PLACES}
        for code, entry in self.entries.items():
            if entry.kind in _PLACES:
                for name in {*entry.name.values(), *entry.aliases}:
                    known = names[entry.kind].get(name, ())
                    names[entry.kind][name] = (*known, code)
        return names

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree([polygon for _, polygon in self.polygons])


def read_places(entries: Mapping[str, UnitEntry], lineage: list[Path]) -> Places:
    """The places of the tree, with the nearest pack's polygons where there are some."""
    polygons: tuple[tuple[str, BaseGeometry], ...] = ()
    for folder in reversed(lineage):
        if (path := folder / POLYGONS_FILE).exists():
            polygons = _polygons(path, entries)
            break
    return Places(entries=dict(entries), polygons=polygons)


def _polygons(path: Path, entries: Mapping[str, Any]) -> tuple[tuple[str, BaseGeometry], ...]:
    file = f"{path.parent.name}/{path.name}"
    polygons = []
    try:
        for number, feature in enumerate(json.loads(path.read_text(encoding="utf-8"))["features"]):
            code = feature["properties"]["code"]
            if code not in entries:
                raise InvalidPack(file, f"features.{number}", f"no unit {code!r}")
            polygons.append((code, shape(feature["geometry"])))
    except (json.JSONDecodeError, KeyError, TypeError, ShapelyError) as broken:
        raise InvalidPack(file, "features", f"not GeoJSON with codes: {broken}") from None
    return tuple(polygons)


def _only(codes: Any) -> str | None:
    distinct = set(codes)
    return distinct.pop() if len(distinct) == 1 else None

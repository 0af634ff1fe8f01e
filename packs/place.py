"""From what is known of a place to its district, sub-district and community.

A code or a name given by the channel comes first, then names in the address, then coordinates, then
a name in the text if it is the only one. Two sub-districts that share a name are told apart by
their district, or not at all. What does not agree is told and leaves the place unsure: a person
decides.
"""

import json
from collections.abc import Iterable, Mapping
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
from packs.areas import Areas, read_areas
from packs.errors import InvalidPack
from packs.gazetteer import (
    PARENT_DIGITS,
    NameIndex,
    also_called,
    community_names,
    plain,
    read_communities,
)
from packs.units import UnitEntry

POLYGONS_FILE = "districts.geojson"
_PLACES = frozenset({UnitKind.DISTRICT, UnitKind.SUBDISTRICT})
_NEAR = 0.01
"""Degrees, about a kilometre: so much the drawn borders may be wrong."""


class Place(Frozen):
    """Where: the codes as far as known, how they were found, and whether the facts agree."""

    district: str | None = None
    subdistrict: str | None = None
    community: str | None = None
    area: str | None = None
    reasons: tuple[str, ...] = ()
    unsure: bool = False


class Places(Frozen):
    """The places of a unit tree: by code, by name, and by the districts' polygons."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    entries: dict[str, UnitEntry]
    communities: dict[str, str] = Field(default_factory=dict, exclude=True)
    polygons: tuple[tuple[str, BaseGeometry], ...] = Field(default=(), exclude=True)
    areas: Areas = Field(default=Areas(), exclude=True)

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
        unit = self._unit(district, subdistrict, address, text, latitude, longitude)
        area = self.areas.at(latitude, longitude, address or "")
        return unit.model_copy(update={"area": area})

    def _unit(
        self,
        district: str | None,
        subdistrict: str | None,
        address: str | None,
        text: str | None,
        latitude: float | None,
        longitude: float | None,
    ) -> Place:
        """As far as the units of the tree go."""
        point = None if latitude is None or longitude is None else Point(longitude, latitude)
        read = plain(address or "")
        given = self._named(UnitKind.DISTRICT, district)
        below = self._named(UnitKind.SUBDISTRICT, subdistrict, given)
        if below is not None:
            return self._at(below, "sub-district given", read, point)
        doubts: list[str] = []
        if given and self._named(UnitKind.SUBDISTRICT, subdistrict):
            doubts.append("the sub-district given does not lie in the district given")
        within = given or _only(self._mentioned(UnitKind.DISTRICT, read))
        how = "district given or named in the address"
        named = self._mentioned(UnitKind.SUBDISTRICT, read, within)
        if within is None and len(named) != 1 and (at := self._holding(point)):
            within, how = at, "district by coordinates"
            named = self._mentioned(UnitKind.SUBDISTRICT, read, within)
        if len(named) == 1:
            return self._at(_only(named), "sub-district named in the address", read, point, doubts)
        if self._mentioned(UnitKind.SUBDISTRICT, read):
            doubts.append(
                "the sub-district named does not lie in the district"
                if within
                else "the sub-district named lies in several districts"
            )
        return self._without(within, how, read, text, point, doubts)

    def _without(
        self,
        within: str | None,
        how: str,
        read: str,
        text: str | None,
        point: Point | None,
        doubts: list[str],
    ) -> Place:
        """Where no sub-district is named: by the community, else the district, else the text."""
        communities = self._communities_in(read, within)
        if len(communities) == 1 and not doubts:
            below = next(iter(communities))[:PARENT_DIGITS]
            return self._at(below, "community named in the address", read, point)
        if communities and within is None:
            doubts = [*doubts, "the community named lies in several places"]
        if within is None and text:
            within = _only(self._mentioned(UnitKind.DISTRICT, plain(text)))
            how = "the only district named in the text"
        if within is None and not doubts:
            return Place(reasons=("place unknown",))
        doubts = [*doubts, *self._strays(within, point)]
        found = (how,) if within else ("place unknown",)
        return Place(district=within, reasons=(*found, *doubts), unsure=bool(doubts))

    def _at(
        self,
        code: str | None,
        reason: str,
        read: str,
        point: Point | None,
        doubts: Iterable[str] = (),
    ) -> Place:
        district = self.entries[code].parent if code else None
        told = (*doubts, *self._strays(district, point))
        return Place(
            district=district,
            subdistrict=code,
            community=_only(self._communities_in(self._after_naming(code, read), code)),
            reasons=(reason, *told),
            unsure=bool(told),
        )

    def _strays(self, district: str | None, point: Point | None) -> tuple[str, ...]:
        """Coordinates clearly outside the district that the words name."""
        polygon = dict(self.polygons).get(district or "")
        if point is None or polygon is None or polygon.distance(point) <= _NEAR:
            return ()
        return ("the coordinates lie outside the district",)

    def _holding(self, point: Point | None) -> str | None:
        return self.district_at(point.y, point.x) if point is not None else None

    def district_at(self, latitude: float, longitude: float) -> str | None:
        """The district whose polygon holds the point."""
        if not self.polygons:
            return None
        point = Point(longitude, latitude)
        found = sorted(int(index) for index in self._tree.query(point, predicate="intersects"))
        return self.polygons[found[0]][0] if found else None

    def _named(self, kind: UnitKind, given: str | None, within: str | None = None) -> str | None:
        if not given:
            return None
        given = given.strip()
        if given in self.entries and self.entries[given].kind is kind:
            return given
        return _only(c for c in self._names[kind].bearing(given) if self._lies(c, within))

    def _mentioned(self, kind: UnitKind, read: str, within: str | None = None) -> frozenset[str]:
        """The units with the longest name in a plain text."""
        return self._names[kind].mentioned(read, lambda code: self._lies(code, within))

    def _communities_in(self, read: str, within: str | None) -> frozenset[str]:
        """The communities named in a plain text, of this district or sub-district if it is known.

        Their codes begin with those of the places that they lie in.
        """
        return self._community_names.mentioned(read, lambda code: code.startswith(within or ""))

    def _after_naming(self, code: str | None, read: str) -> str:
        """The address without the sub-district's name: some communities are called like it."""
        entry = self.entries.get(code or "")
        names = sorted((*entry.name.values(), *entry.aliases), key=len) if entry else ()
        for name in map(plain, reversed(names)):
            if name in read:
                return read.replace(name, "/", 1)
        return read

    def _lies(self, code: str, within: str | None) -> bool:
        return within is None or self.entries[code].parent == within

    @cached_property
    def _names(self) -> Mapping[UnitKind, NameIndex]:
        names: dict[UnitKind, list[tuple[str, str]]] = {kind: [] for kind in _PLACES}
        placed = {code: entry for code, entry in self.entries.items() if entry.kind in _PLACES}
        taken = {name for entry in placed.values() for name in entry.name.values()}
        for code, entry in placed.items():
            own = {*entry.name.values(), *entry.aliases}
            older = [old for name in own for old in also_called(name, taken)]
            names[entry.kind] += [(name, code) for name in (*own, *older)]
        return {kind: NameIndex(written) for kind, written in names.items()}

    @cached_property
    def _community_names(self) -> NameIndex:
        return NameIndex(community_names(self.communities))

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
    return Places(
        entries=dict(entries),
        communities=read_communities(lineage, entries),
        polygons=polygons,
        areas=read_areas(lineage, entries),
    )


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

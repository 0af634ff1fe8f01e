"""The unit tree of a jurisdiction: who stands above whom, sees whose orders, comes after whom.

Codes are immutable. A unit that ends keeps its row with `valid_to` and, if there is one, its
successor. A community assists and never leads (Art. 17).
"""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationError

from domain.model import Frozen, Strict
from domain.rules import Desks
from domain.unit import Unit
from domain.vocabulary import UnitKind
from packs.errors import InvalidPack, UnknownUnit
from packs.folder import Folder

UNITS_FILE = "units.toml"
PLACES_FILE = "places.csv"
Names = dict[str, str]


class UnitEntry(Strict):
    """One row of the tree. `aliases` are other names by which people write it."""

    name: Names = Field(min_length=1)
    kind: UnitKind
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    no_authority: bool = False
    always_open: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None

    def valid_on(self, day: date) -> bool:
        """`valid_to` is the last day of its life."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class UnitFile(Strict):
    """`units.toml`."""

    unit: dict[str, UnitEntry] = Field(default_factory=dict)


class UnitTree(Frozen):
    """All units of a pack by code, and its desks."""

    entries: dict[str, UnitEntry]
    desks: Desks
    language: str

    def __contains__(self, code: object) -> bool:
        return code in self.entries

    def unit(self, code: str, on: date) -> Unit:
        """The unit as rulings name it; `on` decides whether it still lives."""
        entry = self._entry(code)
        return Unit(
            code=code,
            name=self.name(code, self.language),
            kind=entry.kind,
            parent=entry.parent,
            chain=self.chain(code),
            cc=self.cc(code),
            district=self.district(code),
            higher_hand=self.higher_hand(code),
            no_authority=entry.no_authority,
            valid=entry.valid_on(on),
            successor=entry.successor,
        )

    def name(self, code: str, language: str) -> str:
        """The unit's name in this language, else in the first that it has."""
        names = self._entry(code).name
        return names.get(language) or next(iter(names.values()))

    def higher_hand(self, code: str) -> str:
        """Who leads the round after a negative answer.

        The parent; of a district, a city department and any other unit right under the root the
        supervision desk; of that desk, and of the last resort itself, the last resort.
        """
        if code in (self.desks.supervision, self.desks.last_resort):
            return self.desks.last_resort
        entry = self._entry(code)
        parent = entry.parent
        if entry.kind is UnitKind.DISTRICT or parent is None or self.entries[parent].parent is None:
            return self.desks.supervision
        return parent

    def chain(self, code: str) -> tuple[str, ...]:
        """The codes above, nearest first, up to the last resort."""
        above: list[str] = []
        while code != self.desks.last_resort:
            code = self.higher_hand(code)
            above.append(code)
        return tuple(above)

    def district(self, code: str) -> str | None:
        """The district that the unit is or lies in."""
        at: str | None = code
        while at is not None:
            entry = self._entry(at)
            if entry.kind is UnitKind.DISTRICT:
                return at
            at = entry.parent
        return None

    def cc(self, code: str) -> tuple[str, ...]:
        """Art. 12: the district sees what goes to its sub-districts and communities."""
        district = self.district(code)
        return (district,) if district is not None and district != code else ()

    def in_charge(self, code: str, on: date) -> str:
        """The unit itself while it lives, else its successor, else its parent."""
        seen: set[str] = set()
        while not self._entry(code).valid_on(on):
            seen.add(code)
            entry = self._entry(code)
            after = entry.successor or entry.parent
            if after is None or after in seen:
                return self.desks.hotline
            code = after
        return code

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The codes right below each code."""
        below: dict[str, list[str]] = {}
        for code, entry in self.entries.items():
            if entry.parent is not None:
                below.setdefault(entry.parent, []).append(code)
        return {code: tuple(codes) for code, codes in below.items()}

    def _entry(self, code: str) -> UnitEntry:
        try:
            return self.entries[code]
        except KeyError:
            raise UnknownUnit("unit", f"no unit {code!r}") from None


def read_units(folder: Folder, desks: Desks, language: str) -> UnitTree:
    """`units.toml` of the whole lineage and the nearest `places.csv`, checked as one tree."""
    entries = dict(folder.read(UNITS_FILE, UnitFile).unit)
    for home in reversed(folder.lineage):
        if (home / PLACES_FILE).exists():
            entries = _places(home / PLACES_FILE) | entries
            break
    for code, entry in entries.items():
        for key, named in (("parent", entry.parent), ("successor", entry.successor)):
            if named is not None and named not in entries:
                raise folder.refuse(UNITS_FILE, ("unit", code, key), f"no unit {named!r}")
        if _stands_above_itself(code, entries):
            raise folder.refuse(
                UNITS_FILE, ("unit", code, "parent"), "the unit stands above itself"
            )
    for desk, named in desks.model_dump().items():
        if named not in entries:
            raise folder.refuse("pack.toml", ("desks", desk), f"no unit {named!r}")
        if entries[named].kind is not UnitKind.DESK:
            raise folder.refuse("pack.toml", ("desks", desk), f"{named!r} is not a desk")
    return UnitTree(entries=entries, desks=desks, language=language)


def _stands_above_itself(code: str, entries: Mapping[str, UnitEntry]) -> bool:
    seen = {code}
    parent = entries[code].parent
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = entries[parent].parent if parent in entries else None
    return False


def _places(path: Path) -> dict[str, UnitEntry]:
    """Districts and sub-districts: `code,kind,parent,zh,en`, an empty name left out."""
    entries: dict[str, UnitEntry] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            names = {k: row[k] for k in ("zh", "en", "ko") if row.get(k)}
            try:
                entries[row["code"]] = UnitEntry.model_validate(
                    {"name": names, "kind": row["kind"], "parent": row["parent"] or None}
                )
            except (KeyError, ValidationError) as refused:
                raise InvalidPack(
                    f"{path.parent.name}/{path.name}", f"line {number}", _first(refused)
                ) from None
    return entries


def _first(refused: KeyError | ValidationError) -> str:
    if isinstance(refused, KeyError):
        return f"no column {refused.args[0]}"
    first = refused.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"

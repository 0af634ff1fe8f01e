"""The dispatch catalogue (派单目录): what a complaint can be about, how urgent, whose duty."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from domain.model import Strict
from domain.rules import Sourced
from domain.vocabulary import Tier
from packs.folder import Folder
from packs.units import UnitTree

CATALOGUE_FILE = "catalogue.toml"
Names = dict[str, str]
BY_PLACE: tuple[Literal["subdistrict"], Literal["district"]] = ("subdistrict", "district")


class CategoryEntry(Strict):
    """A leaf of the catalogue; its code is the path of its levels.

    `lead` is a unit's code, or `subdistrict` or `district` for the one of the place.
    """

    name: Names = Field(min_length=1)
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    tier: Tier | None = None
    lead: str
    co_handlers: tuple[str, ...] = ()
    valid: bool = True


class RaiseRule(Sourced):
    """Words that call for a more urgent tier, unless the phrase around them is one of `unless`."""

    tier: Tier
    words: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    note: str = ""


class Catalogue(Strict):
    """`catalogue.toml`."""

    threshold: float = Field(ge=0, le=1)
    level: dict[str, Names] = Field(default_factory=dict)
    category: dict[str, CategoryEntry] = Field(default_factory=dict)
    raised: tuple[RaiseRule, ...] = ()

    def entry(self, code: str | None) -> CategoryEntry | None:
        """The category of this code, None when the catalogue has no such code."""
        return self.category.get(code) if code else None

    def path(self, code: str, language: str) -> tuple[str, ...]:
        """The names of all levels of a category, the widest first."""
        parts = code.split(".")
        above = [".".join(parts[:depth]) for depth in range(1, len(parts))]
        names = [self.level[level] for level in above] + [self.category[code].name]
        return tuple(_in(language, name) for name in names)


def _in(language: str, names: Mapping[str, str]) -> str:
    return names.get(language) or next(iter(names.values()))


def read_catalogue(folder: Folder, units: UnitTree) -> Catalogue:
    """The catalogue, its leads known and able to lead, its levels named."""
    catalogue = folder.read(CATALOGUE_FILE, Catalogue)
    for code, entry in catalogue.category.items():
        key = ("category", code)
        if entry.lead not in BY_PLACE and entry.lead not in units:
            raise folder.refuse(CATALOGUE_FILE, (*key, "lead"), f"no unit {entry.lead!r}")
        for unit in entry.co_handlers:
            if unit not in units:
                raise folder.refuse(CATALOGUE_FILE, (*key, "co_handlers"), f"no unit {unit!r}")
        parts = code.split(".")
        for depth in range(1, len(parts)):
            if (level := ".".join(parts[:depth])) not in catalogue.level:
                raise folder.refuse(CATALOGUE_FILE, key, f"no name for its level {level!r}")
    return catalogue

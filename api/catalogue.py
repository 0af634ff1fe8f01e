"""The registers that the API shows and checks codes against, as the composition root filled them.

Rule packs are read elsewhere; what stands here is what a sender needs to write a lawful request,
and how a pack scores.
"""

from functools import cached_property

from domain.model import Strict
from domain.rates import Scoring
from domain.rules import RepeatRule
from domain.unit import Unit
from domain.vocabulary import Tier, UnitKind


class CategoryEntry(Strict):
    """One entry of a pack's catalogue; `path` runs from the root to the entry itself."""

    code: str
    name: str
    path: tuple[str, ...] = ()
    tier: Tier | None = None
    valid: bool = True


class PackEntry(Strict):
    """What one rule pack lets a sender say."""

    id: str
    version: str
    name: str = ""
    zone: str = "UTC"
    categories: tuple[CategoryEntry, ...] = ()
    units: tuple[Unit, ...] = ()
    suspension_causes: tuple[str, ...] = ()
    objection_reasons: tuple[str, ...] = ()
    scoring: Scoring = Scoring()
    repeats: RepeatRule | None = None

    def takes_category(self, code: str) -> bool:
        category = self.categories_by_code.get(code)
        return category is not None and category.valid

    @cached_property
    def categories_by_code(self) -> dict[str, CategoryEntry]:
        return {category.code: category for category in self.categories}

    @cached_property
    def units_by_code(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    def place(self, kind: UnitKind, given: str) -> str | None:
        """The code of a district or sub-district, given its code or its exact name."""
        return self._places.get((kind, given))

    @cached_property
    def _places(self) -> dict[tuple[UnitKind, str], str]:
        names = {(unit.kind, unit.name): unit.code for unit in self.units}
        return names | {(unit.kind, unit.code): unit.code for unit in self.units}


class Catalogue(Strict):
    """Every pack that is loaded."""

    packs: tuple[PackEntry, ...] = ()

    def pack(self, pack: str) -> PackEntry | None:
        return self._packs.get(pack)

    @cached_property
    def _packs(self) -> dict[str, PackEntry]:
        return {pack.id: pack for pack in self.packs}

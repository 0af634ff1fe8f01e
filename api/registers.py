"""The registers: units, categories, packs, and every word of the vocabulary."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query

from api.answers import READ_RESPONSES
from api.auth import Authenticated
from api.catalogue import CategoryEntry, PackEntry
from api.problems import NotFound
from api.resources import Resources, Shared
from domain import vocabulary
from domain.act_table import ACTS
from domain.acts import Code
from domain.model import Strict
from domain.unit import Unit

router = APIRouter(prefix="/v1", tags=["registers"], responses=READ_RESPONSES)

PackName = Annotated[Code | None, Query(description="A rule pack; by default the settings' own.")]


class Units(Strict):
    pack: str
    items: tuple[Unit, ...]
    next: None = None


class Categories(Strict):
    pack: str
    items: tuple[CategoryEntry, ...]
    next: None = None


class PackLine(Strict):
    id: str
    version: str
    name: str
    zone: str
    default: bool
    suspension_causes: tuple[str, ...]
    objection_reasons: tuple[str, ...]


class Packs(Strict):
    items: list[PackLine]
    next: None = None


class Codes(Strict):
    """Each enumeration's words, and who may do which act where."""

    words: dict[str, list[str]]
    acts: dict[str, list[str]]


@router.get("/units", operation_id="list_units")
async def units(_: Authenticated, shared: Shared, pack: PackName = None) -> Units:
    found = _pack(shared, pack)
    return Units(pack=found.id, items=found.units)


@router.get("/categories", operation_id="list_categories")
async def categories(_: Authenticated, shared: Shared, pack: PackName = None) -> Categories:
    found = _pack(shared, pack)
    return Categories(pack=found.id, items=found.categories)


@router.get("/packs", operation_id="list_packs")
async def packs(_: Authenticated, shared: Shared) -> Packs:
    return Packs(items=[_line(shared, pack) for pack in shared.catalogue.packs])


@router.get("/codes", operation_id="list_codes")
async def codes(_: Authenticated) -> Codes:
    words = {kind.__name__: [str(word) for word in kind] for kind in _enumerations()}
    return Codes(words=words, acts={name: sorted(spec.roles) for name, spec in ACTS.items()})


def _pack(shared: Resources, name: str | None) -> PackEntry:
    found = shared.catalogue.pack(name or shared.settings.pack)
    if found is None:
        raise NotFound("pack")
    return found


def _line(shared: Resources, pack: PackEntry) -> PackLine:
    return PackLine(
        id=pack.id,
        version=pack.version,
        name=pack.name,
        zone=pack.zone,
        default=pack.id == shared.settings.pack,
        suspension_causes=pack.suspension_causes,
        objection_reasons=pack.objection_reasons,
    )


def _enumerations() -> Iterable[type[StrEnum]]:
    for kind in vars(vocabulary).values():
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum:
            yield kind

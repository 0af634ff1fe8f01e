"""The API's registers, filled from the rule packs that this process has loaded."""

from collections.abc import Iterable
from datetime import UTC, datetime

from api.catalogue import Catalogue, CategoryEntry, PackEntry
from domain.rules import RepeatRule
from packs.pack import RulePack
from packs.pack_file import without_notes


def registers(packs: Iterable[RulePack]) -> Catalogue:
    return Catalogue(packs=tuple(map(_pack, packs)))


def _pack(pack: RulePack) -> PackEntry:
    language = pack.languages[0]
    today = pack.day_of(datetime.now(UTC))
    return PackEntry(
        id=pack.id,
        version=pack.version,
        name=next(iter(pack.file.name.values())),
        zone=pack.zone,
        categories=tuple(_category(pack, code, language) for code in pack.catalogue.category),
        units=tuple(pack.units.unit(code, today) for code in pack.units.entries),
        suspension_causes=pack.file.suspension.causes,
        objection_reasons=pack.file.objection.reasons,
        scoring=pack.file.scoring,
        repeats=without_notes(RepeatRule, pack.file.repeats),
    )


def _category(pack: RulePack, code: str, language: str) -> CategoryEntry:
    entry = pack.catalogue.category[code]
    names = pack.catalogue.path(code, language)
    return CategoryEntry(code=code, name=names[-1], path=names, tier=entry.tier, valid=entry.valid)

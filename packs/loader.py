"""Loads rule packs, and refuses at start-up whatever could leave a complaint without a clock."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from domain.calendar import Calendar
from domain.errors import InvalidRule
from domain.rules import LADDERED
from domain.vocabulary import ClockKind, Tier, WindowName
from packs.calendar_files import load_calendar
from packs.catalogue import CATALOGUE_FILE, read_catalogue
from packs.dispatch_table import TABLE_FILE, read_dispatch_table
from packs.errors import InvalidPack, UnknownPack
from packs.folder import PACK_FILE, PACKS, Folder, pack_ids
from packs.history import HISTORY_FILE, read_history
from packs.ladders import LADDERS_FILE, LadderTable
from packs.learned.hashing import GRAM
from packs.learned.shipped import labels_of, named_model
from packs.pack import RulePack
from packs.pack_file import PackFile
from packs.place import read_places
from packs.texts import read_texts
from packs.units import read_units
from packs.windows import WINDOWS_FILE, WindowTable

RULES = (
    "extension",
    "suspension",
    "objection",
    "evaluation",
    "deferral",
    "undeliverable",
    "repeats",
)
"""The tables of `pack.toml` that are one legal value each."""


@cache
def load_pack(pack_id: str, root: Path = PACKS) -> RulePack:
    """The pack of this id, read once per process; a pack that is abstract is not to be used."""
    folder = Folder(pack_id, root)
    if folder.table(PACK_FILE)["abstract"]:
        raise UnknownPack("pack", f"{pack_id!r} is only there to be extended")
    file = folder.read(PACK_FILE, PackFile)
    if file.id != pack_id:
        raise folder.refuse(PACK_FILE, ("id",), f"must be {pack_id!r}, the folder's name")
    units = read_units(folder, file.desks, file.languages[0])
    catalogue = read_catalogue(folder, units)
    places = read_places(units.entries, folder.lineage)
    pack = RulePack(
        file=file,
        zone=_duty(folder, file).zone,
        windows=folder.read(WINDOWS_FILE, WindowTable),
        ladders=folder.read(LADDERS_FILE, LadderTable),
        catalogue=catalogue,
        units=units,
        places=places,
        texts=read_texts(folder, file.languages),
        history=read_history(folder, catalogue),
        dispatched=read_dispatch_table(folder.lineage, units, catalogue, places.areas),
    )
    _check_windows(pack, folder)
    _check_ladders(pack, folder)
    _check_sources(pack, folder)
    _check_classifier(pack, folder)
    _check_urgency(pack, folder)
    _check_dispatch(pack, folder)
    return pack


def load_all(root: Path = PACKS) -> tuple[RulePack, ...]:
    """Every pack that can be used; the first broken one is refused."""
    usable = (
        pack_id
        for pack_id in pack_ids(root)
        if not Folder(pack_id, root).table(PACK_FILE)["abstract"]
    )
    return tuple(load_pack(pack_id, root) for pack_id in usable)


def _duty(folder: Folder, file: PackFile) -> Calendar:
    return _calendar(folder, PACK_FILE, ("duty_calendar",), file.duty_calendar)


def _calendar(folder: Folder, file: str, key: tuple[str, ...], calendar: str) -> Calendar:
    try:
        return load_calendar(calendar)
    except InvalidRule as refused:
        raise folder.refuse(file, key, refused.rule) from None


def _check_windows(pack: RulePack, folder: Folder) -> None:
    for key, entry in pack.windows.everywhere():
        calendar = entry.calendar or pack.file.calendar
        if calendar is None:
            raise folder.refuse(WINDOWS_FILE, key, "names no calendar, and the pack has none")
        _calendar(folder, WINDOWS_FILE, (*key, "calendar"), calendar)
        if key[0] == "category" and key[1] not in pack.catalogue.category:
            raise folder.refuse(WINDOWS_FILE, key[:2], "is not in the catalogue")
    for tier in Tier:
        for name in WindowName:
            if pack.windows.find(name, tier, None, None) is None:
                raise folder.refuse(
                    WINDOWS_FILE, ("tier", tier, name), "no window here and none in base"
                )


def _check_ladders(pack: RulePack, folder: Folder) -> None:
    for key, steps in pack.ladders.everywhere():
        keys = [step.key for step in steps]
        if not steps or len(keys) != len(set(keys)):
            raise folder.refuse(LADDERS_FILE, key, "needs rungs, each with a key of its own")
    for tier in Tier:
        for kind in LADDERED:
            ladder = pack.ladders.find(kind, tier)
            if ladder is None:
                raise folder.refuse(
                    LADDERS_FILE, ("tier", tier, kind), "no ladder here and none in base"
                )
            if kind is not ClockKind.ORDER and not ladder.ends_at_a_last_resort:
                place = ("tier", tier) if kind in pack.ladders.tier.get(tier, {}) else ("base",)
                raise folder.refuse(
                    LADDERS_FILE,
                    (*place, kind),
                    "the last rung must tell last_resort or supervision",
                )


def _check_classifier(pack: RulePack, folder: Folder) -> None:
    """Every label of the model is a level-1 class of the catalogue."""
    if (entry := pack.file.classifier) is None:
        return
    try:
        labels = labels_of(entry.model)
    except InvalidPack as refused:
        raise folder.refuse(PACK_FILE, ("classifier", "model"), refused.reason) from None
    known = {name for names in pack.catalogue.level.values() for name in names.values()}
    if strangers := set(labels) - known - set(pack.catalogue.level):
        reason = f"the catalogue has no level {min(strangers)!r}"
        raise folder.refuse(PACK_FILE, ("classifier", "model"), reason)


def _check_urgency(pack: RulePack, folder: Folder) -> None:
    """The model reads passages, and tells the tiers apart that it may raise to."""
    if (entry := pack.file.urgency) is None:
        return
    at = ("urgency", "model")
    try:
        model = named_model(entry.model)
    except InvalidPack as refused:
        raise folder.refuse(PACK_FILE, at, refused.reason) from None
    if GRAM not in model.blocks:
        raise folder.refuse(PACK_FILE, at, f"{entry.model} reads whole messages, not passages")
    if missing := {Tier.EMERGENCY, Tier.UTILITY} - set(model.labels):
        raise folder.refuse(PACK_FILE, at, f"{entry.model} knows no {min(missing)}")


def _check_dispatch(pack: RulePack, folder: Folder) -> None:
    if pack.file.dispatch is not None and pack.dispatched is None:
        raise folder.refuse(PACK_FILE, ("dispatch",), f"the pack has no {TABLE_FILE}")


def _check_sources(pack: RulePack, folder: Folder) -> None:
    for file, key, source in _cited(pack):
        if source not in pack.file.sources:
            raise folder.refuse(file, (*key, "source"), f"no source {source!r} in pack.toml")


def _cited(pack: RulePack) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for name in RULES:
        yield PACK_FILE, (name,), getattr(pack.file, name).source
    for number, attempt in enumerate(pack.file.evaluation.callbacks):
        yield PACK_FILE, ("evaluation", "callbacks", str(number)), attempt.source
    for key, entry in pack.windows.everywhere():
        yield WINDOWS_FILE, key, entry.source
    yield LADDERS_FILE, (), pack.ladders.source
    for key, steps in pack.ladders.everywhere():
        for step in steps:
            yield LADDERS_FILE, (*key, step.key), step.source or pack.ladders.source
    for key, value in pack.catalogue.sourced():
        yield CATALOGUE_FILE, key, value.source
    if pack.history is not None:
        for number, exception in enumerate(pack.history.exception):
            yield HISTORY_FILE, ("exception", str(number)), exception.source

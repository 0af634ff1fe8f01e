"""A rule pack: one jurisdiction's law as data, and what it says to one complaint."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.model import Frozen
from domain.rules import (
    LADDERED,
    CaseRules,
    DeferralRule,
    EvaluationRule,
    ExtensionRule,
    ObjectionRule,
    Sourced,
    SuspensionRule,
)
from domain.vocabulary import Basis, Demand, Tier, WindowName
from packs.catalogue import Catalogue
from packs.dispatch_table import DispatchTable
from packs.errors import UnknownName
from packs.history import History
from packs.ladders import LadderTable
from packs.pack_file import PackFile, without_notes
from packs.place import Places
from packs.texts import Texts
from packs.units import UnitTree
from packs.windows import WindowEntry, WindowTable


class RulePack(Frozen):
    """Everything that a jurisdiction says, read and checked. Pure: it reads nothing afterwards."""

    file: PackFile
    zone: str
    windows: WindowTable
    ladders: LadderTable
    catalogue: Catalogue
    units: UnitTree
    places: Places
    texts: Texts
    history: History | None = None
    dispatched: DispatchTable | None = None

    @property
    def id(self) -> str:
        return self.file.id

    @property
    def version(self) -> str:
        return self.file.version

    @property
    def languages(self) -> tuple[str, ...]:
        return self.file.languages

    def day_of(self, instant: datetime) -> date:
        """The day that it is in the jurisdiction."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def case_rules(
        self, demand: Demand, tier: Tier | None = None, category: str | None = None
    ) -> CaseRules:
        """What binds one complaint; without a tier the category's, else the pack's default."""
        tier = tier or self.tier_of(category)
        file = self.file
        return CaseRules(
            pack=file.id,
            version=file.version,
            tier=tier,
            windows={
                name: self.window(name, demand, tier, category).legal(file.calendar or "")
                for name in WindowName
            },
            ladders={
                kind: ladder
                for kind in LADDERED
                if (ladder := self.ladders.find(kind, tier)) is not None
            },
            extension=without_notes(ExtensionRule, file.extension),
            suspension=without_notes(SuspensionRule, file.suspension),
            objection=without_notes(ObjectionRule, file.objection),
            evaluation=without_notes(EvaluationRule, file.evaluation),
            deferral=without_notes(DeferralRule, file.deferral),
            desks=file.desks,
            undeliverable_after=file.undeliverable.after,
            duty_calendar=file.duty_calendar,
            zone=self.zone,
        )

    def window(
        self, name: WindowName, demand: Demand, tier: Tier, category: str | None = None
    ) -> WindowEntry:
        """The most specific window of this name, with its note."""
        entry = self.windows.find(name, tier, demand, category)
        if entry is None:
            raise UnknownName("window", f"no window {name} for tier {tier}")
        return entry

    def tier_of(self, category: str | None) -> Tier:
        """The tier that the catalogue gives a category, else the pack's default."""
        entry = self.catalogue.entry(category)
        return (entry.tier if entry else None) or self.file.default_tier

    def values(self) -> Iterator[Sourced]:
        """Every legal value of the pack, for counting what it rests on."""
        file = self.file
        yield from (file.extension, file.suspension, file.objection, file.evaluation)
        yield from (file.deferral, file.undeliverable, file.repeats, *file.evaluation.callbacks)
        for _, entry in self.windows.everywhere():
            yield entry
        for _, steps in self.ladders.everywhere():
            yield from (step.rung(self.ladders.basis, self.ladders.source) for step in steps)
        yield from (value for _, value in self.catalogue.sourced())
        if self.history is not None:
            yield from self.history.exception

    def basis(self) -> dict[Basis, int]:
        """How many values rest on what, strongest first."""
        counted = Counter(value.basis for value in self.values())
        return {basis: counted[basis] for basis in Basis}

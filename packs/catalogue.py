"""The dispatch catalogue (派单目录): what a complaint can be about, how urgent, whose duty."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from domain.model import Strict
from domain.rules import Sourced
from domain.vocabulary import Basis, Demand, DispositionKind, Tier, UnitKind
from packs.abuse import AbuseWords
from packs.facts import FactRule
from packs.folder import Folder, Key
from packs.said import Sayings, Word
from packs.tiers import Context, RaiseRule
from packs.units import UnitTree

CATALOGUE_FILE = "catalogue.toml"
Names = dict[str, str]
Words = dict[str, tuple[Annotated[str, StringConstraints(min_length=2)], ...]]
BY_PLACE: tuple[Literal["subdistrict"], Literal["district"]] = ("subdistrict", "district")


class CategoryEntry(Strict):
    """A leaf of the catalogue; its code is the path of its levels.

    `words` name its matter; `hints` only accompany it, and others too.
    `lead` and `co_handlers` are units' codes, or `subdistrict` or `district` for the one of the
    place. `assistants` help on the spot and never lead (Art. 17). `demands` are the kinds of demand
    that the entry is meant for; `route` is the way without an order that a person must think of.
    """

    name: Names = Field(min_length=1)
    words: Words = Field(default_factory=dict)
    hints: Words = Field(default_factory=dict)
    tier: Tier | None = None
    lead: str
    co_handlers: tuple[str, ...] = ()
    assistants: tuple[Literal["community"], ...] = ()
    demands: tuple[Demand, ...] = Field(default=tuple(Demand), min_length=1)
    facts: tuple[str, ...] = ()
    route: DispositionKind | None = None
    valid: bool = True
    basis: Basis | None = None
    source: str | None = None
    note: str = ""

    @field_validator("co_handlers", "assistants", "demands", "facts")
    @classmethod
    def _says_each_once(cls, said: tuple[str, ...]) -> tuple[str, ...]:
        if len(said) != len(set(said)):
            raise ValueError("names the same thing twice")
        return said

    @model_validator(mode="after")
    def _says_no_word_twice(self) -> Self:
        for language in self.words.keys() | self.hints.keys():
            said = (*self.words.get(language, ()), *self.hints.get(language, ()))
            if twice := {word for word in said if said.count(word) > 1}:
                raise ValueError(f"says {min(twice)!r} twice")
        return self

    @model_validator(mode="after")
    def _rests_on_something_whole(self) -> Self:
        if (self.basis is None) != (self.source is None):
            raise ValueError("basis and source come together")
        return self

    @property
    def sourced(self) -> Sourced | None:
        """What tier and duty rest on, where the entry says so."""
        if self.basis is None or self.source is None:
            return None
        return Sourced(basis=self.basis, source=self.source)


class Catalogue(Strict):
    """`catalogue.toml`, and the files of `catalogue/`."""

    threshold: float = Field(ge=0, le=1)
    fact: dict[str, FactRule] = Field(default_factory=dict)
    level: dict[str, Names] = Field(default_factory=dict)
    category: dict[str, CategoryEntry] = Field(default_factory=dict)
    context: dict[str, Context] = Field(default_factory=dict)
    raised: tuple[RaiseRule, ...] = ()
    abuse: AbuseWords = AbuseWords()

    def entry(self, code: str | None) -> CategoryEntry | None:
        """The category of this code, None when the catalogue has no such code."""
        return self.category.get(code) if code else None

    @cached_property
    def sayings(self) -> Sayings:
        """The words and hints of all entries that are valid."""
        return Sayings(
            Word(code, language, word, hint)
            for code, entry in self.category.items()
            for said, hint in ((entry.words, False), (entry.hints, True))
            for language, words in said.items()
            for word in words
            if entry.valid
        )

    def path(self, code: str, language: str) -> tuple[str, ...]:
        """The names of all levels of a category, the widest first."""
        names = [self.level[level] for level in _levels(code)] + [self.category[code].name]
        return tuple(_in(language, name) for name in names)

    def sourced(self) -> Iterator[tuple[tuple[str, ...], Sourced]]:
        """Every value that says what it rests on, under its key."""
        for number, rule in enumerate(self.raised):
            yield ("raised", str(number)), rule
        for code, entry in self.category.items():
            if (sourced := entry.sourced) is not None:
                yield ("category", code), sourced


def _in(language: str, names: Mapping[str, str]) -> str:
    return names.get(language) or next(iter(names.values()))


def _levels(code: str) -> tuple[str, ...]:
    parts = code.split(".")
    return tuple(".".join(parts[:depth]) for depth in range(1, len(parts)))


def read_catalogue(folder: Folder, units: UnitTree) -> Catalogue:
    """The catalogue: its leads able to lead, its levels, facts and contexts all defined."""
    catalogue = folder.read(CATALOGUE_FILE, Catalogue)
    for number, rule in enumerate(catalogue.raised):
        for name in rule.shielded_by:
            if name not in catalogue.context:
                at = ("raised", number, "shielded_by")
                raise folder.refuse(CATALOGUE_FILE, at, f"no context {name!r}")
    for code, entry in catalogue.category.items():
        for key, reason in _faults(code, entry, catalogue, units):
            raise folder.refuse(CATALOGUE_FILE, ("category", code, *key), reason)
    return catalogue


def _faults(
    code: str, entry: CategoryEntry, catalogue: Catalogue, units: UnitTree
) -> Iterator[tuple[Key, str]]:
    if entry.lead not in BY_PLACE:
        if entry.lead not in units:
            yield ("lead",), f"no unit {entry.lead!r}"
        elif units.entries[entry.lead].kind is UnitKind.COMMUNITY:
            yield ("lead",), f"{entry.lead!r} is a community: it assists and never leads"
    for unit in entry.co_handlers:
        if unit == entry.lead:
            yield ("co_handlers",), f"{unit!r} leads already"
        elif unit not in BY_PLACE and unit not in units:
            yield ("co_handlers",), f"no unit {unit!r}"
    for fact in entry.facts:
        if fact not in catalogue.fact:
            yield ("facts",), f"no fact {fact!r}"
    for level in _levels(code):
        if level not in catalogue.level:
            yield (), f"no name for its level {level!r}"

"""A complaint as it enters: what the workflow may know of it, and the sealed rest."""

from typing import Literal

from domain.acts import Actor, Words
from domain.model import Frozen, Instant
from domain.vocabulary import Demand, DispositionKind


class IntakeDisposition(Frozen):
    """The non-order way that a person at the hotline chose at intake (Art. 11)."""

    kind: DispositionKind
    answer: Words
    basis: str


class Matter(Frozen):
    """The sealed words of a complaint, opened only by the API and the activities that need them."""

    title: Words = None
    text: Words
    address: Words = None
    summary: Words = None
    media: Words = None


class Person(Frozen):
    """Who complains. `reachable` is all that the workflow may act upon."""

    kind: Literal["person", "company", "organisation"]
    confidential: bool = False
    anonymous: bool = False
    reachable: bool = True
    contact: Words = None


class Submission(Frozen):
    """The argument of one complaint's workflow; `number` is its name for life."""

    number: str
    pack: str
    channel: str
    demand: Demand
    received_at: Instant
    actor: Actor
    matter: Matter
    person: Person
    category: str | None = None
    district: str | None = None
    subdistrict: str | None = None
    latitude: Words = None
    longitude: Words = None
    disposition: IntakeDisposition | None = None
    follows: str | None = None

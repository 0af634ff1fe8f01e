"""Every act that can be done to a complaint: one frozen model each.

`domain.act_table` lists them. A body over HTTP is the act without the fields that the server stamps
(`Act`'s own).
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from domain.model import Frozen, Instant
from domain.vocabulary import (
    CallbackOutcome,
    Contacted,
    Decision,
    DispositionKind,
    Resolved,
    Result,
    Role,
    RulingSubject,
    Satisfied,
    Tier,
    Via,
)


class Sealable:
    """Marks a field of free words: sealed at the door, refused in a direct signal if it is not."""

    SEAL = "sealed:v1:"

    def __init__(self, *, required: bool = False, longest: int = 4000) -> None:
        self.required = required
        self.longest = longest


Words = Annotated[str | None, Sealable()]
RequiredWords = Annotated[str | None, Sealable(required=True)]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:\-]+$")]
AmountText = Annotated[
    str, Field(min_length=2, max_length=12, pattern=r"^[0-9]+(s|min|h|wh|d|wd|mo)$")
]


class Actor(Frozen):
    """Who acts: the key's id and role, the unit of a unit's key, and the person the key names."""

    role: Role
    key: str
    unit: str | None = None
    person: str | None = None


class Act(Frozen):
    """What the server stamps on every act.

    `received_at` is the API's; for a direct signal it is the instant at which the workflow took it,
    and what the sender claims is kept in `claimed_at`.
    """

    id: str = Field(min_length=1, max_length=200)
    received_at: Instant
    actor: Actor
    via: Via = Via.API
    claimed_at: Instant | None = None


class OrderAct(Act):
    """An act on one order, `<number>.<round>.<n>`."""

    order: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]


class Told(Frozen):
    """When and by which means the citizen was told."""

    at: Instant
    means: Code


class ChosenDisposition(Frozen):
    kind: DispositionKind
    answer: RequiredWords = None
    basis: Code


class Classify(Act):
    category: Code
    tier: Tier | None = None
    disposition: ChosenDisposition | None = None
    effect: Literal["apply", "record"] = "apply"
    approved_by: Code | None = None


class Dispatch(Act):
    lead: Code
    co_handlers: tuple[Code, ...] = Field(default=(), max_length=20)


class Rule(Act):
    subject: RulingSubject
    decision: Decision
    order: str | None = None
    unit: Code | None = None
    reason: Words = None


class Supervise(Act):
    reason: Words = None


class Callback(Act):
    outcome: CallbackOutcome


class Attach(Act):
    reference: Code


class Evaluate(Act):
    round: int = Field(ge=1)
    opening: int | None = Field(default=None, ge=1)
    contacted: Contacted = Contacted.UNKNOWN
    resolved: Resolved = Resolved.UNKNOWN
    satisfied: Satisfied = Satisfied.UNKNOWN
    comment: Words = None


class AddFacts(Act):
    text: RequiredWords = None
    media: Words = None


class Withdraw(Act):
    reason: Words = None
    revoke: bool = False


class Contest(Act):
    reason: RequiredWords = None


class Amend(Act):
    """An operator's amendment: a calendar's new version, time lost by an outage, a closed unit."""

    kind: Literal["calendar", "outage", "unit"]
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    calendar: Code | None = None
    unit: Code | None = None
    since: Instant | None = None
    until: Instant | None = None


class SignOff(OrderAct):
    pass


class Contact(OrderAct):
    at: Instant
    means: Code
    reached: bool


class Interim(OrderAct):
    text: RequiredWords = None


class Object(OrderAct):
    reason: Code
    proposed_unit: Code
    basis: Code
    note: Words = None


class Extend(OrderAct):
    amount: AmountText
    basis: Code
    reason: RequiredWords = None
    citizen_told: Told | None = None


class Suspend(OrderAct):
    cause: Code
    until: Instant
    evidence: RequiredWords = None


class Resume(OrderAct):
    pass


class Help(OrderAct):
    reason: RequiredWords = None


class CoHandle(OrderAct):
    unit: Code
    task: RequiredWords = None
    due: Instant | None = None


class Defer(OrderAct):
    reason: RequiredWords = None
    measures: RequiredWords = None
    review_on: date
    citizen_told: Told


class Complete(OrderAct):
    result: Result
    answer: RequiredWords = None
    evidence: Words = None


def plain_words(act: BaseModel) -> list[str]:
    """The names of fields that hold free words and are not sealed."""
    found = []
    for name, field in type(act).model_fields.items():
        value = getattr(act, name)
        if isinstance(value, BaseModel):
            found += [f"{name}.{inner}" for inner in plain_words(value)]
        elif (
            isinstance(value, str)
            and any(isinstance(mark, Sealable) for mark in field.metadata)
            and not value.startswith(Sealable.SEAL)
        ):
            found.append(name)
    return found

"""What runs in a complaint: its orders, its clocks with their rungs, and its openings.

Mutable, owned by `domain.complaint`; the outside sees the views of `domain.state`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from domain.acts import Act, Defer, Extend
from domain.clock import Clock, Hold
from domain.rules import LegalWindow, Rung
from domain.rulings import ClockRuling, PlacedRung
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Result
from domain.window import Amount


@dataclass
class Order:
    """One unit's duty in one round."""

    id: str
    round: int
    kind: OrderKind
    unit: str
    opened_at: datetime
    state: OrderState = OrderState.OPEN
    cc: tuple[str, ...] = ()
    serves: str | None = None
    may_object: bool = True
    cause: EndCause | None = None
    result: Result | None = None
    answer: str | None = None
    contacted_at: datetime | None = None
    completed_at: datetime | None = None
    ended_at: datetime | None = None
    extensions: int = 0
    extension_asked: Extend | None = None
    deferral_asked: Defer | None = None
    objection: Act | None = None

    @property
    def live(self) -> bool:
        return self.state in (OrderState.OPEN, OrderState.ACCEPTED, OrderState.OBJECTED)


@dataclass
class Fired:
    """A rung that fired: whom it told, so that a correction can reach the same."""

    key: str
    due_at: datetime
    level: int
    told: list[tuple[str, str]] = field(default_factory=list)
    supervision: str | None = None
    overtaken: bool = False


@dataclass
class RunningClock:
    """A clock, on whom it falls, and what it has already done.

    `due_at` and `placed` are what the last ruling measured; `stale` marks a clock that an act has
    changed and no ruling has measured since. A `passive` clock bounds an act and wakes nobody.
    """

    id: str
    kind: ClockKind
    window: LegalWindow
    party: str
    start: datetime
    order: str | None = None
    ladder: tuple[Rung, ...] = ()
    passive: bool = False
    at_expiry: bool = False
    holds: list[Hold] = field(default_factory=list)
    extensions: list[Amount] = field(default_factory=list)
    at_least: datetime | None = None
    at_most: datetime | None = None
    follows: str | None = None
    attempt: int = 0
    due_at: datetime | None = None
    provisional: bool = False
    calendar_version: str | None = None
    placed: tuple[PlacedRung, ...] = ()
    fired: dict[str, Fired] = field(default_factory=dict)
    expired_at: datetime | None = None
    overdue: bool = False
    ended_at: datetime | None = None
    stale: bool = True
    moved: bool = False
    error: str | None = None
    explained: bool = False

    @property
    def running(self) -> bool:
        return self.ended_at is None

    @property
    def held(self) -> bool:
        return bool(self.holds) and self.holds[-1].ends_at is None

    @property
    def clock(self) -> Clock:
        return Clock(
            window=self.window.window,
            start=self.start,
            holds=tuple(self.holds),
            extensions=tuple(self.extensions),
            start_is_expiry=self.at_expiry,
        )

    def hold(self, since: datetime) -> None:
        self.holds.append(Hold(starts_at=since, ends_at=None))
        self.stale = True

    def release(self, until: datetime) -> None:
        """End the open hold; one that ends where it began never was."""
        begun = self.holds.pop()
        if until > begun.starts_at:
            self.holds.append(Hold(starts_at=begun.starts_at, ends_at=until))
        self.stale = True

    def accept(self, ruling: ClockRuling) -> None:
        """Take a measurement; a changed due instant on a measured clock counts as moved."""
        self.moved = self.calendar_version is not None
        self.due_at = ruling.due_at
        self.provisional = ruling.provisional
        self.placed = ruling.rungs
        self.error = ruling.error
        if ruling.calendar_version:
            self.calendar_version = ruling.calendar_version
        self.stale = False
        if self.expired_at is not None and (self.due_at is None or self.due_at > self.expired_at):
            self.expired_at = None
            self.overdue = False

    def rung(self, key: str) -> Rung:
        """The ladder's rung of this key; a repetition bears its rung's name and a number."""
        name = key.split(".")[0]
        return next(rung for rung in self.ladder if rung.key == name)


@dataclass
class Opening:
    """One asking of the citizen: its own number, its own single-use link."""

    number: int
    round: int
    cause: str
    opened_at: datetime
    answered: bool = False
    ended: bool = False

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
    signed_off: bool = False
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
    """A rung that fired: whom it told, so that a correction can reach the same.

    One that `awaits_later` told nobody: after an outage a later reminder speaks for it.
    """

    key: str
    due_at: datetime
    level: int
    told: list[tuple[str, str]] = field(default_factory=list)
    supervision: str | None = None
    overtaken: bool = False
    awaits_later: bool = False


@dataclass
class RunningClock:
    """A clock, on whom it falls, and what it has already done.

    `due_at` and `placed` are what the last ruling measured; `stale` marks a clock that an act has
    changed and no ruling has measured since. A `passive` clock bounds an act and wakes nobody. A
    `backdated` one is started by law before the act that starts it: what lies there is no lag.
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
    original_start: datetime | None = None
    due_when_held: datetime | None = None
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
    measured: bool = False
    backdated: bool = False
    moved: frozenset[datetime] = frozenset()
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

    def restart(self, at: datetime, *, at_expiry: bool) -> None:
        """Count from the fact that starts the window, now that it is known."""
        self.start, self.at_expiry, self.stale = at, at_expiry, True

    def may_hold(self, at: datetime) -> bool:
        """A hold at or after the due instant would change nothing."""
        return self.running and not self.held and self.due_at is not None and at < self.due_at

    def hold(self, since: datetime) -> None:
        self.due_when_held = self.due_at
        self.holds.append(Hold(starts_at=since, ends_at=None))
        self.stale = True

    def release(self, until: datetime) -> None:
        """End the open hold; one that ends where it began never was."""
        begun = self.holds.pop()
        if until > begun.starts_at:
            self.holds.append(Hold(starts_at=begun.starts_at, ends_at=until))
            if self.at_most is not None:
                self.at_most += until - begun.starts_at
        self.stale = True

    def end(self, at: datetime) -> None:
        self.ended_at, self.stale = at, False

    def run_on(self) -> None:
        """Run as if it had never ended: what came due meanwhile is nobody's lag."""
        self.ended_at, self.stale = None, True
        self.due_at, self.placed = None, ()

    def accept(self, ruling: ClockRuling, now: datetime) -> None:
        """Take a measurement; where none could be made, the former one stands."""
        self.stale, self.error = False, ruling.error
        if ruling.error is not None:
            return
        self._note_what_moved(ruling, now)
        self.due_at = ruling.due_at
        self.provisional = ruling.provisional
        self.placed = ruling.rungs
        if ruling.calendar_version:
            self.calendar_version = ruling.calendar_version
        if self.expired_at is not None and (self.due_at is None or self.due_at > self.expired_at):
            self.expired_at = None
            self.overdue = False

    def _note_what_moved(self, ruling: ClockRuling, now: datetime) -> None:
        """What a change puts into the past is late through nobody's delay."""
        if self.measured or self.backdated:
            stood = {rung.at for rung in self.placed} | {self.due_at}
            placed = {rung.at for rung in ruling.rungs} | {ruling.due_at}
            self.moved = frozenset(
                at
                for at in placed
                if at is not None and at < now and (at not in stood or at in self.moved)
            )
        self.measured = True

    def awaits(self, placed: PlacedRung) -> bool:
        """Whether the rung has not fired, or was overtaken and stands later since."""
        fired = self.fired.get(placed.key)
        return fired is None or (fired.overtaken and placed.at > fired.due_at)

    def rung(self, key: str) -> Rung:
        """The ladder's rung of this key; a repetition bears its rung's name and a number."""
        name = key.split(".", 1)[0]
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
    silent_at: datetime | None = None
    calls: int = 0

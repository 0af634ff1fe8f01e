"""The complaint in motion: the one mutable object of the domain, and the moves that keep it whole.

Every change is recorded as an event and, where someone must hear of it, as a notice. What an act
means stands in the modules beside this one; how long something lasts is a ruling's to say.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.acts import Actor
from domain.errors import Refused
from domain.event import Event, EventKind
from domain.notice import Notice
from domain.outcome import Refusal
from domain.rules import CaseRules, LegalWindow
from domain.rulings import Candidate
from domain.running import Opening, Order, RunningClock
from domain.submission import Submission
from domain.unit import Unit
from domain.vocabulary import (
    ClockKind,
    DispositionKind,
    EndCause,
    OrderKind,
    OrderState,
    Outcome,
    Role,
    Stage,
    Tier,
    WindowName,
)
from domain.window import Amount

ENGINE = Actor(role=Role.ENGINE, key="engine")


@dataclass
class Complaint:
    """State and moves of one complaint. Instants are UTC; `now` is always given, never read."""

    submission: Submission
    rules: CaseRules
    units: dict[str, Unit]
    stage: Stage = Stage.REGISTERED
    round: int = 1
    category: str | None = None
    confidence: float | None = None
    called_for: Tier | None = None
    candidates: tuple[Candidate, ...] = ()
    district: str | None = None
    subdistrict: str | None = None
    community: str | None = None
    area: str | None = None
    disposition: DispositionKind | None = None
    disposed_by: str | None = None
    orders: list[Order] = field(default_factory=list)
    clocks: dict[str, RunningClock] = field(default_factory=dict)
    openings: list[Opening] = field(default_factory=list)
    escalation: int = 0
    redispatches: int = 0
    automatic_rounds: int = 0
    reviews: int = 0
    attached: int = 0
    supervised: bool = False
    last_asking: bool = False
    contested: bool = False
    withdrawn: bool = False
    outcome: Outcome | None = None
    dispatched_at: datetime | None = None
    closed_at: datetime | None = None
    frozen: bool = False
    sequence: int = 0
    events: list[Event] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    outcomes: dict[str, Refusal | None] = field(default_factory=dict)
    clocks_made: int = 0
    notices_made: int = 0

    @property
    def number(self) -> str:
        return self.submission.number

    @property
    def tier(self) -> Tier:
        return self.rules.tier

    # What happened, and who hears of it.

    def record(
        self,
        kind: EventKind,
        now: datetime,
        *,
        actor: Actor = ENGINE,
        received_at: datetime | None = None,
        due_at: datetime | None = None,
        **body: Any,
    ) -> None:
        self.sequence += 1
        self.events.append(
            Event(
                number=self.number,
                sequence=self.sequence,
                kind=kind,
                actor=actor,
                acted_at=now,
                received_at=received_at,
                due_at=due_at,
                body={key: value for key, value in body.items() if value is not None},
            )
        )

    def tell(
        self,
        destination: str,
        kind: str,
        now: datetime,
        *,
        order: str | None = None,
        due_at: datetime | None = None,
        not_before: datetime | None = None,
        corrects: str | None = None,
        opening: int | None = None,
    ) -> str:
        """Queue a notice and return its id, which no other notice ever bears."""
        self.notices_made += 1
        notice = Notice(
            id=f"{self.number}-{self.notices_made}",
            destination=destination,
            number=self.number,
            kind=kind,
            order=order,
            due_at=due_at,
            made_at=now,
            not_before=not_before if not_before and not_before > now else None,
            corrects=corrects,
            round=self.round,
            opening=opening,
            emergency=self.tier is Tier.EMERGENCY,
        )
        self.notices.append(notice)
        return notice.id

    def tell_citizen(self, kind: str, now: datetime, **facts: Any) -> None:
        if self.submission.person.reachable:
            self.tell(f"citizen:{self.number}", kind, now, **facts)

    def tell_orders(self, kind: str, now: datetime) -> None:
        for order in self.live_orders():
            self.tell(order.unit, kind, now, order=order.id, due_at=self.due_of(order))

    # Orders.

    def live_orders(self) -> list[Order]:
        return [order for order in self.orders if order.live]

    def lead(self) -> Order | None:
        """The lead order of this round: the live one, else the last."""
        leads = [o for o in self.orders if o.kind is OrderKind.LEAD and o.round == self.round]
        return next((o for o in leads if o.live), leads[-1] if leads else None)

    def find_order(self, order_id: str) -> Order:
        """The order of this id; raises `Refused` for none, or for one of an earlier round."""
        order = next((o for o in self.orders if o.id == order_id), None)
        if order is None:
            raise Refused("unknown-order", "order", "this complaint has no such order")
        if order.round != self.round and not order.live:
            raise Refused("stale-round", "order", f"round {self.round} is under way")
        return order

    def open_order(
        self, kind: OrderKind, unit: Unit, at: datetime, now: datetime, **facts: Any
    ) -> Order:
        nth = sum(1 for order in self.orders if order.round == self.round) + 1
        order = Order(
            id=f"{self.number}.{self.round}.{nth}",
            round=self.round,
            kind=kind,
            unit=unit.code,
            opened_at=at,
            cc=unit.cc,
            **facts,
        )
        self.orders.append(order)
        self.record(EventKind.ORDER_OPENED, now, order=order.id, order_kind=kind, unit=unit.code)
        return order

    def end_order(
        self, order: Order, cause: EndCause, at: datetime, now: datetime, *, tell: bool = True
    ) -> None:
        if not order.live:
            return
        citizen = self.citizen_clock()
        if order.kind is OrderKind.LEAD and citizen and citizen.running and citizen.held:
            citizen.release(at)
        order.state, order.cause, order.ended_at = OrderState.ENDED, cause, at
        self.stop_clocks(at, order=order.id)
        self.lapse_extension(order, now)
        late = self.is_late(order, at) if cause is EndCause.CONFIRMED_BY_CITIZEN else None
        self.record(EventKind.ORDER_ENDED, now, order=order.id, cause=cause, late=late)
        if tell:
            self.tell(order.unit, f"order_{cause}", now, order=order.id)

    def lapse_extension(self, order: Order, now: datetime) -> None:
        """An extension that was never ruled on is refused."""
        if order.extension_asked is not None:
            order.extension_asked = None
            self.record(EventKind.EXTENSION_REFUSED, now, order=order.id, cause="never_ruled")

    def end_all_orders(self, cause: EndCause, at: datetime, now: datetime) -> None:
        for order in self.live_orders():
            self.end_order(order, cause, at, now)

    def is_late(self, order: Order, at: datetime) -> bool:
        due_at = self.due_of(order)
        return due_at is not None and at > due_at

    def due_of(self, order: Order) -> datetime | None:
        clock = self.order_clock(order)
        return clock.due_at if clock else None

    # Clocks.

    def running_clocks(self) -> list[RunningClock]:
        return [clock for clock in self.clocks.values() if clock.running]

    def clock_of(self, kind: ClockKind, order: str | None = None) -> RunningClock | None:
        return next(
            (
                clock
                for clock in self.running_clocks()
                if clock.kind is kind and (order is None or clock.order == order)
            ),
            None,
        )

    def citizen_clock(self) -> RunningClock | None:
        return self.clocks.get(f"citizen.{self.round}")

    def order_clock(self, order: Order) -> RunningClock | None:
        """The clock that budgets the order itself, running or not."""
        return self.clocks.get(f"order.{order.id}")

    def accepted_by_silence(self, order: Order) -> RunningClock | None:
        """The sign-off clock that ran out on the order, if that is how it was accepted."""
        return next(
            (
                clock
                for clock in self.clocks.values()
                if clock.kind is ClockKind.SIGN_OFF
                and clock.order == order.id
                and clock.expired_at is not None
            ),
            None,
        )

    def start_clock(
        self,
        kind: ClockKind,
        window: WindowName | LegalWindow,
        party: str,
        start: datetime,
        *,
        clock_id: str | None = None,
        order: str | None = None,
        passive: bool = False,
        **bounds: Any,
    ) -> RunningClock:
        """Start a clock; a ruling measures it before anything waits on it."""
        self.clocks_made += 1
        ladder = self.rules.ladders.get(kind)
        clock = RunningClock(
            id=clock_id or f"{kind}.{self.clocks_made}",
            kind=kind,
            window=self.rules.windows[window] if isinstance(window, WindowName) else window,
            party=party,
            start=start,
            order=order,
            ladder=ladder.rungs if ladder and not passive else (),
            passive=passive,
            **bounds,
        )
        self.clocks[clock.id] = clock
        return clock

    def stop_clocks(
        self, at: datetime, *, kind: ClockKind | None = None, order: str | None = None
    ) -> None:
        for clock in self.running_clocks():
            if kind in (None, clock.kind) and order in (None, clock.order):
                clock.end(at)

    def free_window(self, amount: Amount, like: WindowName) -> LegalWindow:
        """A window of another amount, counted with the calendar of `like`."""
        model = self.rules.windows[like]
        window = type(model.window)(amount=amount.amount, unit=amount.unit)
        return model.model_copy(update={"window": window})

    # Openings.

    def open_opening(self) -> Opening | None:
        return next((o for o in self.openings if not o.ended), None)

    # Looking up.

    def unit(self, code: str) -> Unit:
        """A unit that a ruling has already named; raises `Refused` for any other code."""
        known = self.units.get(code)
        if known is None:
            raise Refused("unknown-unit", "unit", "the rule pack has no such unit")
        return known

    def superior(self, code: str) -> str:
        chain = self.unit(code).chain
        return chain[0] if chain else self.rules.desks.last_resort


def lag(due_at: datetime, now: datetime) -> float:
    """Seconds between the lawful instant and the engine's; never negative."""
    return max(timedelta(0), now - due_at).total_seconds()

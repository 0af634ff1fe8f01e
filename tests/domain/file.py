"""What a test asks about a complaint in memory: its orders, clocks, events, rungs and notices."""

from datetime import datetime

from domain.complaint import Complaint
from domain.event import Event, EventKind
from domain.notice import Notice
from domain.running import Order, RunningClock
from domain.view import view
from domain.vocabulary import ClockKind, OrderKind


class File:
    """One complaint's state, and every event and notice that it has given rise to."""

    case: Complaint
    events: list[Event]
    notices: list[Notice]

    @property
    def lead(self) -> Order:
        lead = self.case.lead()
        assert lead is not None
        return lead

    @property
    def citizen(self) -> RunningClock:
        clock = self.case.citizen_clock()
        assert clock is not None
        return clock

    def order(self, kind: OrderKind, nth: int = -1) -> Order:
        return [order for order in self.case.orders if order.kind is kind][nth]

    def due(self, order: Order | None = None) -> datetime | None:
        """When the order is due; without one, the citizen's clock."""
        return self.case.due_of(order) if order else self.citizen.due_at

    def clock(self, kind: ClockKind, order: Order | None = None) -> RunningClock:
        clock = self.case.clock_of(kind, order.id if order else None)
        assert clock is not None, f"no {kind} clock runs"
        return clock

    def of(self, *kinds: EventKind) -> list[Event]:
        return [event for event in self.events if event.kind in kinds]

    def rungs(self, *kinds: ClockKind) -> list[str]:
        """The rungs that fired, in order, as `order.half`; on these kinds of clock, if given."""
        fired = [
            f"{self.case.clocks[event.body['clock']].kind}.{event.body['rung']}"
            for event in self.of(EventKind.RUNG_FIRED)
        ]
        return [rung for rung in fired if not kinds or rung.split(".")[0] in kinds]

    def told(self, kind: str) -> list[str]:
        """Who got a notice of this kind, in order."""
        return [notice.destination for notice in self.notices if notice.kind == kind]

    def allowed(self) -> set[tuple[str, str | None]]:
        return {(a.act, a.order) for a in view(self.case).allowed_actions}

"""What a legal file says of guesses and of dispatches: whose choice each was, and whether it stood.

The engine's own dispatch goes by the catalogue; every other one has a person as its actor. Who
leads a later round follows from the law and is nobody's choice; co-handlers are not looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.event import Event, EventKind
from domain.model import Instant
from domain.rulings import NOBODY_KNOWN
from domain.vocabulary import Decision, EndCause, OrderKind, Role, RulingSubject

TELLING = frozenset(
    {
        EventKind.CLASSIFIED,
        EventKind.CLASSIFICATION_RECORDED,
        EventKind.SENT_TO_TRIAGE,
        EventKind.DISPATCHED,
        EventKind.ROUND_BEGUN,
        EventKind.ORDER_OPENED,
        EventKind.ORDER_ENDED,
        EventKind.OBJECTED,
        EventKind.RULED,
    }
)
"""The events that these facts are read from; a file may be given without the others."""


@dataclass
class Guess:
    """The machine's own. `sure` needed no person."""

    at: Instant
    category: str | None
    sure: bool


@dataclass
class Lead:
    """One dispatch and its lead order. `nobody_known`: the place left only the hotline's desk."""

    at: Instant
    category: str | None
    unit: str
    round: int
    by_catalogue: bool
    nobody_known: bool
    objected: bool = False
    rejected: bool = False
    returned: bool = False

    @property
    def upheld(self) -> bool:
        """The objection was: by ruling, or by a person who dispatched anew while it waited."""
        return self.objected and self.returned and not self.rejected

    @property
    def moved(self) -> bool:
        """A person took it away although no objection stood against it."""
        return self.returned and not self.upheld


class LeadFacts:
    """The facts of one file. `category` is that of a file in which nobody classified.

    `decided` is the category that a person chose last, None where nobody did.
    """

    def __init__(self, file: Sequence[Event], category: str | None = None) -> None:
        self.guess: Guess | None = None
        self.decided: str | None = None
        self.leads: list[Lead] = []
        self._category = category
        self._round = 1
        self._dispatch: Event | None = None
        self._orders: dict[str, Lead] = {}
        self._last_of_round: dict[int, str] = {}
        for event in file:
            self._read(event)

    def taken_by(self, lead: Lead) -> str:
        """Who leads last in the same round: the one from whom nobody took it in turn."""
        return self._last_of_round[lead.round]

    def _read(self, event: Event) -> None:
        body = event.body
        match event.kind:
            case EventKind.CLASSIFIED | EventKind.SENT_TO_TRIAGE:
                self._category = body.get("category", self._category)
                self._read_choice(event)
            case EventKind.CLASSIFICATION_RECORDED:
                self._read_choice(event)
            case EventKind.DISPATCHED:
                self._dispatch = event
            case EventKind.ROUND_BEGUN:
                self._round = int(body.get("round", self._round + 1))
            case EventKind.ORDER_OPENED if body.get("order_kind") == OrderKind.LEAD:
                self._open(str(body["order"]), str(body["unit"]))
            case _:
                pass
        if (lead := self._orders.get(str(body.get("order")))) is not None:
            _follow(lead, event)

    def _read_choice(self, event: Event) -> None:
        body = event.body
        if event.actor.role is not Role.ENGINE:
            self.decided = body.get("category", self.decided)
        elif "classifier" in body and (body.get("candidates") or "category" not in body):
            # Without candidates a category is the channel's own choice, and no guess.
            sure = event.kind is EventKind.CLASSIFIED
            self.guess = Guess(event.acted_at, body.get("category"), sure)

    def _open(self, order: str, unit: str) -> None:
        self._last_of_round[self._round] = unit
        dispatch, self._dispatch = self._dispatch, None
        if dispatch is None:
            return
        lead = Lead(
            at=dispatch.acted_at,
            category=self._category,
            unit=unit,
            round=self._round,
            by_catalogue=dispatch.actor.role is Role.ENGINE,
            nobody_known=NOBODY_KNOWN in dispatch.body.get("reasons", ()),
        )
        self.leads.append(lead)
        self._orders[order] = lead


def _follow(lead: Lead, event: Event) -> None:
    match event.kind:
        case EventKind.OBJECTED:
            lead.objected = True
        case EventKind.RULED if event.body.get("subject") == RulingSubject.OBJECTION:
            lead.rejected = event.body.get("decision") == Decision.REJECTED
        case EventKind.ORDER_ENDED:
            lead.returned = event.body.get("cause") == EndCause.RETURNED
        case _:
            pass

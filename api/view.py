"""A complaint as a caller sees it: its state, the acts that this caller may do now, and links."""

from typing import Any

from api.auth import Caller
from domain.model import Instant, Strict
from domain.state import AllowedAction, ClockView, ComplaintState, OrderView
from domain.submission import Submission
from domain.vocabulary import Demand, DispositionKind, Outcome, Role, Stage, Tier


class ClockLine(ClockView):
    """A clock and where its day-by-day account stands."""

    explanation: str


class RelatedLine(Strict):
    """Another complaint that may be about the same matter; `likeness` is from 0 to 1."""

    number: str
    likeness: float
    stage: Stage
    unit: str | None


class ComplaintView(Strict):
    """Codes, instants and flags; `as_of` is how new the ledger is.

    Words stand here for the citizen only: what a unit answered, and in `answer` what was answered
    without an order. `related` is told to staff who read this one complaint, to a unit only what it
    may see; elsewhere it is left out (null).
    """

    number: str
    stage: Stage
    round: int
    tier: Tier | None = None
    category: str | None = None
    demand: Demand
    channel: str
    pack: str
    disposition: DispositionKind | None = None
    district: str | None = None
    subdistrict: str | None = None
    unit: str | None = None
    confidential: bool = False
    escalation: int = 0
    overdue: bool = False
    suspended: bool = False
    evaluation_open: bool = False
    waiting_on: str | None = None
    next_due_at: Instant | None = None
    next_due: str | None = None
    due_at: Instant | None = None
    provisional: bool = False
    outcome: Outcome | None = None
    answer: str | None = None
    follows: str | None = None
    attached: int = 0
    related: tuple[RelatedLine, ...] | None = None
    received_at: Instant
    dispatched_at: Instant | None = None
    closed_at: Instant | None = None
    orders: tuple[OrderView, ...] = ()
    clocks: tuple[ClockLine, ...] = ()
    allowed_actions: tuple[AllowedAction, ...] = ()
    links: dict[str, str]
    as_of: Instant


class RepeatView(Strict):
    """A repeat under a number of its own: where it was attached, or is to be while `pending`."""

    number: str
    attached_to: str
    pending: bool
    channel: str
    received_at: Instant
    links: dict[str, str]


def links(number: str) -> dict[str, str]:
    at = f"/v1/complaints/{number}"
    parts = ("events", "deadline", "matter", "person", "reads")
    return {"self": at, **{part: f"{at}/{part}" for part in parts}}


def complaint_view(state: ComplaintState, caller: Caller, as_of: Instant) -> ComplaintView:
    shown: dict[str, Any] = {
        name: getattr(state, name) for name in ComplaintView.model_fields if hasattr(state, name)
    }
    at = links(state.number)
    shown["orders"] = [order.model_copy(update={"answer": None}) for order in state.orders]
    shown["clocks"] = clock_lines(state)
    shown["allowed_actions"] = allowed(state, caller)
    return ComplaintView(**shown, links=at, as_of=as_of)


def only_registered(submission: Submission) -> ComplaintView:
    """A complaint that stands in the journal and that the ledger has not heard of yet."""
    return ComplaintView(
        number=submission.number,
        stage=Stage.REGISTERED,
        round=1,
        category=submission.category,
        demand=submission.demand,
        channel=submission.channel,
        pack=submission.pack,
        district=submission.district,
        subdistrict=submission.subdistrict,
        confidential=submission.person.confidential,
        follows=submission.follows,
        received_at=submission.received_at,
        links=links(submission.number),
        as_of=submission.received_at,
    )


def clock_lines(state: ComplaintState) -> list[ClockLine]:
    account = links(state.number)["deadline"]
    return [ClockLine(**dict(clock), explanation=f"{account}#{clock.id}") for clock in state.clocks]


def allowed(state: ComplaintState, caller: Caller) -> list[AllowedAction]:
    """The acts that this caller may do: those of its role, and on its own orders only."""
    own = {order.id for order in state.orders if order.unit == caller.unit}
    return [
        action
        for action in state.allowed_actions
        if caller.role in action.roles
        and (caller.role is not Role.UNIT or action.order is None or action.order in own)
        and (caller.opening is None or action.act == "evaluate")
    ]

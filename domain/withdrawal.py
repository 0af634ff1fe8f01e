"""The citizen withdraws, or takes the withdrawal back: what ends, what goes on, what comes back."""

from datetime import datetime

from domain.acts import Withdraw
from domain.closing import close, open_supervision
from domain.complaint import Complaint
from domain.dispatching import lead_order
from domain.errors import Refused
from domain.evaluation import end_opening, open_evaluation
from domain.event import EventKind
from domain.running import Order
from domain.vocabulary import (
    ClockKind,
    EndCause,
    OrderKind,
    OrderState,
    Outcome,
    Stage,
    Tier,
    WindowName,
)

GO_ON_WITHOUT_CITIZEN = frozenset({Tier.EMERGENCY, Tier.UTILITY})
"""A withdrawn gas leak still leaks: in these tiers the orders go on to completion."""


def withdraw(case: Complaint, act: Withdraw, now: datetime) -> None:
    if act.revoke:
        _revoke(case, act, now)
        return
    if case.withdrawn:
        raise Refused("already-done", "stage", "the complaint is withdrawn")
    at = act.received_at
    case.withdrawn = True
    case.record(EventKind.WITHDRAWN, now, actor=act.actor, received_at=at, reason=act.reason)
    end_opening(case, at)
    _drop_contest(case, at)
    if case.live_orders() and case.tier in GO_ON_WITHOUT_CITIZEN:
        case.tell_orders("withdrawn_but_go_on", now)
        return
    case.end_all_orders(EndCause.WITHDRAWN, at, now)
    close(case, Outcome.WITHDRAWN, at, now)


def _drop_contest(case: Complaint, at: datetime) -> None:
    """Whoever withdraws contests no more; one who comes back may contest again."""
    if case.clock_of(ClockKind.CONTEST) is not None:
        case.stop_clocks(at, kind=ClockKind.CONTEST)
        case.contested = False


def _revoke(case: Complaint, act: Withdraw, now: datetime) -> None:
    if not case.withdrawn:
        raise Refused("unlawful", "revoke", "nothing has been withdrawn")
    at = act.received_at
    case.withdrawn = False
    case.record(EventKind.WITHDRAWAL_REVOKED, now, actor=act.actor, received_at=at)
    if case.stage is not Stage.CLOSED:
        return
    case.stop_clocks(at, kind=ClockKind.AFTERCARE)
    case.outcome, case.closed_at = None, None
    _come_back(case, at, now)


def _come_back(case: Complaint, at: datetime, now: datetime) -> None:
    """To where the complaint stood when it was withdrawn."""
    lead = case.lead()
    withdrawn = [o for o in case.orders if o.cause is EndCause.WITHDRAWN and o.round == case.round]
    if any(order.kind is OrderKind.SUPERVISION for order in withdrawn):
        _let_the_citizen_clock_run_on(case)
        case.supervised = False
        open_supervision(case, "withdrawal_revoked", at, now)
    elif case.disposition is not None:
        case.stage = Stage.EVALUATING
        open_evaluation(case, "disposition", at, now)
    elif lead is None:
        case.stage = Stage.CLASSIFIED if case.category else Stage.TRIAGE
        case.start_clock(ClockKind.DISPATCH, WindowName.DISPATCH, case.rules.desks.hotline, at)
    elif lead.state is OrderState.COMPLETED or case.last_asking:
        case.stage = Stage.EVALUATING
        open_evaluation(case, "completion", at, now)
    else:
        _lead_again(case, lead, withdrawn, at, now)


def _lead_again(
    case: Complaint, lead: Order, withdrawn: list[Order], at: datetime, now: datetime
) -> None:
    _let_the_citizen_clock_run_on(case)
    kind = OrderKind.CO_HANDLING
    assistants = (case.unit(order.unit) for order in withdrawn if order.kind is kind)
    lead_order(case, case.unit(lead.unit), tuple(assistants), at, now)


def _let_the_citizen_clock_run_on(case: Complaint) -> None:
    """It never restarts: it runs on as if nothing had been withdrawn."""
    citizen = case.citizen_clock()
    if citizen is not None:
        citizen.run_on()

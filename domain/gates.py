"""When an act is lawful: a gate raises `Refused`, or returns until when (None: while the state lasts)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from domain.complaint import Complaint
from domain.errors import Refused
from domain.running import Order
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Stage

Gate = Callable[[Complaint, Order | None], datetime | None]

TRIAGE = (Stage.REGISTERED, Stage.TRIAGE, Stage.CLASSIFIED)
_HANDLING = (Stage.DISPATCHED, Stage.HANDLING, Stage.OBJECTED)


def _in(*stages: Stage) -> Gate:
    def gate(case: Complaint, order: Order | None) -> datetime | None:
        if case.stage not in stages:
            raise Refused("wrong-stage", "stage", f"not while {case.stage}")
        return None

    return gate


def _order_live(case: Complaint, order: Order | None) -> Order:
    assert order is not None, "the act names an order"
    if not order.live:
        raise Refused("order-ended", "order", f"the order is {order.cause or order.state}")
    return order


def _on_live_order(case: Complaint, order: Order | None) -> datetime | None:
    _order_live(case, order)
    return None


def _sign_off(case: Complaint, order: Order | None) -> datetime | None:
    if _order_live(case, order).state is not OrderState.OPEN:
        raise Refused("already-done", "order", "the order has been accepted")
    return None


def _complete(case: Complaint, order: Order | None) -> datetime | None:
    assert order is not None, "the act names an order"
    if order.state is OrderState.COMPLETED:
        raise Refused("already-done", "order", "the order is completed")
    if order.state is OrderState.OBJECTED:
        raise Refused("wrong-stage", "order", "its objection awaits a ruling")
    if not order.live and order.cause is not EndCause.SUPERSEDED:
        raise Refused("order-ended", "order", f"the order is {order.cause}")
    return None


def _object(case: Complaint, order: Order | None) -> datetime | None:
    live = _order_live(case, order)
    if not live.may_object or live.kind not in (OrderKind.LEAD, OrderKind.CO_HANDLING):
        raise Refused("already-done", "order", "an order may be objected to once")
    window = case.clock_of(ClockKind.OBJECTION, live.id)
    return window.due_at if window else None


def _extend(case: Complaint, order: Order | None) -> datetime | None:
    live = _order_live(case, order)
    if live.kind is not OrderKind.LEAD or live.state is OrderState.OBJECTED:
        raise Refused("wrong-stage", "order", "only an accepted lead order can be extended")
    if live.extensions >= case.rules.extension.max_count:
        raise Refused("already-done", "amount", "no further extension is lawful")
    citizen = case.citizen_clock()
    return None if case.rules.extension.after_deadline or citizen is None else citizen.due_at


def _suspend(case: Complaint, order: Order | None) -> datetime | None:
    live = _order_live(case, order)
    if live.kind not in (OrderKind.LEAD, OrderKind.CO_HANDLING):
        raise Refused("wrong-stage", "order", "only a handling order can be suspended")
    if case.stage not in (Stage.DISPATCHED, Stage.HANDLING):
        raise Refused("wrong-stage", "stage", f"not while {case.stage}")
    clock = case.order_clock(live)
    if clock is not None and clock.held:
        raise Refused("already-done", "order", "the clock is already suspended")
    # A hold that begins at the due instant changes nothing, and is refused.
    return clock.due_at - timedelta(microseconds=1) if clock and clock.due_at else None


def _resume(case: Complaint, order: Order | None) -> datetime | None:
    live = _order_live(case, order)
    if case.clock_of(ClockKind.HOLD, live.id) is None:
        raise Refused("wrong-stage", "order", "the clock is not suspended")
    return None


def _lead_working(case: Complaint, order: Order | None) -> datetime | None:
    live = _order_live(case, order)
    if live.kind is not OrderKind.LEAD:
        raise Refused("wrong-stage", "order", "only for the lead order")
    if case.stage not in (Stage.DISPATCHED, Stage.HANDLING):
        raise Refused("wrong-stage", "stage", f"not while {case.stage}")
    return None


def _rulable(case: Complaint, order: Order | None) -> datetime | None:
    kinds = (ClockKind.RULING, ClockKind.APPROVAL, ClockKind.CONTEST)
    if all(case.clock_of(kind) is None for kind in kinds):
        raise Refused("wrong-stage", "subject", "nothing awaits a ruling")
    return None


def _evaluable(case: Complaint, order: Order | None) -> datetime | None:
    if case.stage is Stage.CLOSED and not case.withdrawn:
        aftercare = case.clock_of(ClockKind.AFTERCARE)
        return aftercare.due_at if aftercare else None
    if case.open_opening() is None:
        raise Refused("wrong-stage", "stage", "no evaluation is open")
    clock = case.clock_of(ClockKind.EVALUATION)
    return clock.due_at if clock else None


def _called_back(case: Complaint, order: Order | None) -> datetime | None:
    if case.open_opening() is None:
        raise Refused("wrong-stage", "stage", "no evaluation is open")
    return None


def _withdrawable(case: Complaint, order: Order | None) -> datetime | None:
    if case.stage is Stage.CLOSED and not case.withdrawn:
        raise Refused("wrong-stage", "stage", "the complaint is closed")
    return None


def _contestable(case: Complaint, order: Order | None) -> datetime | None:
    if case.disposition is None:
        raise Refused("wrong-stage", "stage", "only a decision without an order can be contested")
    if case.contested:
        raise Refused("already-done", "stage", "the decision has been contested")
    return None


def _supervisable(case: Complaint, order: Order | None) -> datetime | None:
    if case.supervised:
        raise Refused("already-done", "stage", "this complaint has had its supervision order")
    return _in(*_HANDLING, Stage.EVALUATING, Stage.DEFERRED)(case, order)


_ANY = _in(*Stage)
_OPEN = _in(*(frozenset(Stage) - {Stage.CLOSED}))

GATES: Mapping[str, Gate] = MappingProxyType(
    {
        "classify": _ANY,
        "dispatch": _in(*TRIAGE, *_HANDLING),
        "rule": _rulable,
        "supervise": _supervisable,
        "callback": _called_back,
        "attach": _OPEN,
        "evaluate": _evaluable,
        "add_facts": _OPEN,
        "withdraw": _withdrawable,
        "contest": _contestable,
        "amend": _ANY,
        "sign_off": _sign_off,
        "contact": _on_live_order,
        "interim": _on_live_order,
        "object": _object,
        "extend": _extend,
        "suspend": _suspend,
        "resume": _resume,
        "help": _on_live_order,
        "co_handle": _lead_working,
        "defer": _lead_working,
        "complete": _complete,
    }
)

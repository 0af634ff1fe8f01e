"""When an act is lawful: a gate raises `Refused`, or says until when (None: while this lasts)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from domain.complaint import Complaint
from domain.dispatching import awaits_arbitration
from domain.errors import Refused
from domain.running import Order
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Role, Stage

Gate = Callable[[Complaint, Order | None], datetime | None]

TRIAGE = (Stage.REGISTERED, Stage.TRIAGE, Stage.CLASSIFIED)
_WORKING = (Stage.DISPATCHED, Stage.HANDLING)
_RULED = (ClockKind.RULING, ClockKind.APPROVAL, ClockKind.CONTEST)
_HANDLING = (*_WORKING, Stage.OBJECTED)


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


def _undisputed(case: Complaint, order: Order | None) -> Order:
    live = _order_live(case, order)
    if live.state is OrderState.OBJECTED:
        raise Refused("wrong-stage", "order", "its objection awaits a ruling")
    return live


def _on_undisputed_order(case: Complaint, order: Order | None) -> datetime | None:
    _undisputed(case, order)
    return None


def _dispatch(case: Complaint, order: Order | None) -> datetime | None:
    _in(*TRIAGE, *_HANDLING)(case, order)
    for live in case.live_orders():
        if live.kind is OrderKind.SUPERVISION:
            raise Refused("wrong-stage", "stage", "the matter is under supervision")
        if live.kind is OrderKind.LEAD and awaits_arbitration(case, live):
            raise Refused("wrong-stage", "stage", "the unit is for the arbitration to name")
    return None


def _sign_off(case: Complaint, order: Order | None) -> datetime | None:
    """Silence is acceptance too; a sign-off in time that comes after it still counts."""
    live = _undisputed(case, order)
    if live.state is OrderState.OPEN:
        return None
    silence = case.accepted_by_silence(live)
    if silence is None or live.signed_off:
        raise Refused("already-done", "order", "the order has been accepted")
    return silence.due_at


def _complete(case: Complaint, order: Order | None) -> datetime | None:
    """A lead that a supervision order replaced may still have answered before."""
    assert order is not None, "the act names an order"
    if order.state is OrderState.COMPLETED:
        raise Refused("already-done", "order", "the order is completed")
    supervised = any(o.kind is OrderKind.SUPERVISION for o in case.live_orders())
    if order.kind is OrderKind.LEAD and order.cause is EndCause.SUPERSEDED and supervised:
        return order.ended_at
    _undisputed(case, order)
    return None


def _object(case: Complaint, order: Order | None) -> datetime | None:
    live = _order_live(case, order)
    if not live.may_object or live.kind not in (OrderKind.LEAD, OrderKind.CO_HANDLING):
        raise Refused("already-done", "order", "an order may be objected to once")
    _in(*_HANDLING)(case, order)
    window = case.clock_of(ClockKind.OBJECTION, live.id)
    return window.due_at if window else None


def _extend(case: Complaint, order: Order | None) -> datetime | None:
    live = _undisputed(case, order)
    if live.kind is not OrderKind.LEAD:
        raise Refused("wrong-stage", "order", "only a lead order can be extended")
    if live.extension_asked is not None:
        raise Refused("already-done", "amount", "an extension awaits its ruling")
    if live.extensions >= case.rules.extension.max_count:
        raise Refused("already-done", "amount", "no further extension is lawful")
    citizen = case.citizen_clock()
    return None if case.rules.extension.after_deadline or citizen is None else citizen.due_at


def _suspend(case: Complaint, order: Order | None) -> datetime | None:
    live = _undisputed(case, order)
    if live.kind not in (OrderKind.LEAD, OrderKind.CO_HANDLING):
        raise Refused("wrong-stage", "order", "only a handling order can be suspended")
    if not case.rules.suspension.causes:
        raise Refused("unlawful", "cause", "this rule pack knows no suspension")
    _in(*_WORKING)(case, order)
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


def _help(case: Complaint, order: Order | None) -> datetime | None:
    live = _undisputed(case, order)
    _in(*_WORKING)(case, order)
    if any(o.serves == live.id and o.kind is OrderKind.HELP for o in case.live_orders()):
        raise Refused("already-done", "order", "the superior has been asked")
    return None


def _defer(case: Complaint, order: Order | None) -> datetime | None:
    _lead_working(case, order)
    if order is not None and order.deferral_asked is not None:
        raise Refused("already-done", "order", "a deferral awaits its ruling")
    return None


def _lead_working(case: Complaint, order: Order | None) -> datetime | None:
    live = _order_live(case, order)
    if live.kind is not OrderKind.LEAD:
        raise Refused("wrong-stage", "order", "only for the lead order")
    _in(*_WORKING)(case, order)
    return None


def _rulable(case: Complaint, order: Order | None) -> datetime | None:
    if all(case.clock_of(kind) is None for kind in _RULED):
        raise Refused("wrong-stage", "subject", "nothing awaits a ruling")
    return None


def may_rule(case: Complaint) -> frozenset[Role]:
    """A supervisor on whatever awaits a ruling; the hotline on what awaits its own desk."""
    desks = {clock.party for kind in _RULED if (clock := case.clock_of(kind)) is not None}
    hotline = {Role.HOTLINE} if case.rules.desks.hotline in desks else set()
    return frozenset({Role.SUPERVISOR} | hotline)


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
    aftercare = case.clock_of(ClockKind.AFTERCARE)
    return aftercare.due_at if aftercare else None


def _supervisable(case: Complaint, order: Order | None) -> datetime | None:
    if case.supervised:
        raise Refused("already-done", "stage", "this complaint has had its supervision order")
    return _in(*_HANDLING, Stage.EVALUATING, Stage.DEFERRED)(case, order)


_ANY = _in(*Stage)
_OPEN = _in(*(frozenset(Stage) - {Stage.CLOSED}))

GATES: Mapping[str, Gate] = MappingProxyType(
    {
        "classify": _ANY,
        "dispatch": _dispatch,
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
        "contact": _on_undisputed_order,
        "interim": _on_undisputed_order,
        "object": _object,
        "extend": _extend,
        "suspend": _suspend,
        "resume": _resume,
        "help": _help,
        "co_handle": _lead_working,
        "defer": _defer,
        "complete": _complete,
    }
)

"""What a lawful act of each name says, in whatever state a complaint is."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from domain.vocabulary import CallbackOutcome, ClockKind, OrderKind, OrderState, Stage
from tests.domain.desk import COMMUNITY, OTHER_STREET, STREET, WASTE, Desk

T = TypeVar("T")

THIRD_STREET = "110105003"
UNITS = (THIRD_STREET, OTHER_STREET, STREET, COMMUNITY)
TIERS = (None, "emergency", "utility", "general", "complex")
WAYS = ("answered_at_once", "emergency_transfer", "outside_duty")


def lawful(name: str, desk: Desk, order: str | None, choice: int = 0) -> dict[str, Any]:
    """The body; a `choice` above 0 leads to another variant of it, not always a lawful one."""
    found = _on_complaint(name, desk, choice) or _on_order(name, desk, order, choice)
    return found | ({"order": order} if order else {})


def _on_complaint(name: str, desk: Desk, choice: int) -> dict[str, Any]:
    bodies: dict[str, dict[str, Any]] = {
        "classify": _classify(desk, choice),
        "dispatch": {"lead": _pick(_units(desk), choice), "co_handlers": _units(desk)[:choice]},
        "rule": {"subject": _awaited(desk), "decision": _pick(("rejected", "upheld"), choice)},
        "callback": {"outcome": _pick(tuple(CallbackOutcome), choice)},
        "attach": {"reference": "phone-77"},
        "evaluate": {
            "round": desk.case.round,
            "resolved": _pick(("partly", "yes", "no", "unknown"), choice),
            "satisfied": _pick(("unknown", "very", "very_no"), choice),
        },
        "add_facts": {"text": "sealed:v1:more"},
        "withdraw": {"revoke": desk.case.withdrawn},
        "amend": _amend(desk, choice),
    }
    return bodies.get(name, {})


def _classify(desk: Desk, choice: int) -> dict[str, Any]:
    late = desk.case.stage in (Stage.EVALUATING, Stage.DEFERRED, Stage.CLOSED)
    early = desk.case.stage in (Stage.REGISTERED, Stage.TRIAGE, Stage.CLASSIFIED)
    named = {"category": WASTE, "effect": "record" if late else "apply"}
    if early and choice > 4:
        way = {"kind": _pick(WAYS, choice), "basis": "art-11"}
        return named | {"disposition": way, "person": "wang"}
    return named | {"tier": _pick(TIERS, choice), "person": "wang", "approved_by": "li"}


def _amend(desk: Desk, choice: int) -> dict[str, Any]:
    kind = _pick(("calendar", "outage", "unit"), choice)
    lost = {"since": desk.now - timedelta(hours=30), "until": desk.now - timedelta(hours=choice)}
    unit = {"unit": _pick(_units(desk), choice)}
    return {"kind": kind, "reason": "published"} | (lost if kind == "outage" else unit)


def _on_order(name: str, desk: Desk, order: str | None, choice: int) -> dict[str, Any]:
    now, other = desk.now, _pick(_units(desk), choice)
    told = {"at": now, "means": "phone"}
    in_days = desk.pack.id == "cn-shandong-2017"
    amount = _pick(("1wd", "7wd") if in_days else ("1d", "7d", "24h"), choice)
    bodies: dict[str, dict[str, Any]] = {
        "contact": {"at": now, "means": "phone", "reached": choice % 2 == 0},
        "object": {"reason": "not_my_duty", "proposed_unit": other, "basis": "duty-list"},
        "extend": {"amount": amount, "basis": "art-15", "citizen_told": told},
        "suspend": {"cause": "force_majeure", "until": now + timedelta(days=1 + 9 * choice)},
        "co_handle": {"unit": other, "due": now + timedelta(days=choice) if choice else None},
        "defer": {
            "review_on": (now + timedelta(days=9 + 30 * choice)).date(),
            "citizen_told": told,
        },
        "complete": {"result": _result(desk, order, choice)},
    }
    return bodies.get(name, {})


def _result(desk: Desk, order: str | None, choice: int) -> str:
    kind = next((o.kind for o in desk.case.orders if o.id == order), None)
    if kind is OrderKind.SUPERVISION:
        return _pick(("redone", "cannot_be_solved", "no_basis"), choice)
    return _pick(("solved", "partly", "explained", "unable"), choice)


def _awaited(desk: Desk) -> str:
    case = desk.case
    if case.clock_of(ClockKind.CONTEST) is not None:
        return "contest"
    if any(order.state is OrderState.OBJECTED for order in case.live_orders()):
        return "objection"
    deferral = any(order.deferral_asked for order in case.live_orders())
    return "deferral" if deferral else "extension"


def _units(desk: Desk) -> tuple[str, ...]:
    known = tuple(code for code in UNITS if code in desk.case.units)
    return known if THIRD_STREET in known else ("housing", "transport", COMMUNITY)


def _pick(values: Sequence[T], choice: int) -> T:
    return values[choice % len(values)]

"""Which act is lawful now, until when, and what it does: the one gate before every handler.

The same gate that refuses an act tells the API which acts it would take, so the two cannot differ.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from domain import (
    classification,
    closing,
    dispatching,
    disposition,
    evaluation,
    handling,
    objection,
    timing,
)
from domain.acts import ACTS, Act, Classify, OrderAct, Rule
from domain.complaint import Complaint
from domain.errors import Refused
from domain.event import EventKind
from domain.gates import GATES, TRIAGE
from domain.outcome import Refusal
from domain.rules import CaseRules
from domain.running import Order
from domain.state import AllowedAction
from domain.vocabulary import Role, RulingSubject, Stage


def apply(case: Complaint, act: Act, name: str, rules: CaseRules | None, now: datetime) -> None:
    """Do the act or raise `Refused`; nothing is changed by a refusal.

    `rules` is the ruling for a category that a person named.
    """
    if case.frozen:
        raise Refused("file-frozen", "number", "the file is closed and past its aftercare")
    _lawful_now(case, act, name)
    if isinstance(act, Classify):
        _classify(case, act, rules, now)
    elif isinstance(act, Rule):
        _rule(case, act, now)
    else:
        _HANDLERS[name](case, act, now)


def refuse(case: Complaint, act: Act, name: str, refused: Refused, now: datetime) -> Refusal:
    """Record a refusal with its reason; the act's id is spent on it."""
    case.record(
        EventKind.ACT_REFUSED,
        now,
        actor=act.actor,
        received_at=act.received_at,
        act=name,
        act_id=act.id,
        code=refused.code,
        field=refused.field,
        rule=refused.rule,
    )
    return Refusal(code=refused.code, field=refused.field, rule=refused.rule)


def allowed_actions(case: Complaint) -> tuple[AllowedAction, ...]:
    """Every act that would be taken now, by role and order, and until when."""
    if case.frozen:
        return ()
    return tuple(_allowed(case))


def _allowed(case: Complaint) -> Iterator[AllowedAction]:
    for name, spec in ACTS.items():
        orders: list[Order | None] = list(case.live_orders()) if spec.on_order else [None]
        for order in orders:
            try:
                until = GATES[name](case, order)
            except Refused:
                continue
            yield AllowedAction(
                act=name,
                roles=tuple(sorted(spec.roles)),
                order=order.id if order else None,
                until=until,
            )


def _lawful_now(case: Complaint, act: Act, name: str) -> None:
    order = case.find_order(act.order) if isinstance(act, OrderAct) else None
    spec = ACTS[name]
    if act.actor.role not in spec.roles:
        raise Refused("wrong-role", "actor", f"for {', '.join(sorted(spec.roles))}")
    if order is not None and act.actor.role is Role.UNIT and act.actor.unit != order.unit:
        raise Refused("wrong-role", "order", "the order is another unit's")
    until = GATES[name](case, order)
    if until is not None and act.received_at > until:
        raise Refused("window-closed", "received_at", f"the window closed at {until.isoformat()}")


def _classify(case: Complaint, act: Classify, rules: CaseRules | None, now: datetime) -> None:
    late = case.stage in (Stage.EVALUATING, Stage.DEFERRED, Stage.CLOSED)
    if late and act.effect != "record":
        raise Refused("wrong-stage", "effect", "after handling a classification is only recorded")
    if act.disposition is None or act.effect == "record":
        classification.classify_by_person(case, act, rules, now)
        return
    if case.stage not in TRIAGE:
        raise Refused("wrong-stage", "disposition", "an order is under way")
    case.category = act.category
    chosen = act.disposition
    disposition.dispose(
        case, chosen.kind, chosen.answer, chosen.basis, act.actor, act.received_at, now
    )


def _rule(case: Complaint, act: Rule, now: datetime) -> None:
    match act.subject:
        case RulingSubject.OBJECTION:
            objection.rule_on_objection(case, act, now)
        case RulingSubject.EXTENSION:
            timing.rule_on_extension(case, act, now)
        case RulingSubject.DEFERRAL:
            timing.rule_on_deferral(case, act, now)
        case RulingSubject.CONTEST:
            disposition.rule_on_contest(case, act, now)


_HANDLERS: Mapping[str, Callable[[Complaint, Any, datetime], None]] = MappingProxyType(
    {
        "dispatch": dispatching.dispatch_by_person,
        "supervise": closing.supervise,
        "callback": evaluation.callback,
        "attach": handling.attach,
        "evaluate": evaluation.evaluate,
        "add_facts": handling.add_facts,
        "withdraw": closing.withdraw,
        "contest": disposition.contest,
        "amend": timing.amend,
        "sign_off": handling.sign_off,
        "contact": handling.contact,
        "interim": handling.interim,
        "object": objection.object_to_order,
        "extend": timing.extend,
        "suspend": timing.suspend,
        "resume": timing.resume,
        "help": handling.ask_for_help,
        "co_handle": handling.co_handle,
        "defer": timing.defer,
        "complete": handling.complete,
    }
)

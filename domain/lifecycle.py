"""Which act is lawful now, until when, and what it does: the one gate before every handler.

The same gate that refuses an act tells the API which acts it would take, so the two cannot differ.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from domain import (
    amending,
    classification,
    closing,
    deferral,
    dispatching,
    disposition,
    evaluation,
    handling,
    objection,
    timing,
    withdrawal,
)
from domain.act_table import ACTS
from domain.acts import Act, Classify, Evaluate, OrderAct, Rule
from domain.complaint import Complaint
from domain.errors import Refused
from domain.event import Event, EventKind
from domain.gates import GATES, TRIAGE, may_rule
from domain.outcome import Refusal
from domain.overtaking import overtake_clock
from domain.rules import CaseRules
from domain.running import Order
from domain.state import AllowedAction
from domain.vocabulary import Role, RulingSubject, Stage, Via


def apply(case: Complaint, act: Act, name: str, rules: CaseRules | None, now: datetime) -> None:
    """Do the act or raise `Refused`; nothing is changed by a refusal.

    `rules` is the ruling for a category that a person named.
    """
    if case.frozen:
        raise Refused("file-frozen", "number", "the file is closed and past its aftercare")
    _lawful_now(case, act, name)
    written, running = len(case.events), case.running_clocks()
    if isinstance(act, Classify):
        _classify(case, act, rules, now)
    elif isinstance(act, Rule):
        _rule(case, act, now)
    else:
        _HANDLERS[name](case, act, now)
    # What the act ended had no cause to ring after the act came in.
    for clock in running:
        if not clock.running:
            overtake_clock(case, clock, act.received_at, now)
    if act.via is Via.SIGNAL:
        case.events[written:] = [_with_its_claim(e, act) for e in case.events[written:]]


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
        **_claim(act),
    )
    return Refusal(code=refused.code, field=refused.field, rule=refused.rule)


def _claim(act: Act) -> dict[str, Any]:
    """What a direct signal says of its own time: kept, never believed."""
    if act.via is not Via.SIGNAL:
        return {}
    claimed = act.claimed_at.isoformat() if act.claimed_at else None
    return {"via": act.via, "claimed_at": claimed}


def _with_its_claim(event: Event, act: Act) -> Event:
    if event.actor != act.actor:
        return event
    claim = {key: value for key, value in _claim(act).items() if value is not None}
    return event.model_copy(update={"body": event.body | claim})


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
            roles = may_rule(case) if name == "rule" else spec.roles
            yield AllowedAction(
                act=name,
                roles=tuple(sorted(roles)),
                order=order.id if order else None,
                until=until,
            )


def _lawful_now(case: Complaint, act: Act, name: str) -> None:
    order = case.find_order(act.order) if isinstance(act, OrderAct) else None
    spec = ACTS[name]
    if act.actor.role not in spec.roles:
        raise Refused("wrong-role", "actor", f"for {', '.join(sorted(spec.roles))}")
    # A key always names its unit; a direct signal need not.
    unit = act.actor.unit or (order.unit if order and act.via is Via.SIGNAL else None)
    if order is not None and act.actor.role is Role.UNIT and unit != order.unit:
        raise Refused("wrong-role", "order", "the order is another unit's")
    if isinstance(act, Evaluate):
        if act.round != case.round:
            raise Refused("stale-round", "round", f"round {case.round} is under way")
        if evaluation.overtakes_silence(case, act):
            return
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
            deferral.rule_on_deferral(case, act, now)
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
        "withdraw": withdrawal.withdraw,
        "contest": disposition.contest,
        "amend": amending.amend,
        "sign_off": handling.sign_off,
        "contact": handling.contact,
        "interim": handling.interim,
        "object": objection.object_to_order,
        "extend": timing.extend,
        "suspend": timing.suspend,
        "resume": timing.resume,
        "help": handling.ask_for_help,
        "co_handle": handling.co_handle,
        "defer": deferral.defer,
        "complete": handling.complete,
    }
)

"""The gate that refuses an act is the one that tells which acts are allowed: they cannot differ."""

from collections.abc import Callable
from itertools import product

import pytest

from domain.act_table import ACTS
from domain.state import AllowedAction
from domain.view import view
from domain.vocabulary import OrderKind, Role, Stage
from tests.domain.bodies import lawful
from tests.domain.desk import OTHER_STREET, WASTE, Desk, local

BEFORE_CLOSED = frozenset(Stage) - {Stage.CLOSED}
UNDER_WAY = BEFORE_CLOSED - {Stage.REGISTERED, Stage.TRIAGE, Stage.CLASSIFIED}
ALWAYS = frozenset(Stage)
EVER_LAWFUL = {
    **dict.fromkeys(("classify", "rule", "callback", "evaluate", "withdraw"), ALWAYS),
    **dict.fromkeys(("contest", "amend"), ALWAYS),
    **{name: UNDER_WAY for name, spec in ACTS.items() if spec.on_order},
    "supervise": UNDER_WAY,
}
"""In which stages an act can be lawful at all; every other act before the complaint is closed."""


def in_handling() -> Desk:
    desk = Desk()
    desk.take("sign_off")
    return desk


def suspended() -> Desk:
    desk = in_handling()
    desk.take("suspend", cause="force_majeure", until=local(3, 9))
    return desk


def helped() -> Desk:
    desk = in_handling()
    desk.take("help")
    return desk


def assisted() -> Desk:
    return Desk(co_handlers=(OTHER_STREET,))


def overdue() -> Desk:
    desk = Desk()
    desk.wait_until(local(3, 11, 12))
    return desk


def objected() -> Desk:
    desk = Desk()
    desk.take("object", **lawful("object", desk, desk.lead.id))
    return desk


def in_arbitration() -> Desk:
    desk = Desk(objection={"max_redispatch": 0})
    desk.take("object", **lawful("object", desk, desk.lead.id))
    return desk


def awaiting_approval() -> Desk:
    desk = Desk("cn-shandong-2017", lead="works")
    desk.take("extend", amount="7wd", basis="policy")
    return desk


def deferred() -> Desk:
    desk = Desk()
    desk.take("defer", **lawful("defer", desk, desk.lead.id))
    desk.take("rule", subject="deferral", decision="upheld")
    return desk


def supervised() -> Desk:
    desk = Desk()
    desk.take("supervise")
    desk.wait(hours=1)
    return desk


def evaluating() -> Desk:
    desk = Desk()
    desk.take("complete", result="solved")
    return desk


def in_round_two() -> Desk:
    desk = evaluating()
    desk.take("evaluate", role="citizen", round=1, resolved="no")
    return desk


def closed() -> Desk:
    desk = evaluating()
    desk.take("evaluate", role="citizen", round=1, resolved="yes", satisfied="yes")
    return desk


def withdrawn() -> Desk:
    desk = Desk()
    desk.take("withdraw", role="citizen")
    return desk


def disposed() -> Desk:
    desk = Desk(until=Stage.TRIAGE)
    way = {"kind": "outside_duty", "basis": "art-11"}
    desk.take("classify", category=WASTE, disposition=way, person="wang")
    return desk


def contested() -> Desk:
    desk = disposed()
    desk.take("contest")
    return desk


def frozen() -> Desk:
    desk = closed()
    desk.wait(days=40)
    return desk


STATES: dict[str, Callable[[], Desk]] = {
    "registered": lambda: Desk(until=Stage.REGISTERED),
    "triage": lambda: Desk(until=Stage.TRIAGE),
    "classified": lambda: Desk(until=Stage.CLASSIFIED),
    "dispatched": Desk,
    "handling": in_handling,
    "suspended": suspended,
    "helped": helped,
    "assisted": assisted,
    "overdue": overdue,
    "objected": objected,
    "in_arbitration": in_arbitration,
    "awaiting_approval": awaiting_approval,
    "deferred": deferred,
    "supervised": supervised,
    "evaluating": evaluating,
    "in_round_two": in_round_two,
    "closed": closed,
    "withdrawn": withdrawn,
    "disposed": disposed,
    "contested": contested,
    "frozen": frozen,
}


def is_open(action: AllowedAction, desk: Desk, name: str, role: Role, order: str | None) -> bool:
    named = (action.act, action.order) == (name, order) and role in action.roles
    return named and (action.until is None or desk.now <= action.until)


@pytest.mark.parametrize("state", STATES)
def test_an_act_is_taken_exactly_where_the_allowed_actions_say_so(state: str) -> None:
    desk = STATES[state]()
    orders = [order.id for order in desk.case.orders] or [f"{desk.case.number}.1.1"]
    for name, spec in ACTS.items():
        for role, order in product(sorted(spec.roles), orders if spec.on_order else [None]):
            fields = lawful(name, desk, order) | ({"order": order} if order else {})
            allowed = view(desk.case).allowed_actions
            expected = any(is_open(action, desk, name, role, order) for action in allowed)

            refusal = desk.act(name, role=role, **fields)

            if refusal == "co-handling-open":
                assert any(o.kind is OrderKind.CO_HANDLING for o in desk.case.live_orders())
            else:
                assert (refusal is None) == expected, f"{name} {role} {order}: {refusal}"
            if refusal is None:
                desk = STATES[state]()


@pytest.mark.parametrize("state", STATES)
def test_no_state_allows_what_the_act_table_excludes(state: str) -> None:
    desk = STATES[state]()

    for action in view(desk.case).allowed_actions:
        spec = ACTS[action.act]
        assert desk.case.stage in EVER_LAWFUL.get(action.act, BEFORE_CLOSED)
        assert set(action.roles) <= spec.roles


def test_a_frozen_file_takes_nothing() -> None:
    desk = frozen()

    assert view(desk.case).allowed_actions == ()
    assert desk.act("amend", kind="calendar", reason="x") == "file-frozen"


def test_the_roles_of_a_ruling_are_those_of_what_awaits_one() -> None:
    def roles(desk: Desk) -> tuple[Role, ...]:
        return next(a.roles for a in view(desk.case).allowed_actions if a.act == "rule")

    assert roles(objected()) == (Role.HOTLINE, Role.SUPERVISOR)
    assert roles(in_arbitration()) == (Role.SUPERVISOR,)
    assert roles(contested()) == (Role.SUPERVISOR,)


def test_an_order_act_is_told_with_its_order_and_until_when() -> None:
    desk = Desk()

    actions = {a.act: a for a in view(desk.case).allowed_actions if a.order == desk.lead.id}
    assert actions["extend"].until == local(3, 10)
    assert actions["object"].until == local(3, 4)
    assert actions["complete"].until is None

"""What the citizen does in tests: waits for an answer, gives a verdict, contests."""

from typing import Any

from domain.running import Order
from domain.vocabulary import OrderKind, Role, Stage
from tests.domain.desk import WASTE, Desk

PLEASED = {"contacted": "yes", "resolved": "yes", "satisfied": "very"}
ANGRY = {"contacted": "yes", "resolved": "no", "satisfied": "no"}


def answered(**desk: Any) -> Desk:
    """A complaint whose lead has just completed its order."""
    found = Desk(**desk)
    found.wait(hours=30)
    found.take("complete", result="solved", answer="sealed:v1:done")
    return found


def expired(**desk: Any) -> Desk:
    """A complaint that nobody has answered in time."""
    found = Desk(**desk)
    due = found.due()
    assert due is not None
    found.wait_until(due)
    return found


def disposed(kind: str, **desk: Any) -> Desk:
    """A complaint to which a person at the hotline has given no order."""
    found = Desk(until=Stage.TRIAGE, **desk)
    chosen = {"kind": kind, "answer": "sealed:v1:why", "basis": "art-11"}
    found.take("classify", category=WASTE, disposition=chosen, person="li")
    return found


def say(desk: Desk, **verdict: Any) -> None:
    desk.take("evaluate", **heard(desk, verdict))


def refused(desk: Desk, **verdict: Any) -> str | None:
    return desk.act("evaluate", **heard(desk, verdict))


def heard(desk: Desk, verdict: dict[str, Any]) -> dict[str, Any]:
    return {"role": Role.CITIZEN, "round": desk.case.round} | verdict


def answer_again(desk: Desk, result: str = "solved") -> None:
    """Everyone who has an order completes it, the lead last."""
    helpers = [order for order in desk.case.live_orders() if order.kind is OrderKind.CO_HANDLING]
    for order in helpers:
        desk.take("complete", order=order.id, result="solved", answer="sealed:v1:help")
    desk.take("complete", order=_duty(desk).id, result=result, answer="sealed:v1:done")


def _duty(desk: Desk) -> Order:
    kinds = (OrderKind.SUPERVISION, OrderKind.LEAD)
    return next(order for order in desk.case.live_orders() if order.kind in kinds)

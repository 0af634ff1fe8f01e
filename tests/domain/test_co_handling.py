"""Co-handling: its own clock, never later than the lead's, and what the lead waits for."""

from datetime import datetime, timedelta

import pytest

from domain.event import EventKind
from domain.vocabulary import ClockKind, EndCause, OrderKind, OrderState, Stage
from tests.domain.desk import CLOSED, COMMUNITY, OTHER_STREET, STREET, Desk, local


def assisted(**fields: object) -> Desk:
    desk = Desk()
    desk.take("co_handle", unit=OTHER_STREET, task="sealed:v1:trees", **fields)
    return desk


@pytest.mark.parametrize("role", ["unit", "hotline"])
def test_the_lead_and_the_hotline_bring_in_a_co_handler(role: str) -> None:
    desk = assisted(role=role)

    co = desk.order(OrderKind.CO_HANDLING)
    assert (co.unit, co.serves, co.state) == (OTHER_STREET, desk.lead.id, OrderState.OPEN)
    assert desk.due(co) == local(3, 8)
    assert OTHER_STREET in desk.told("order_opened")


@pytest.mark.parametrize(
    ("asked", "due"), [(local(3, 5, 17), local(3, 5, 17)), (local(3, 30), local(3, 8))]
)
def test_a_co_handlers_due_is_the_named_one_where_that_is_earlier(
    asked: datetime, due: datetime
) -> None:
    desk = assisted(due=asked)

    assert desk.due(desk.order(OrderKind.CO_HANDLING)) == due


def test_a_co_handlers_due_is_never_later_than_the_leads() -> None:
    desk = Desk()
    desk.wait(days=5)
    desk.take("co_handle", unit=OTHER_STREET)
    co = desk.order(OrderKind.CO_HANDLING)
    assert desk.due(co) == desk.due(desk.lead) == local(3, 10)

    desk.take("classify", category="urban.municipal.waste", tier="utility")

    assert desk.due(co) == desk.due(desk.lead) == desk.now + timedelta(hours=24)


def test_a_co_handlers_due_may_follow_the_leads_extension() -> None:
    desk = Desk()
    desk.wait(days=5)
    desk.take("co_handle", unit=OTHER_STREET)

    told = {"at": desk.now, "means": "phone"}
    desk.take("extend", amount="7d", basis="art-15", citizen_told=told)

    assert desk.due(desk.order(OrderKind.CO_HANDLING)) == local(3, 13)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"unit": STREET}, "unlawful"),
        ({"unit": CLOSED}, "unlawful"),
        ({"unit": "x"}, "unknown-unit"),
        ({"unit": OTHER_STREET, "due": local(3, 2)}, "unlawful"),
    ],
)
def test_a_co_handler_is_another_unit_in_service_with_time_ahead(
    fields: dict[str, object], code: str
) -> None:
    assert Desk().act("co_handle", **fields) == code


def test_a_community_may_assist() -> None:
    Desk().take("co_handle", unit=COMMUNITY)


def test_only_the_lead_order_has_co_handlers() -> None:
    desk = assisted()

    co = desk.order(OrderKind.CO_HANDLING)
    assert desk.act("co_handle", order=co.id, unit=STREET) == "wrong-stage"


def test_the_lead_does_not_complete_while_a_co_handler_is_inside_its_window() -> None:
    desk = assisted()
    desk.wait_until(local(3, 8))

    assert desk.act("complete", result="solved") == "co-handling-open"

    assert desk.lead.live
    assert desk.case.stage is Stage.HANDLING


def test_later_the_completion_names_the_outstanding_and_they_end_missed() -> None:
    desk = assisted()
    desk.wait_until(local(3, 8, 0, 1))
    co = desk.order(OrderKind.CO_HANDLING)

    desk.take("complete", result="partly")

    assert desk.of(EventKind.COMPLETED)[0].body["outstanding"] == [co.id]
    assert (co.state, co.cause) == (OrderState.ENDED, EndCause.MISSED)
    assert "order_missed" in {notice.kind for notice in desk.notices}


def test_a_completion_received_inside_the_co_handlers_window_is_judged_by_then() -> None:
    desk = assisted()
    desk.wait_until(local(3, 8, 1))

    assert desk.act("complete", result="solved", received_at=local(3, 7)) == "co-handling-open"


def test_once_the_co_handler_has_answered_the_lead_may() -> None:
    desk = assisted()
    co = desk.order(OrderKind.CO_HANDLING)

    desk.take("complete", order=co.id, result="solved")
    assert desk.told("co_handling_completed") == [STREET]
    assert desk.lead.live
    desk.take("complete", result="solved")

    assert desk.case.stage is Stage.EVALUATING


def test_a_suspended_co_handler_holds_the_lead_up_no_longer_than_the_leads_due() -> None:
    desk = assisted()
    co = desk.order(OrderKind.CO_HANDLING)
    desk.take("suspend", order=co.id, cause="force_majeure", until=local(3, 30))
    desk.wait_until(local(3, 10))
    assert desk.act("complete", result="solved") == "co-handling-open"

    desk.wait(minutes=1)
    desk.take("complete", result="solved")

    assert co.cause is EndCause.MISSED


def test_an_unanswered_co_handling_climbs_its_own_ladder() -> None:
    desk = assisted()

    desk.wait(days=12)

    assert desk.rungs(ClockKind.CO_HANDLING) == [
        "co_handling.most",
        "co_handling.red",
        "co_handling.urge",
    ]

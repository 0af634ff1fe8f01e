"""POST /v1/orders/completion: many orders, one result, each answered and evaluated by itself."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.test_relay import deliver, due_now
from tests.api.town import DISTRICT, Town

SOLVED = {"result": "solved", "answer": "同一问题已一并处理"}


async def orders_of_the_street(town: Town, many: int) -> list[str]:
    """Lead orders of as many complaints."""
    receipts = await asyncio.gather(*(town.complain() for _ in range(many)))
    return list(await asyncio.gather(*(town.lead_order(one["number"]) for one in receipts)))


async def complete(
    town: Town, orders: list[str], as_: str = "street", key: str | None = None, **changes: Any
) -> httpx.Response:
    return await town.post("orders/completion", as_, SOLVED | {"orders": orders} | changes, key=key)


def statuses(response: httpx.Response) -> dict[str, int]:
    assert response.status_code == 200, response.text
    return {item["order"]: item["status"] for item in response.json()["items"]}


async def test_twenty_orders_at_once_one_of_them_not_mine_are_answered_each_for_itself(
    town: Town,
) -> None:
    orders = await orders_of_the_street(town, 19)
    theirs = await town.lead_order((await town.complain(place={"district": DISTRICT}))["number"])
    asked = [*orders[:7], theirs, *orders[7:]]

    response = await complete(town, asked)

    items = response.json()["items"]
    assert [item["order"] for item in items] == asked
    assert statuses(response) == dict.fromkeys(orders, 200) | {theirs: 404}
    assert {item["answer"]["stage"] for item in items if item["answer"]} == {"evaluating"}
    refused = next(item["problem"] for item in items if item["problem"])
    assert refused["code"] == "not-found"


async def test_each_citizen_evaluates_their_own(town: Town) -> None:
    mine, yours = await asyncio.gather(town.complain(), town.complain())
    orders = [await town.lead_order(one["number"]) for one in (mine, yours)]
    await complete(town, orders)
    verdict = {"round": 1, "contacted": "yes", "resolved": "yes", "satisfied": "very"}

    await town.post(f"complaints/{mine['number']}/evaluation", mine["receipt_token"], verdict)

    assert (await town.until(mine["number"], "closed"))["outcome"] == "resolved"
    assert (await town.until(yours["number"], "evaluating"))["outcome"] is None


async def test_the_same_key_hears_the_same_answers(town: Town) -> None:
    orders = await orders_of_the_street(town, 2)

    first = await complete(town, orders, key="many")
    again = await complete(town, orders, key="many")

    assert statuses(first) == dict.fromkeys(orders, 200)
    assert again.json() == first.json()


async def test_ten_requests_under_one_key_at_once_complete_once(town: Town) -> None:
    orders = await orders_of_the_street(town, 3)

    responses = await asyncio.gather(*(complete(town, orders, key="at-once") for _ in range(10)))

    assert len({response.text for response in responses}) == 1
    assert statuses(responses[0]) == dict.fromkeys(orders, 200)


@pytest.mark.parametrize("other", ["another answer", "an order less", "other orders"])
async def test_the_same_key_with_another_body_is_refused_and_nothing_is_taken(
    town: Town, other: str
) -> None:
    one, two, untouched = await orders_of_the_street(town, 3)
    key = f"reused-for-{other}".replace(" ", "-")
    await complete(town, [one, two], key=key)
    orders = {"an order less": [one], "other orders": [untouched]}.get(other, [one, two])
    answer = "别的" if other == "another answer" else SOLVED["answer"]

    response = await complete(town, orders, key=key, answer=answer)

    assert (response.status_code, response.json()["code"]) == (422, "key-reused")
    read = await town.until(untouched.partition(".")[0], "dispatched")
    assert read["orders"][0]["state"] == "open"


async def test_the_key_of_another_act_is_refused_and_nothing_is_taken(town: Town) -> None:
    (order,) = await orders_of_the_street(town, 1)
    await town.post(f"orders/{order}/sign-off", "street", key="signed-off-with-it")

    response = await complete(town, [order], key="signed-off-with-it")

    assert (response.status_code, response.json()["code"]) == (422, "key-reused")
    read = await town.until(order.partition(".")[0], "handling")
    assert read["orders"][0]["state"] == "accepted"


async def test_one_that_is_completed_already_holds_up_no_other(town: Town) -> None:
    done, fresh = await orders_of_the_street(town, 2)
    await town.post(f"orders/{done}/completion", "street", SOLVED)

    response = await complete(town, [done, fresh])

    assert statuses(response) == {done: 409, fresh: 200}
    assert response.json()["items"][0]["problem"]["code"] == "already-done"


async def test_a_lead_is_refused_by_the_law_as_it_would_be_alone(town: Town) -> None:
    (lead,) = await orders_of_the_street(town, 1)
    asked = await town.post(
        f"orders/{lead}/co-handling", "hotline", {"unit": DISTRICT, "task": "清运车辆"}
    )
    helper = next(o["id"] for o in asked.json()["orders"] if o["kind"] == "co_handling")

    response = await complete(town, [lead])

    assert response.json()["items"][0]["problem"]["code"] == "co-handling-open"
    await complete(town, [helper], as_="district")
    assert statuses(await complete(town, [lead])) == {lead: 200}


@pytest.mark.parametrize(
    "orders",
    [[], ["12345678901244.1.1"] * 2, ["abc"], [f"12345678901244.1.{n}" for n in range(101)]],
    ids=["none", "one twice", "no order", "too many"],
)
async def test_a_list_that_is_none_is_refused_by_field(cut_off: Town, orders: list[str]) -> None:
    response = await complete(cut_off, orders)

    assert response.status_code == 422
    assert response.json()["field"].startswith("orders")
    assert "uple" not in response.text


async def test_only_units_complete(cut_off: Town) -> None:
    response = await complete(cut_off, ["12345678901244.1.1"], as_="hotline")

    assert response.status_code == 403


async def test_without_the_engine_every_order_waits_for_the_relay(
    town: Town, cut_off: Town
) -> None:
    orders = await orders_of_the_street(town, 2)

    response = await complete(cut_off, orders, as_=town.secrets["street"], key="later")

    assert statuses(response) == dict.fromkeys(orders, 202)
    assert response.json()["items"][0]["answer"]["pending"] is True
    for order in orders:
        await due_now(town, order.partition(".")[0])
        await deliver(town, order.partition(".")[0])
    assert statuses(await complete(town, orders, key="later")) == dict.fromkeys(orders, 200)


async def test_every_answer_is_sealed_with_the_key_of_its_own_complaint(town: Town) -> None:
    orders = await orders_of_the_street(town, 2)

    await complete(town, orders)

    for order in orders:
        path = f"complaints/{order.partition('.')[0]}/matter"
        await town.events(order.partition(".")[0], "completed")
        read = await town.get(path, "hotline")
        assert [line["answer"] for line in read.json()["answers"]] == [SOLVED["answer"]]

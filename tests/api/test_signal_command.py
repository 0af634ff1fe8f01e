"""`hotline signal`: the way in past the API, sealed like any other."""

import json

import pytest
from temporalio.testing import WorkflowEnvironment

from cli.signal import Instruction, NotSent, prepared, send
from tests.api.town import Town, complaint


async def test_a_completion_is_sealed_sent_and_taken(
    town: Town, environment: WorkflowEnvironment
) -> None:
    number = (await town.complain())["number"]
    order = await town.lead_order(number)
    fields = {"order": order, "result": "solved", "answer": "已清运完毕"}
    instruction = Instruction(number, "complete", json.dumps(fields), person="li.na")

    payload = await prepared(town.shared.database, town.shared.keys, instruction)
    await send(environment.client, instruction, payload)

    event = await town.events(number, "completed")
    assert "清运" not in json.dumps(payload, ensure_ascii=False)
    assert "received_at" not in payload
    assert event["actor"]["person"] == "li.na"
    matter = (await town.get(f"complaints/{number}/matter", "hotline")).json()
    assert matter["answers"][0]["answer"] == "已清运完毕"


async def test_the_same_id_twice_is_one_act(town: Town, environment: WorkflowEnvironment) -> None:
    number = (await town.complain())["number"]
    await town.lead_order(number)
    instruction = Instruction(number, "add_facts", json.dumps({"id": "fax-7", "text": "传真"}))

    for _ in range(2):
        payload = await prepared(town.shared.database, town.shared.keys, instruction)
        await send(environment.client, instruction, payload)

    await town.post(f"complaints/{number}/withdrawal", "hotline")
    await town.until(number, "closed")
    page = (await town.get(f"complaints/{number}/events", "auditor", limit=500)).json()
    assert [line["kind"] for line in page["items"]].count("facts_added") == 1


@pytest.mark.parametrize(
    ("act", "body", "told"),
    [
        ("finish", "{}", "no such act"),
        ("complete", "{", "not JSON"),
        ("complete", "[]", "not a JSON object"),
        ("complete", '{"result": "solved"}', "answer: Field required"),
        ("complete", '{"result": "solved", "answer": "好", "colour": 1}', "colour"),
        ("withdraw", '{"reason": 7}', "reason"),
        ("evaluate", '{"resolved": "yes"}', "round"),
    ],
)
async def test_what_is_no_act_is_not_sent(cut_off: Town, act: str, body: str, told: str) -> None:
    number = (await cut_off.post("complaints", "channel", complaint())).json()["number"]

    with pytest.raises(NotSent, match=told):
        await prepared(cut_off.shared.database, cut_off.shared.keys, Instruction(number, act, body))


async def test_a_complaint_that_nobody_knows_is_told(
    town: Town, environment: WorkflowEnvironment
) -> None:
    instruction = Instruction("12345678901244", "withdraw")
    payload = await prepared(town.shared.database, town.shared.keys, instruction)

    with pytest.raises(NotSent, match="not found"):
        await send(environment.client, instruction, payload)

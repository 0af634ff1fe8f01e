"""One complaint over HTTP, from POST to closed, on everything that `hotline up` starts."""

import asyncio
import base64
import json
from datetime import UTC, datetime

import httpx
import pytest
from google.protobuf import json_format
from temporalio.api.common.v1 import Payloads
from temporalio.client import Client

from tests.e2e.files import assert_the_files_are_whole
from tests.e2e.inbox import Inbox
from tests.e2e.system import PATIENCE_SECONDS
from tests.e2e.town import STREET, Case, Town, complaint, lead, taken

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("e2e"),
]

LIFE = [
    "registered",
    "classified",
    "dispatched",
    "order_opened",
    "signed_off",
    "contacted",
    "completed",
    "evaluation_opened",
    "evaluated",
    "evaluation_ended",
    "closed",
]


async def test_a_complaint_goes_from_post_to_closed(
    told_town: Town, inboxes: dict[str, Inbox]
) -> None:
    town, gateway = told_town, inboxes["citizen"]
    made = town.system.run("keys", "create", "--role", "channel", "--name", "the app")
    assert made.returncode == 0, made.stderr
    town.secrets["channel"] = made.stdout.split("secret")[1].split()[0]

    await _its_dispatch_is_foreseen(town)
    received = await town.post("complaints", "channel", complaint(), key="first")
    assert received.status_code == 201, received.text
    case = Case(town, received.json()["number"], received.json()["receipt_token"])
    await _is_handled_and_evaluated(case, gateway)

    closed = await town.read(case.number, case.receipt)
    assert (closed["stage"], closed["outcome"]) == ("closed", "resolved")
    assert closed["orders"][0]["answer"] == "已于今日清运完毕"
    await _its_file_tells_it_in_order(case)
    await _its_deadlines_are_explained(case)
    await _the_codec_server_reads_what_the_ui_shows(case)
    assert_the_files_are_whole(town.system)


async def _its_dispatch_is_foreseen(town: Town) -> None:
    body = {k: v for k, v in complaint().items() if k not in ("channel", "complainant")}
    told = (await town.post("classification/preview", "channel", body)).json()
    assert told["duty"]["lead"]["code"] == STREET
    assert told["triage"]["person_decides"] is False


async def _is_handled_and_evaluated(case: Case, gateway: Inbox) -> None:
    read = await case.until("dispatched")
    assert (lead(read)["unit"], read["waiting_on"]) == (STREET, STREET)
    taken(await case.on_order("sign-off"))
    now = datetime.now(UTC).isoformat()
    taken(await case.on_order("contact", at=now, means="phone", reached=True))
    taken(await case.on_order("completion", result="solved", answer="已于今日清运完毕"))
    token = await _evaluation_token(gateway, case.number)
    answer = {"contacted": "yes", "resolved": "yes", "satisfied": "very", "comment": "很快"}
    taken(await case.act("evaluation", token, **answer))
    again = await case.act("evaluation", token, **answer)
    assert again.status_code == 409, "a link answers once"


async def _evaluation_token(gateway: Inbox, number: str) -> str:
    """As it reaches the citizen, behind the link's `#`."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for notice in gateway.of(number):
                if notice["kind"] == "evaluation_opened":
                    return str(notice["link"].partition("#")[2])
            await asyncio.sleep(0.1)


async def _its_file_tells_it_in_order(case: Case) -> None:
    page = (await case.town.get(f"complaints/{case.number}/events", "auditor", limit=500)).json()
    assert [event["sequence"] for event in page["items"]] == list(range(1, len(page["items"]) + 1))
    assert [event["kind"] for event in page["items"] if event["kind"] in LIFE] == LIFE


async def _its_deadlines_are_explained(case: Case) -> None:
    answer = (await case.town.get(f"complaints/{case.number}/deadline", case.receipt)).json()
    (citizen,) = [clock for clock in answer["clocks"] if clock["kind"] == "citizen"]
    assert sum(day["counted"] for day in citizen["days"]) == 20
    assert all(day["rule"] and day["source"] for day in citizen["days"])


async def _the_codec_server_reads_what_the_ui_shows(case: Case) -> None:
    """As the UI does it: payloads as Temporal stores them go to `POST /decode`."""
    client = await Client.connect(case.town.system.temporal)
    history = await client.get_workflow_handle(f"complaint-{case.number}").fetch_history()
    shown = [
        event.user_metadata.summary
        for event in history.events
        if event.user_metadata.HasField("summary")
    ]
    assert shown, "timers and activities carry a summary"
    assert all(payload.metadata["encoding"] == b"binary/encrypted" for payload in shown)
    async with httpx.AsyncClient() as browser:
        decoded = await browser.post(
            f"{case.town.system.codec}/decode",
            content=json_format.MessageToJson(Payloads(payloads=shown)),
            headers={
                "Origin": f"http://localhost:{case.town.system.ports['UI']}",
                "X-Namespace": "default",
                "Content-Type": "application/json",
            },
        )
    assert decoded.status_code == 200
    words = [json.loads(base64.b64decode(one["data"])) for one in decoded.json()["payloads"]]
    assert "ledger" in words
    assert any(word.startswith("dispatch due: hotline") for word in words), words

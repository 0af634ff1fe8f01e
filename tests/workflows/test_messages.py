"""Direct signals and broken messages on the real server: each harmless, and each on record."""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError

from domain.event import EventKind
from domain.vocabulary import OrderState, Role, Stage
from tests.workflows.city import Case, City, lead, payload

pytestmark = pytest.mark.anyio


UNDECRYPTABLE = Payload(
    metadata={"encoding": b"binary/encrypted", "key": b"nobody's"}, data=b"\x00" * 64
)
BAD_JSON = Payload(metadata={"encoding": b"json/plain"}, data=b'{"result": "solv')
NO_OBJECT = payload(["solved"])
UNKNOWN_ENCODING = Payload(metadata={"encoding": b"text/klingon"}, data=b"nuqneH")


@pytest.fixture
async def case(city: City) -> Case:
    case = await city.complain()
    await case.until_stage(Stage.DISPATCHED)
    return case


async def signed_off(case: Case) -> None:
    """Nothing is jammed: a good signal is taken after whatever came before."""
    await case.signal("sign_off", payload({"order": lead(await case.state())}))
    await case.until(EventKind.SIGNED_OFF)
    assert (await case.state()).orders[0].state is OrderState.ACCEPTED


BROKEN = (
    ("complete", (), "0 arguments instead of one"),
    ("complete", (payload({}), payload({})), "2 arguments instead of one"),
    ("complete", (BAD_JSON,), "no JSON object"),
    ("complete", (NO_OBJECT,), "no JSON object"),
    ("complete", (UNKNOWN_ENCODING,), "no JSON object"),
    ("complete", (UNDECRYPTABLE,), "undecodable"),
    ("withdraw", (UNDECRYPTABLE,), "undecodable"),
    ("complete", (payload({}),), "invalid order, result"),
    ("complete", (payload({"order": 7, "result": "solved"}),), "invalid order"),
    ("compleet", (payload({}),), "unknown name"),
    ("__temporal_fake", (payload({}),), "unknown name"),
    ("evaluate", (payload({"round": "first"}),), "invalid round"),
    ("add_facts", (payload({"text": "我的电话是13800138000"}),), "plain words in text"),
    ("withdraw", (payload({"id": "x" * 201}),), "invalid id"),
    ("withdraw", (payload({"received_at": "yesterday"}),), "invalid claimed_at"),
)


async def test_each_broken_signal_is_harmless_and_recorded(case: Case) -> None:
    before = await case.state()
    for name, payloads, _ in BROKEN:
        await case.signal(name, *payloads)

    recorded = await case.until(EventKind.MESSAGE_BROKEN, len(BROKEN))
    wanted = [{"name": name, "reason": reason} for name, _, reason in BROKEN]
    assert [event.body for event in recorded] == wanted
    after = await case.state()
    assert (after.stage, after.orders) == (before.stage, before.orders)
    await signed_off(case)


async def test_what_was_sent_is_never_quoted_in_the_file(case: Case) -> None:
    await case.signal("add_facts", payload({"text": "我的电话是13800138000"}))
    await case.signal("evaluate", payload({"round": "张三13800138000"}))
    broken = await case.until(EventKind.MESSAGE_BROKEN, 2)

    assert "13800138000" not in "".join(event.model_dump_json() for event in broken)


async def test_a_direct_signal_counts_from_when_the_workflow_takes_it(case: Case) -> None:
    claimed = (await case.now()) - timedelta(days=3)
    before = await case.now()
    body = {"order": lead(await case.state()), "received_at": claimed.isoformat()}
    await case.signal("sign_off", payload(body))

    (event,) = await case.until(EventKind.SIGNED_OFF)
    assert event.received_at is not None
    assert before <= event.received_at <= event.acted_at
    assert event.body["claimed_at"] == claimed.isoformat()
    assert event.body["via"] == "signal"
    assert (event.actor.role, event.actor.key) == (Role.UNIT, "signal")


async def test_a_signal_for_another_round_is_refused_on_record(case: Case) -> None:
    await case.signal("evaluate", payload({"round": 7, "resolved": "yes"}))

    (refused,) = await case.until(EventKind.ACT_REFUSED)
    assert (refused.body["act"], refused.body["via"]) == ("evaluate", "signal")
    assert (await case.state()).stage is Stage.DISPATCHED
    await signed_off(case)


async def test_a_signal_on_an_order_that_does_not_exist_is_refused_on_record(case: Case) -> None:
    await case.signal("complete", payload({"order": "1.1.1", "result": "solved"}))

    (refused,) = await case.until(EventKind.ACT_REFUSED)
    assert refused.body["code"] == "unknown-order"


async def test_a_signal_whose_id_was_used_is_put_on_record_and_does_nothing(case: Case) -> None:
    body = {"id": "abc", "order": lead(await case.state())}
    await case.signal("sign_off", payload(body))
    await case.until(EventKind.SIGNED_OFF)
    await case.signal("sign_off", payload(body))

    (refused,) = await case.until(EventKind.ACT_REFUSED)
    assert (refused.body["code"], refused.body["field"]) == ("already-done", "id")
    assert len(await case.events(EventKind.SIGNED_OFF)) == 1


async def test_a_signal_at_the_very_start_is_kept_until_the_complaint_is_registered(
    city: City,
) -> None:
    case = await city.complain()
    await case.signal("compleet", payload({}))
    await case.signal("withdraw", payload({}))

    await case.until_stage(Stage.CLOSED)
    kinds = [event.kind for event in await case.events()]
    assert kinds[0] is EventKind.REGISTERED
    assert EventKind.MESSAGE_BROKEN in kinds


async def test_the_temporal_command_line_can_send_an_act(case: Case) -> None:
    config = case.city.environment.client.service_client.config
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "temporal"),
        *("workflow", "signal", "--address", config.target_host, "-w", case.handle.id),
        *("--name", "sign_off", "--input", json.dumps({"order": lead(await case.state())})),
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await process.wait() == 0

    await case.until(EventKind.SIGNED_OFF)


async def test_a_cancel_request_is_recorded_and_ignored(case: Case) -> None:
    await case.handle.cancel()
    await case.until(EventKind.CANCEL_REQUESTED)
    await case.handle.cancel()

    assert (await case.state()).stage is Stage.DISPATCHED
    await signed_off(case)
    assert (await case.pass_time(days=3)).next_due_at is not None


MALFORMED: tuple[tuple[str, list[Any]], ...] = (
    ("complete", []),
    ("complete", [{}, {}]),
    ("complete", [{"result": "solved"}]),
    ("compleet", [{}]),
)


async def test_a_malformed_update_is_rejected_and_leaves_the_workflow_alone(case: Case) -> None:
    for name, args in MALFORMED:
        with pytest.raises(WorkflowUpdateFailedError):
            await case.handle.execute_update(name, args=args)

    history = await case.handle.fetch_history()
    kinds = {EventType.Name(event.event_type) for event in history.events}
    assert not {kind for kind in kinds if "UPDATE_" in kind}
    assert await case.events(EventKind.MESSAGE_BROKEN) == []
    await signed_off(case)


async def test_a_repeated_update_gets_the_first_outcome(case: Case) -> None:
    act = await case.build("sign_off")
    first = await case.send("sign_off", act)
    again = await case.handle.execute_update("sign_off", act, id="another-update-id")

    assert first.refusal is None
    assert again["repeated"]
    assert again["refusal"] is None
    assert len(await case.events(EventKind.SIGNED_OFF)) == 1


async def test_an_unlawful_act_is_refused_with_its_reason_and_recorded(case: Case) -> None:
    outcome = await case.act("rule", subject="objection", decision="upheld")

    assert outcome.refusal is not None
    assert outcome.refusal.code == "wrong-stage"
    (refused,) = await case.events(EventKind.ACT_REFUSED)
    assert refused.body["rule"] == outcome.refusal.rule

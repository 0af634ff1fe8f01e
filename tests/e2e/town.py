"""Everyone who calls a running system over HTTP: channels, desks, units, citizens.

`surely` is what a careful client does: the same request under the same key until its answer is
final, through refused connections, 503 and 202.
"""

import asyncio
import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from domain.vocabulary import Role
from storage import api_keys
from storage.database import Database
from tests.e2e.system import PATIENCE_SECONDS, System

WASTE = "urban.municipal.waste"
STREET, DISTRICT, PARKS = "110105001", "110105", "landscape-forestry"
LIVE = frozenset({"open", "accepted", "objected"})
DESKS = (Role.CHANNEL, Role.HOTLINE, Role.SUPERVISOR, Role.AUDITOR)
UNITS = (STREET, DISTRICT, "supervision", "executive-meeting", "hotline")

_keys = itertools.count(1)
_phones = itertools.count(1)


def complaint(**changes: Any) -> dict[str, Any]:
    """A lawful body that the machine classifies and dispatches to a street; `changes` replace.

    Each time by somebody else: the same person's would be attached to the one before.
    """
    body: dict[str, Any] = {
        "channel": "app",
        "demand": "complaint",
        "title": "垃圾无人清运",
        "text": "楼下垃圾堆了三天无人清运，臭味很大。",
        "place": {"district": DISTRICT, "subdistrict": STREET},
        "complainant": {"kind": "person", "name": "测试", "phone": f"130{next(_phones):08d}"},
        "category": WASTE,
    }
    return body | changes


@dataclass
class Town:
    system: System
    client: httpx.AsyncClient
    secrets: dict[str, str] = field(default_factory=dict)
    answered: Counter[int] = field(default_factory=Counter)
    """How often each status was heard; 0 stands for no answer at all."""

    async def settle(self) -> None:
        """Keys for every desk and for the units that tests act as."""
        socket_url = self.system.database_url
        database = Database(socket_url, "e2e")
        try:
            async with database.transaction() as session:
                for role in DESKS:
                    _, self.secrets[role] = await api_keys.create(session, role)
                for unit in UNITS:
                    _, self.secrets[f"unit:{unit}"] = await api_keys.create(
                        session, Role.UNIT, unit=unit
                    )
        finally:
            await database.close()

    async def get(self, path: str, as_: str = "hotline", **query: Any) -> httpx.Response:
        return await self.client.get(f"/v1/{path}", params=query, headers=self._bearer(as_))

    async def read(self, number: str, as_: str = "hotline") -> dict[str, Any]:
        """A careful reader, too, comes again after a 503."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (answer := await self.get(f"complaints/{number}", as_)).status_code == 503:
                await asyncio.sleep(0.3)
        answer.raise_for_status()
        read: dict[str, Any] = answer.json()
        return read

    async def post(
        self, path: str, as_: str, body: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or f"key-{next(_keys)}", **self._bearer(as_)}
        try:
            answer = await self.client.post(f"/v1/{path}", json=body, headers=headers)
        except httpx.HTTPError:
            self.answered[0] += 1
            raise
        self.answered[answer.status_code] += 1
        return answer

    async def surely(
        self, path: str, as_: str, body: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        key = key or f"key-{next(_keys)}"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    answer = await self.post(path, as_, body, key=key)
                except httpx.HTTPError:
                    await asyncio.sleep(0.3)
                    continue
                if answer.status_code not in (202, 503):
                    return answer
                await asyncio.sleep(0.3)

    async def complain(self, **changes: Any) -> "Case":
        answer = await self.surely("complaints", "channel", complaint(**changes))
        assert answer.status_code in (200, 201), answer.text
        return Case(self, answer.json()["number"], answer.json()["receipt_token"])

    def _bearer(self, as_: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets.get(as_, as_)}"}


@dataclass
class Case:
    """One complaint and those who act on it."""

    town: Town
    number: str
    receipt: str

    async def read(self) -> dict[str, Any]:
        return await self.town.read(self.number)

    async def until(self, *stages: str, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        read: dict[str, Any] = {}
        try:
            async with asyncio.timeout(seconds):
                while True:
                    read = await self.read()
                    if read["stage"] in stages:
                        return read
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"{self.number} never {stages}, but {read}") from None

    async def act(self, path: str, as_: str = "hotline", **body: Any) -> httpx.Response:
        return await self.town.surely(f"complaints/{self.number}/{path}", as_, body)

    async def on_order(self, path: str, **body: Any) -> httpx.Response:
        """By the unit whose duty the lead or supervision order is."""
        order = lead(await self.read())
        return await self.town.surely(f"orders/{order['id']}/{path}", f"unit:{order['unit']}", body)

    async def complete(self) -> httpx.Response:
        """A supervision order may have taken the lead's place since it was read: then that one."""
        for _ in range(3):
            order = lead(await self.read())
            result = "redone" if order["kind"] == "supervision" else "solved"
            answer = await self.on_order("completion", result=result, answer="已清运完毕")
            if answer.is_success:
                break
        return answer

    async def evaluate(self, resolved: str = "yes", satisfied: str = "very") -> httpx.Response:
        """With the receipt, for the round under way."""
        round_ = (await self.read())["round"]
        body = {"round": round_, "contacted": "yes", "resolved": resolved, "satisfied": satisfied}
        return await self.act("evaluation", self.receipt, **body)


def lead(read: dict[str, Any]) -> dict[str, Any]:
    """The order that answers to the citizen now, or did last."""
    leads = [o for o in read["orders"] if o["kind"] in ("lead", "supervision")]
    assert leads, f"{read['number']} has no order in stage {read['stage']}"
    live = [order for order in leads if order["state"] in LIVE]
    answers: dict[str, Any] = (live or leads)[-1]
    return answers


def taken(answer: httpx.Response) -> httpx.Response:
    assert answer.status_code in (200, 201), answer.text
    return answer


async def bring_to(town: Town, stage: str) -> Case:
    """A complaint that stands in this stage now, and that nobody will move on but time."""
    if stage == "triage":
        # A consultation is decided by people only.
        case = await town.complain(demand="consult", category=None, text="请问怎么办？", title=None)
        await case.until("triage")
        return case
    case = await town.complain()
    await case.until("dispatched")
    if stage == "dispatched":
        return case
    taken(await case.on_order("sign-off"))
    match stage:
        case "objected":
            reason = {"reason": "not_my_duty", "proposed_unit": DISTRICT, "basis": "D0"}
            taken(await case.on_order("objection", **reason))
        case "deferred":
            await _defer(case)
        case "evaluating":
            taken(await case.complete())
        case "closed":
            taken(await case.complete())
            taken(await case.evaluate())
    await case.until(stage)
    return case


async def _defer(case: Case) -> None:
    now = datetime.now(UTC)
    told = {"at": now.isoformat(), "means": "phone"}
    review = (now + timedelta(days=2)).date().isoformat()
    body = {"reason": "管线未通", "measures": "临时清运", "review_on": review}
    taken(await case.on_order("deferral", **body, citizen_told=told))
    taken(await case.act("ruling", subject="deferral", decision="upheld"))

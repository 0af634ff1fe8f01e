"""The people of the demonstration: citizens who write and judge, units of every temper, one desk.

Who does what is drawn by lot with a fixed seed, so that two runs tell much the same story.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from cli.demo_gateway import Gateway
from cli.demo_messages import Message
from cli.demo_office import Office, View

LIVE = frozenset({"open", "accepted"})
SEED = 12345
TEMPERS = {
    "prompt": 40,
    "late": 16,
    "never": 10,
    "objects": 10,
    "suspends": 8,
    "extends": 8,
    "needs_help": 4,
    "defers": 4,
}
MOODS = {"satisfied": 50, "dissatisfied": 22, "silent": 22, "withdraws": 6}
PLACELESS, DISTRICT_ONLY = 0.06, 0.2


@dataclass
class Life:
    """One citizen's complaint, and the lots that were drawn for it."""

    number: str
    receipt: str
    temper: str
    mood: str
    begun: set[str] = field(default_factory=set)


class People:
    """Everyone acts upon what the list of complaints shows, and at their own pace."""

    def __init__(self, office: Office, gateway: Gateway, places: list[View]) -> None:
        self._office = office
        self._gateway = gateway
        self._places = places
        self._lots = Random(SEED)
        self._tasks: set[asyncio.Task[Any]] = set()
        self.lives: dict[str, Life] = {}

    async def write(self, message: Message) -> None:
        """A citizen writes in; what the list already shows of it is acted upon at once."""
        place = self._place()
        phone = f"13{self._lots.randrange(10**9):09d}"
        temper, mood = _draw(self._lots, TEMPERS), _draw(self._lots, MOODS)
        body = {
            "channel": self._lots.choice(("app", "web", "phone", "wechat")),
            "demand": message.demand,
            "title": message.title or None,
            "text": message.text,
            "place": place,
            "complainant": {"kind": "person", "name": "演示市民", "phone": phone},
        }
        answer = await self._office.post("complaints", "channel", body)
        answer.raise_for_status()
        receipt = answer.json()
        self.lives[receipt["number"]] = life = Life(
            receipt["number"], receipt["receipt_token"], temper, mood
        )
        if mood == "withdraws":
            self._begin(self._withdraw(life))
        shown = self._office.views.get(life.number)
        if shown is not None:
            self.see(shown)

    def see(self, view: View) -> None:
        """A complaint has changed: whoever it falls to begins."""
        life = self.lives.get(view["number"])
        if life is None:
            return
        if view["stage"] == "triage":
            self._once(life, "triage", self._desk_decides(view))
        for order in view["orders"]:
            if order["state"] in LIVE:
                self._once(life, order["id"], self._unit_works(life, view, order))
            elif order["state"] == "objected":
                self._once(life, f"objected {order['id']}", self._desk_rules(view, order))

    async def judge(self) -> None:
        """Citizens answer the links that reach them, for ever."""
        while True:
            number, token = await self._gateway.links.get()
            life = self.lives.get(number)
            if life is not None and life.mood != "silent":
                self._begin(self._citizen_answers(life, token))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def raise_failure(self) -> None:
        for task in list(self._tasks):
            if task.done() and not task.cancelled():
                task.result()
                self._tasks.discard(task)

    async def _unit_works(self, life: Life, view: View, order: View) -> None:
        if order["kind"] == "supervision":
            await self._after(4, 7)
            await self._office.act_on(order, "completion", result="redone", answer="已督办解决。")
        elif order["kind"] != "lead":
            await self._after(2, 6)
            await self._complete(order)
        elif life.temper == "never" and order["round"] == 1:
            return
        else:
            await self._lead_works(life.temper if order["round"] == 1 else "prompt", order)

    async def _lead_works(self, temper: str, order: View) -> None:
        act = self._office.act_on
        await self._after(0.5, 3)
        await act(order, "sign-off")
        await self._after(0.5, 2)
        if temper != "objects":
            await act(order, "contact", at=_now().isoformat(), means="phone", reached=True)
        match temper:
            case "objects" if order["id"].endswith(".1"):
                names = {"reason": "not_my_area", "proposed_unit": "110105", "basis": "Art.12"}
                await act(order, "objection", **names)
                return  # rejected, the order waits; returned, another unit has it
            case "suspends":
                until = (_now() + timedelta(seconds=6)).isoformat()
                await act(
                    order, "suspension", cause="force_majeure", until=until, evidence="暴雨预警"
                )
                await self._after(7, 9)
            case "extends":
                told = {"at": _now().isoformat(), "means": "phone"}
                reason = {"basis": "Art.15", "reason": "需专业队伍施工"}
                await act(order, "extension", amount="10s", **reason, citizen_told=told)
                await self._after(16, 20)
            case "defers":
                await self._defer(order)
            case "needs_help":
                await act(order, "help", reason="需上级协调")
                await self._after(4, 8)
            case "late":
                await self._after(17, 22)
        await self._after(1, 8)
        await self._complete(order)

    async def _defer(self, order: View) -> None:
        review = (_now() + timedelta(days=2)).date().isoformat()
        told = {"at": _now().isoformat(), "means": "phone"}
        words = {"reason": "需等待管线工程", "measures": "先行临时处置"}
        asked = {"review_on": review, "citizen_told": told}
        if await self._office.act_on(order, "deferral", **words, **asked):
            await self._after(1, 3)
            number = order["id"].partition(".")[0]
            await self._office.act(number, "ruling", subject="deferral", decision="upheld")
            await self._after(11, 13)

    async def _complete(self, order: View) -> None:
        result = self._lots.choices(("solved", "partly", "explained"), (7, 1, 2))[0]
        await self._office.act_on(
            order, "completion", result=result, answer="已现场处理并告知市民。"
        )

    async def _desk_decides(self, view: View) -> None:
        """What the machine was not sure of, a person at the hotline sends where it belongs."""
        await self._after(1, 7)
        if view["demand"] == "consult":
            words = {"kind": "answered_at_once", "answer": "已按政策解答。", "basis": "Art.11"}
            category = view["category"] or "service.office.conduct"
            await self._office.act(
                view["number"], "classification", category=category, disposition=words
            )
        else:
            lead = (
                view["subdistrict"] or view["district"] or self._lots.choice(self._places)["code"]
            )
            await self._office.act(view["number"], "dispatch", lead=lead)

    async def _desk_rules(self, view: View, order: View) -> None:
        await self._after(1, 4)
        decision = self._lots.choice(("upheld", "rejected"))
        ruled = {"subject": "objection", "decision": decision, "order": order["id"]}
        if await self._office.act(view["number"], "ruling", **ruled) and decision == "rejected":
            await self._after(2, 6)
            await self._complete(order)

    async def _citizen_answers(self, life: Life, token: str) -> None:
        await self._after(1, 6)
        view = self._office.views[life.number]
        answered = any(order["state"] == "completed" for order in view["orders"])
        unhappy = life.mood == "dissatisfied" and view["round"] == 1
        body = {
            "contacted": "yes" if answered else "no",
            "resolved": "no" if unhappy or not answered else "yes",
            "satisfied": "no" if unhappy or not answered else self._lots.choice(("very", "basic")),
        }
        await self._office.act(life.number, "evaluation", token, **body)

    async def _withdraw(self, life: Life) -> None:
        await self._after(4, 9)
        await self._office.act(life.number, "withdrawal", life.receipt, reason="已自行解决")

    def _place(self) -> View:
        """Some say the street, some the district only, some nothing."""
        street, lot = self._lots.choice(self._places), self._lots.random()
        if lot < PLACELESS:
            return {}
        if lot < DISTRICT_ONLY:
            return {"district": street["parent"]}
        return {"district": street["parent"], "subdistrict": street["code"]}

    async def _after(self, least: float, most: float) -> None:
        await asyncio.sleep(self._lots.uniform(least, most))

    def _once(self, life: Life, what: str, work: Coroutine[Any, Any, None]) -> None:
        if what in life.begun:
            work.close()
            return
        life.begun.add(what)
        self._begin(work)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(asyncio.create_task(work))


def _draw(lots: Random, weights: dict[str, int]) -> str:
    return lots.choices(list(weights), list(weights.values()))[0]


def _now() -> datetime:
    return datetime.now(UTC)

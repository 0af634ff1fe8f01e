"""A town for API tests: the application under test, and everyone who calls it."""

import itertools
import secrets
from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx

from api.catalogue import Catalogue, CategoryEntry, PackEntry
from api.resources import Resources
from domain.rules import RepeatRule
from domain.unit import Unit
from domain.vocabulary import Basis, Tier, UnitKind

PACK = "cn-beijing"
WASTE = "urban.municipal.waste"
WATER = "urban.utilities.water_outage"
VENDORS = "urban.municipal.street_vendors"
"""For tests that count: no other test complains of it."""
STREET = "110105001"
DISTRICT = "110105"
OTHER_DISTRICT = "110106"

CATALOGUE = Catalogue(
    packs=(
        PackEntry(
            id=PACK,
            version="1",
            zone="Asia/Shanghai",
            categories=(
                CategoryEntry(code=WASTE, name="垃圾清运", tier=Tier.GENERAL),
                CategoryEntry(code=WATER, name="停水", tier=Tier.UTILITY),
                CategoryEntry(code=VENDORS, name="占道经营", tier=Tier.GENERAL),
            ),
            units=(
                Unit(
                    code=DISTRICT, name="朝阳区", kind=UnitKind.DISTRICT, higher_hand="supervision"
                ),
                Unit(code=STREET, name="建外街道", kind=UnitKind.SUBDISTRICT, higher_hand=DISTRICT),
            ),
        ),
        PackEntry(id="demo-fast", version="1"),
    )
)
"""The registers in small; the codes are those of the real pack that the worker reads."""

REPEATS = RepeatRule(
    alike=0.6, covered=0.85, linked=0.66, within_days=90, basis=Basis.DEMO, source="D0"
)
NEIGHBOUR = Unit(
    code=OTHER_DISTRICT, name="丰台区", kind=UnitKind.DISTRICT, higher_hand="supervision"
)
ATTENTIVE = Catalogue(
    packs=tuple(
        pack.model_copy(update={"repeats": REPEATS, "units": (*pack.units, NEIGHBOUR)})
        for pack in CATALOGUE.packs
    )
)
"""The same with a rule for repeats, and another district."""

_keys = itertools.count(1)


def complaint(**changes: Any) -> dict[str, Any]:
    """A lawful body; `changes` replace its fields."""
    body: dict[str, Any] = {
        "channel": "app",
        "demand": "complaint",
        "title": "垃圾无人清运",
        "text": "楼下垃圾堆了三天无人清运，臭味很大。",
        "place": {"address": "建国路甲一号", "district": DISTRICT, "subdistrict": STREET},
        "complainant": {"kind": "person", "name": "张小明", "phone": "13800138000"},
        "category": WASTE,
    }
    return body | changes


def matter(**changes: Any) -> dict[str, Any]:
    """A complaint of somebody new about something that no other test speaks of."""
    phone = f"139{secrets.randbelow(10**8):08d}"
    body = complaint(
        title=f"{_gibberish(8)}垃圾",
        text=f"{_gibberish(16)}垃圾{_gibberish(16)}，请尽快处理。",
        place={"address": _gibberish(6), "district": DISTRICT, "subdistrict": STREET},
        complainant={"kind": "person", "name": "张小明", "phone": phone},
    )
    return body | changes


def _gibberish(length: int) -> str:
    """Characters that hardly ever stand side by side."""
    return "".join(chr(0x4E00 + secrets.randbelow(0x4000)) for _ in range(length))


@dataclass
class Town:
    """Calls the API as whoever is named: a key's name, or a token as it stands."""

    client: httpx.AsyncClient
    shared: Resources
    secrets: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, as_: str, **query: Any) -> httpx.Response:
        return await self.client.get(f"/v1/{path}", params=query, headers=self._bearer(as_))

    async def post(
        self, path: str, as_: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        sent = {"Idempotency-Key": key or f"key-{next(_keys)}", **self._bearer(as_), **headers}
        return await self.client.post(f"/v1/{path}", json=body, headers=sent)

    async def complain(self, as_: str = "channel", **changes: Any) -> dict[str, Any]:
        response = await self.post("complaints", as_, complaint(**changes))
        assert response.status_code == 201, response.text
        receipt: dict[str, Any] = response.json()
        return receipt

    async def until(self, number: str, stage: str, as_: str = "hotline") -> dict[str, Any]:
        """The complaint as it reads once it has reached this stage."""
        for _ in range(200):
            read: dict[str, Any] = (await self.get(f"complaints/{number}", as_)).json()
            if read["stage"] == stage:
                return read
            await anyio.sleep(0.05)
        raise AssertionError(f"never {stage}, but {read['stage']}")

    async def lead_order(self, number: str) -> str:
        """The order that the complaint is dispatched with."""
        read = await self.until(number, "dispatched")
        order: str = next(o["id"] for o in read["orders"] if o["kind"] == "lead")
        return order

    async def events(self, number: str, kind: str, as_: str = "auditor") -> dict[str, Any]:
        """The last event of a kind, once the ledger has it."""
        for _ in range(200):
            page = (await self.get(f"complaints/{number}/events", as_, limit=500)).json()
            found: list[dict[str, Any]] = [e for e in page["items"] if e["kind"] == kind]
            if found:
                return found[-1]
            await anyio.sleep(0.05)
        raise AssertionError(f"no {kind}")

    def _bearer(self, as_: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets.get(as_, as_)}"}

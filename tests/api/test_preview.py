"""POST /v1/classification/preview: what would be ruled, before anything is sent."""

import asyncio
import threading
import time
from statistics import quantiles
from typing import Any

import pytest
from sqlalchemy import text

from api.app import create_app
from cli.foresight import PackForesight
from packs.loader import load_pack
from settings import Settings
from tests.api.town import DISTRICT, PACK, STREET, WASTE, WATER, Town, complaint

PREVIEW = "classification/preview"
TABLES = ("journal", "likenesses", "access_log", "vault.data_keys", "vault.sketches")
"""All that the API itself writes; the other tables are the workers'."""


def described(**changes: Any) -> dict[str, Any]:
    """What a preview takes of a lawful complaint; the channel has chosen no category."""
    whole = complaint(category=None, **changes)
    taken = ("demand", "title", "text", "place", "category", "pack")
    return {name: whole[name] for name in taken if name in whole}


async def previewed(town: Town, as_: str = "hotline", **changes: Any) -> dict[str, Any]:
    response = await town.post(PREVIEW, as_, described(**changes))
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.json()
    return told


async def rows(town: Town) -> dict[str, int]:
    async with town.shared.database.transaction() as session:
        return {
            table: (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
            for table in TABLES
        }


class TestAPreview:
    async def test_names_category_tier_place_and_who_would_lead(self, cut_off: Town) -> None:
        told = await previewed(cut_off, place={"address": "朝阳区建外街道永安里东社区"})

        assert told["category"] == told["candidates"][0]["category"] == WASTE
        assert told["candidates"][0]["path"][-1] == "垃圾清运与分类"
        assert told["tier"] == {"tier": "general", "reasons": ["the tier of the category"]}
        assert told["place"]["district"] == {"code": DISTRICT, "name": "朝阳区"}
        assert told["place"]["community"]["name"] == "永安里东社区"
        assert told["duty"]["lead"] == {"code": STREET, "name": "建外街道"}
        assert "catalogue: the sub-district of the place" in told["duty"]["reasons"]
        assert told["triage"]["person_decides"] is False

    async def test_says_why_the_words_raise_the_tier(self, cut_off: Town) -> None:
        told = await previewed(cut_off, text="楼道里着火了，浓烟很大。")

        assert told["tier"]["tier"] == "emergency"
        assert told["tier"]["reasons"][0].startswith("tier emergency: ")

    async def test_leaves_the_category_open_where_a_person_would_decide(
        self, cut_off: Town
    ) -> None:
        told = await previewed(cut_off, title="一件事", text="请问此事应当如何办理。")

        assert told["category"] is None
        assert told["triage"]["person_decides"] is True
        assert told["triage"]["reasons"]

    async def test_names_the_facts_that_a_unit_would_miss(self, cut_off: Town) -> None:
        words = {"title": "停水", "text": "家里停水了，一直没来水。"}

        told = await previewed(cut_off, place={"district": DISTRICT}, **words)

        assert told["category"] == WATER
        assert {"code", "name"} == set(told["missing_facts"][0])

    async def test_takes_the_category_that_the_channel_chose(self, cut_off: Town) -> None:
        response = await cut_off.post(PREVIEW, "channel", described() | {"category": WATER})

        assert response.json()["category"] == WATER
        assert response.json()["candidates"] == []

    async def test_needs_no_idempotency_key(self, cut_off: Town) -> None:
        headers = {"Authorization": f"Bearer {cut_off.secrets['channel']}"}

        response = await cut_off.client.post(f"/v1/{PREVIEW}", json=described(), headers=headers)

        assert response.status_code == 200

    async def test_registers_nothing(self, attentive_cut_off: Town) -> None:
        before = await rows(attentive_cut_off)

        await previewed(attentive_cut_off)

        assert await rows(attentive_cut_off) == before
        await attentive_cut_off.post("complaints", "hotline", complaint())
        after = await rows(attentive_cut_off)
        assert after["journal"] == before["journal"] + 1
        assert after["vault.sketches"] == before["vault.sketches"] + 1

    async def test_leaves_no_word_in_the_log(
        self, cut_off: Town, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level("DEBUG"):
            await previewed(cut_off, title="蓝色沙发无人清运")

        assert "/v1/classification/preview" in caplog.text
        assert "沙发" not in caplog.text


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown field": ({"complainant": {"kind": "person"}}, "complainant"),
    "no words": ({"text": "  "}, "text"),
    "half a point": ({"place": {"lat": 39.9}}, "place"),
    "a district that is none": ({"place": {"district": "火星区"}}, "place.district"),
    "an unknown category": ({"category": "no.such"}, "category"),
}


class TestAPreviewIsRefused:
    @pytest.mark.parametrize("case", REFUSED)
    async def test_as_the_complaint_would_be(self, cut_off: Town, case: str) -> None:
        changes, field = REFUSED[case]

        response = await cut_off.post(PREVIEW, "channel", described() | changes)

        assert response.status_code == 422
        assert response.json()["field"] == field

    async def test_under_a_pack_that_the_key_may_not_name(self, cut_off: Town) -> None:
        body = described(place={}) | {"pack": "demo-fast"}

        refused = await cut_off.post(PREVIEW, "channel", body)
        taken = await cut_off.post(PREVIEW, "hotline", body)

        assert (refused.status_code, taken.status_code) == (403, 200)
        assert taken.json()["pack"] == "demo-fast"

    @pytest.mark.parametrize("caller", ["street", "auditor", "operator", "supervisor"])
    async def test_to_whoever_may_not_open_a_complaint(self, cut_off: Town, caller: str) -> None:
        assert (await cut_off.post(PREVIEW, caller, described())).status_code == 403


MESSAGES: dict[str, dict[str, Any]] = {
    "waste in a street": {},
    "water, no sub-district": {
        "title": "停水",
        "text": "小区停水两天了，家里一直没来水。",
        "place": {"address": "海淀区清河街道安宁里社区"},
    },
    "danger": {"title": "冒烟", "text": "楼道里着火了，浓烟很大，赶快来人。"},
    "nowhere": {"place": {}},
    "a point": {"place": {"lat": 39.9219, "lon": 116.4430}},
    "a consultation": {"demand": "consult", "title": "咨询垃圾清运时间"},
    "nothing known": {"title": "一件事", "text": "此事应当如何办理。", "place": {}},
    "the channel's own choice": {"category": WATER},
}


@pytest.mark.parametrize("message", MESSAGES)
async def test_what_is_previewed_is_what_is_ruled(town: Town, message: str) -> None:
    said = {"category": None} | MESSAGES[message]
    taken = ("demand", "title", "text", "place", "category")
    response = await town.post(PREVIEW, "channel", {k: complaint(**said)[k] for k in taken})
    told = response.json()

    number = (await town.complain(**said))["number"]
    sure = not told["triage"]["person_decides"]
    read = await town.until(number, "dispatched" if sure else "triage")
    ruled = await town.events(number, "classified" if sure else "sent_to_triage")

    body = ruled["body"]
    assert told["tier"]["tier"] == body["tier"] == read["tier"]
    assert told["confidence"] == body["confidence"]
    assert told["classifier"] == body["classifier"]
    assert told["triage"]["reasons"] == body["reasons"]
    assert [line["category"] for line in told["candidates"]] == [
        candidate["category"] for candidate in body["candidates"]
    ]
    if sure:
        dispatched = await town.events(number, "dispatched")
        leads = [order["unit"] for order in read["orders"] if order["kind"] == "lead"]
        assert told["category"] == body["category"]
        assert [told["duty"]["lead"]["code"]] == leads == [dispatched["body"]["unit"]]
        assert told["duty"]["reasons"] == dispatched["body"]["reasons"]
        assert {line["code"] for line in told["duty"]["co_handlers"]} == {
            order["unit"] for order in read["orders"] if order["kind"] == "co_handling"
        }
    else:
        assert told["category"] is None


class Watched(PackForesight):
    """Says when it has been warmed."""

    def __init__(self) -> None:
        super().__init__([load_pack(PACK)])
        self.warmed = threading.Event()

    def warm(self) -> None:
        super().warm()
        self.warmed.set()


async def test_the_application_warms_it_before_anybody_asks(
    cut_off: Town, settings: Settings
) -> None:
    watched = Watched()
    app = create_app(settings, foresight=watched, gateway=lambda _: cut_off.shared.gateway)

    async with app.router.lifespan_context(app):
        assert await asyncio.to_thread(watched.warmed.wait, 20)


async def test_an_answer_is_quick(attentive_cut_off: Town) -> None:
    """p50 and p99 of a hundred; the bound leaves room for a busy machine."""
    body = described(text="楼下垃圾堆了三天无人清运，臭味很大。" * 16)
    took: list[float] = []
    for _ in range(100):
        began = time.perf_counter()
        await attentive_cut_off.post(PREVIEW, "channel", body)
        took.append((time.perf_counter() - began) * 1000)
    cuts = quantiles(took, n=100)
    print(f"preview: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms")  # noqa: T201

    assert cuts[49] < 100

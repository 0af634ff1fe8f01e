"""Reading the ledger: one complaint, lists, registers, rates, health."""

from datetime import datetime

import pytest

from domain.chain import GENESIS
from tests.api.town import DISTRICT, STREET, WASTE, Town


class TestAComplaint:
    async def test_reads_with_orders_clocks_and_what_the_caller_may_do(self, town: Town) -> None:
        number = (await town.complain())["number"]
        order = await town.lead_order(number)

        read = (await town.get(f"complaints/{number}", "street")).json()

        kinds = {clock["kind"] for clock in read["clocks"]}
        signing = next(a for a in read["allowed_actions"] if a["act"] == "sign_off")
        assert {"citizen", "order", "sign_off"} <= kinds
        assert signing["order"] == order
        assert {a["act"] for a in read["allowed_actions"]}.isdisjoint({"withdraw", "classify"})
        assert datetime.fromisoformat(read["as_of"]) >= datetime.fromisoformat(read["received_at"])

    async def test_explains_each_deadline_day_by_day(self, town: Town) -> None:
        number = (await town.complain())["number"]
        read = await town.until(number, "dispatched")

        account = (await town.get(f"complaints/{number}/deadline", "channel")).json()

        citizen = next(clock for clock in account["clocks"] if clock["kind"] == "citizen")
        counted = sum(line["counted"] for line in citizen["days"])
        assert counted == citizen["window"]["amount"]
        assert all(line["rule"] and line["source"] for line in citizen["days"])
        assert any(clock["explanation"].endswith("#citizen.1") for clock in read["clocks"])

    async def test_has_a_file_whose_hashes_chain(self, town: Town) -> None:
        number = (await town.complain())["number"]
        await town.events(number, "dispatched")

        page = (await town.get(f"complaints/{number}/events", "auditor", limit=3)).json()
        rest = (await town.get(f"complaints/{number}/events", "auditor", after=page["next"])).json()

        lines = [line["file"] for line in page["items"] + rest["items"]]
        before = [GENESIS, *(line["hash"] for line in lines[:-1])]
        assert [line["previous_hash"] for line in lines] == before

    async def test_names_no_staff_to_the_citizen(self, town: Town) -> None:
        receipt = await town.complain()
        await town.until(receipt["number"], "dispatched")

        event = await town.events(receipt["number"], "registered", receipt["receipt_token"])

        assert event["actor"]["key"] == "channel"
        assert event["file"] is None


class TestLists:
    async def test_narrow_to_what_a_unit_may_see(self, town: Town) -> None:
        number = (await town.complain())["number"]
        order = await town.lead_order(number)

        for caller, sees in (("street", True), ("district", True), ("other unit", False)):
            complaints = (await town.get("complaints", caller, limit=200)).json()["items"]
            orders = (await town.get("orders", caller, limit=200)).json()["items"]
            assert (number in {item["number"] for item in complaints}) is sees
            assert (order in {item["id"] for item in orders}) is sees

    async def test_are_not_for_channels_and_citizens(self, town: Town) -> None:
        receipt = await town.complain()

        for caller in ("channel", receipt["receipt_token"]):
            assert (await town.get("complaints", caller)).status_code == 403

    async def test_come_page_by_page_and_repeat_nothing(self, town: Town) -> None:
        for _ in range(3):
            await town.lead_order((await town.complain())["number"])

        seen: list[str] = []
        cursor: str | None = None
        while True:
            query = {"cursor": cursor} if cursor else {}
            page = (await town.get("complaints", "hotline", limit=2, **query)).json()
            seen += [item["number"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(seen) == len(set(seen))
        assert len(seen) >= 3

    @pytest.mark.parametrize(
        ("path", "query", "field"),
        [
            ("complaints", {"cursor": "nonsense"}, "cursor"),
            ("complaints", {"stage": "lost"}, "stage"),
            ("orders", {"limit": "0"}, "limit"),
            ("orders", {"due_before": "2026-01-01T00:00:00"}, "due_before"),
            ("orders", {"unit": "\x00"}, "unit"),
        ],
    )
    async def test_refuse_a_query_by_field(
        self, cut_off: Town, path: str, query: dict[str, str], field: str
    ) -> None:
        response = await cut_off.get(path, "hotline", **query)

        assert response.status_code == 422
        assert response.json()["field"] == field

    async def test_filter(self, town: Town) -> None:
        number = (await town.complain())["number"]
        await town.lead_order(number)

        query = {"stage": "dispatched", "unit": STREET, "tier": "general", "overdue": False}
        found = (await town.get("complaints", "hotline", limit=200, **query)).json()["items"]
        others = {"limit": 200, "tier": "emergency"}
        none = (await town.get("complaints", "hotline", **others)).json()["items"]

        assert number in {item["number"] for item in found}
        assert number not in {item["number"] for item in none}


class TestRegisters:
    async def test_say_what_a_sender_may_write(self, cut_off: Town) -> None:
        units = (await cut_off.get("units", "channel")).json()["items"]
        categories = (await cut_off.get("categories", "channel")).json()["items"]
        packs = (await cut_off.get("packs", "channel")).json()["items"]
        codes = (await cut_off.get("codes", "channel")).json()

        assert {unit["code"] for unit in units} == {DISTRICT, STREET}
        assert categories[0]["code"] == WASTE
        assert [pack["default"] for pack in packs] == [True, False]
        assert "solved" in codes["words"]["Result"]
        assert codes["acts"]["complete"] == ["unit"]

    async def test_of_an_unknown_pack_are_not_there(self, cut_off: Town) -> None:
        assert (await cut_off.get("units", "channel", pack="atlantis")).status_code == 404


class TestRates:
    async def test_count_a_closed_complaint(self, town: Town) -> None:
        receipt = await town.complain()
        order = await town.lead_order(receipt["number"])
        path = f"complaints/{receipt['number']}/evaluation"
        await town.post(
            f"orders/{order}/completion", "street", {"result": "solved", "answer": "好"}
        )
        answer = {"round": 1, "contacted": "yes", "resolved": "yes", "satisfied": "yes"}
        await town.post(path, receipt["receipt_token"], answer)
        await town.until(receipt["number"], "closed")

        query = {"from": "2020-01-01", "to": "2100-01-01", "group_by": "unit"}
        report = (await town.get("rates", "auditor", **query)).json()

        street = next(group for group in report["groups"] if group["key"] == STREET)
        assert street["reached"] >= 1
        assert street["resolution"]["of_all"] > 0
        assert report["scoring"]["basis"] == "demo"

    async def test_refuse_a_period_that_runs_backwards(self, cut_off: Town) -> None:
        query = {"from": "2026-02-01", "to": "2026-01-01"}
        ancient = {"from": "0001-01-01", "to": "2026-01-01"}

        assert (await cut_off.get("rates", "auditor", **query)).json()["field"] == "to"
        assert (await cut_off.get("rates", "auditor", **ancient)).json()["field"] == "from"

    async def test_are_not_for_channels(self, cut_off: Town) -> None:
        query = {"from": "2026-01-01", "to": "2026-02-01"}

        assert (await cut_off.get("rates", "channel", **query)).status_code == 403


class TestHealth:
    async def test_says_what_answers(self, town: Town, cut_off: Town) -> None:
        up = await cut_off.client.get("/healthz")
        ready = await town.client.get("/readyz")
        halved = await cut_off.client.get("/readyz")

        assert up.json() == {"up": True}
        assert ready.json() == {"ready": True, "database": True, "temporal": True}
        assert halved.status_code == 503
        assert halved.json() == {"ready": False, "database": True, "temporal": False}


async def test_the_api_describes_every_act(cut_off: Town) -> None:
    description = (await cut_off.client.get("/openapi.json")).json()

    body = description["components"]["schemas"]["CompleteBody"]
    assert set(body["required"]) == {"result", "answer"}
    assert "/v1/orders/{order}/completion" in description["paths"]
    assert not any("amend" in path for path in description["paths"])


async def test_answers_are_not_kept_by_caches_and_bear_an_id(cut_off: Town) -> None:
    response = await cut_off.client.get("/healthz")

    assert response.headers["cache-control"] == "no-store"
    assert len(response.headers["x-request-id"]) == 16

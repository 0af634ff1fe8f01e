"""Acts over HTTP: one route each, by whom the act table says, first answers kept."""

import asyncio

import pytest

from api import act_routes
from domain.act_table import ACTS
from domain.vocabulary import Role
from sealing.tokens import evaluation_token
from tests.api.town import STREET, WASTE, Town


class TestAnActOfAUnit:
    async def test_answers_with_the_new_state(self, town: Town) -> None:
        order = await town.lead_order((await town.complain())["number"])

        response = await town.post(f"orders/{order}/sign-off", "street")

        read = response.json()
        assert response.status_code == 200
        assert read["stage"] == "handling"
        assert read["orders"][0]["state"] == "accepted"

    async def test_a_repeat_hears_the_first_answer(self, town: Town) -> None:
        order = await town.lead_order((await town.complain())["number"])
        sent = {"reason": "人手不足"}

        first = await town.post(f"orders/{order}/help", "street", sent, key="help-1")
        second = await town.post(f"orders/{order}/help", "street", sent, key="help-1")
        other = await town.post(f"orders/{order}/help", "street", {"reason": "x"}, key="help-1")

        assert first.json() == second.json()
        assert [o["kind"] for o in first.json()["orders"]].count("help") == 1
        assert other.json()["code"] == "key-reused"

    async def test_one_key_serves_one_order_only(self, town: Town) -> None:
        one = await town.lead_order((await town.complain())["number"])
        other = await town.lead_order((await town.complain())["number"])

        await town.post(f"orders/{one}/sign-off", "street", key="sign")
        response = await town.post(f"orders/{other}/sign-off", "street", key="sign")

        assert response.json()["code"] == "key-reused"

    async def test_ten_repeats_at_once_are_one_act(self, town: Town) -> None:
        order = await town.lead_order((await town.complain())["number"])
        path, body = f"orders/{order}/interim-report", {"text": "已派人"}

        responses = await asyncio.gather(
            *(town.post(path, "street", body, key="ten") for _ in range(10))
        )

        assert {response.status_code for response in responses} == {200}
        assert len({response.text for response in responses}) == 1

    async def test_that_is_unlawful_now_is_409_with_what_is_lawful(self, town: Town) -> None:
        order = await town.lead_order((await town.complain())["number"])
        await town.post(f"orders/{order}/sign-off", "street")

        response = await town.post(f"orders/{order}/sign-off", "street")

        problem = response.json()
        assert response.status_code == 409
        assert (problem["code"], problem["stage"], problem["round"]) == (
            "already-done",
            "handling",
            1,
        )
        acts = {action["act"] for action in problem["allowed_actions"]}
        assert "complete" in acts
        assert "dispatch" not in acts

    async def test_on_an_order_of_another_unit_finds_nothing(self, town: Town) -> None:
        order = await town.lead_order((await town.complain())["number"])

        of_the_district = await town.post(f"orders/{order}/sign-off", "district")
        of_a_stranger = await town.post(f"orders/{order}/sign-off", "other unit")

        assert (of_the_district.status_code, of_a_stranger.status_code) == (404, 404)

    @pytest.mark.parametrize("order", ["1.1.1", "abc", "12345678901244.1.1", "..", "%00.1.1"])
    async def test_on_no_order_at_all_finds_nothing(self, town: Town, order: str) -> None:
        response = await town.post(f"orders/{order}/sign-off", "street")

        assert response.status_code == 404

    async def test_answers_with_words(self, town: Town) -> None:
        order = await town.lead_order((await town.complain())["number"])
        body = {"result": "solved", "answer": " \u200b"}

        response = await town.post(f"orders/{order}/completion", "street", body)

        assert response.status_code == 422
        assert response.json()["field"] == "answer"

    async def test_with_a_field_too_many_is_refused_by_name(self, town: Town) -> None:
        order = await town.lead_order((await town.complain())["number"])
        body = {"result": "solved", "answer": "已处理", "received_at": "2020-01-01T00:00:00Z"}

        response = await town.post(f"orders/{order}/completion", "street", body)

        assert response.status_code == 422
        assert response.json()["field"] == "received_at"


@pytest.mark.parametrize("name", [name for name in ACTS if name != "amend"])
async def test_every_act_is_refused_to_a_role_that_may_not(cut_off: Town, name: str) -> None:
    spec = ACTS[name]
    number = "12345678901244"
    target = f"orders/{number}.1.1" if spec.on_order else f"complaints/{number}"
    body = {
        "classify": {"category": "a"},
        "dispatch": {"lead": "a"},
        "rule": {"subject": "contest", "decision": "upheld"},
        "callback": {"outcome": "answered"},
        "attach": {"reference": "1"},
        "evaluate": {"round": 1},
        "add_facts": {"text": "a"},
        "contest": {"reason": "a"},
        "contact": {"at": "2026-01-01T00:00:00Z", "means": "phone", "reached": True},
        "interim": {"text": "a"},
        "object": {"reason": "a", "proposed_unit": "a", "basis": "a"},
        "extend": {"amount": "1d", "basis": "a", "reason": "a"},
        "suspend": {"cause": "a", "until": "2026-01-01T00:00:00Z", "evidence": "a"},
        "help": {"reason": "a"},
        "co_handle": {"unit": "a", "task": "a"},
        "defer": {
            "reason": "a",
            "measures": "a",
            "review_on": "2026-01-01",
            "citizen_told": {"at": "2026-01-01T00:00:00Z", "means": "phone"},
        },
        "complete": {"result": "solved", "answer": "a"},
    }.get(name)

    response = await cut_off.post(f"{target}/{spec.path}", "auditor", body)

    assert Role.AUDITOR not in spec.roles
    assert response.status_code == 403


class TestBounds:
    async def test_nobody_can_flood_one_complaint(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(act_routes, "MOST_ACTS", 2)
        receipt = await town.complain()
        path = f"complaints/{receipt['number']}/facts"
        sent = [
            await town.post(path, receipt["receipt_token"], {"text": "x"}, key=f"flood-{n}")
            for n in range(3)
        ]

        repeated = await town.post(path, receipt["receipt_token"], {"text": "x"}, key="flood-0")
        other = await town.post(path, "hotline", {"text": "x"})

        assert [response.status_code for response in sent] == [200, 200, 429]
        assert (repeated.status_code, other.status_code) == (200, 200)

    @pytest.mark.parametrize(
        "instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00"]
    )
    async def test_an_instant_off_the_calendar_is_refused(self, town: Town, instant: str) -> None:
        order = await town.lead_order((await town.complain())["number"])
        body = {"at": instant, "means": "phone", "reached": True}

        response = await town.post(f"orders/{order}/contact", "street", body)

        assert response.status_code == 422
        assert response.json()["field"] == "at"


class TestTheCitizen:
    async def test_ends_the_matter_with_the_link_of_the_evaluation(self, town: Town) -> None:
        receipt = await town.complain()
        order = await town.lead_order(receipt["number"])
        await town.post(
            f"orders/{order}/completion", "street", {"result": "solved", "answer": "已停工整改"}
        )
        link = evaluation_token(town.shared.keys, receipt["number"], 1)
        path = f"complaints/{receipt['number']}/evaluation"
        answer = {"contacted": "yes", "resolved": "yes", "satisfied": "very", "comment": "谢谢"}

        response = await town.post(path, link, answer)
        again = await town.post(path, link, answer)

        assert response.status_code == 200, response.text
        assert (response.json()["stage"], response.json()["outcome"]) == ("closed", "resolved")
        assert again.status_code == 409

    async def test_reads_the_answer_with_the_receipt(self, town: Town) -> None:
        receipt = await town.complain()
        order = await town.lead_order(receipt["number"])
        await town.post(
            f"orders/{order}/completion", "street", {"result": "solved", "answer": "已停工整改"}
        )

        await town.until(receipt["number"], "evaluating")
        path = f"complaints/{receipt['number']}"
        own = (await town.get(path, receipt["receipt_token"])).json()
        units = (await town.get(path, "street")).json()

        assert own["orders"][0]["answer"] == "已停工整改"
        assert units["orders"][0]["answer"] is None

    async def test_with_the_receipt_names_the_round(self, town: Town) -> None:
        receipt = await town.complain()
        path = f"complaints/{receipt['number']}/evaluation"

        response = await town.post(path, receipt["receipt_token"], {"resolved": "yes"})

        assert response.json()["field"] == "round"

    async def test_withdraws_and_hears_that_it_is_closed(self, town: Town) -> None:
        receipt = await town.complain()
        await town.lead_order(receipt["number"])
        path = f"complaints/{receipt['number']}/withdrawal"

        response = await town.post(path, receipt["receipt_token"], {"reason": "已解决"})

        assert response.json()["outcome"] == "withdrawn"

    async def test_has_no_way_into_anothers_complaint(self, town: Town) -> None:
        mine, theirs = await town.complain(), await town.complain()
        path = f"complaints/{theirs['number']}"

        read = await town.get(path, mine["receipt_token"])
        act = await town.post(f"{path}/withdrawal", mine["receipt_token"])

        assert (read.status_code, act.status_code) == (404, 404)

    async def test_has_no_use_for_a_receipt_that_was_renewed(self, town: Town) -> None:
        receipt = await town.complain()
        path = f"complaints/{receipt['number']}"

        renewed = await town.post(f"{path}/receipt-token", "hotline", key="renew")
        again = await town.post(f"{path}/receipt-token", "hotline", key="renew")
        old = await town.get(path, receipt["receipt_token"])
        new = await town.get(path, renewed.json()["receipt_token"])

        assert renewed.json() == again.json()
        assert (old.status_code, new.status_code) == (401, 200)

    async def test_adds_facts_that_the_unit_reads(self, town: Town) -> None:
        receipt = await town.complain()
        await town.lead_order(receipt["number"])
        media = [{"url": "https://photos.example/1.jpg", "kind": "photo", "sha256": "a" * 64}]
        path = f"complaints/{receipt['number']}"

        added = await town.post(
            f"{path}/facts", receipt["receipt_token"], {"text": "今晚又来了", "media": media}
        )

        await town.events(receipt["number"], "facts_added")
        matter = (await town.get(f"{path}/matter", "street")).json()
        assert added.status_code == 200, added.text
        assert matter["facts"][0]["text"] == "今晚又来了"
        assert matter["facts"][0]["media"] == media


class TestTheHotline:
    async def test_dispatches_a_complaint_anew(self, town: Town) -> None:
        number = (await town.complain())["number"]
        await town.lead_order(number)

        response = await town.post(f"complaints/{number}/dispatch", "hotline", {"lead": "110105"})

        leads = [o for o in response.json()["orders"] if o["kind"] == "lead"]
        assert [(o["unit"], o["cause"]) for o in leads] == [(STREET, "returned"), ("110105", None)]

    async def test_answers_at_once_and_the_citizen_reads_what(self, town: Town) -> None:
        chosen = {"kind": "answered_at_once", "answer": "请拨 114 查询", "basis": "art-11"}

        receipt = await town.complain("hotline", disposition=chosen)

        await town.until(receipt["number"], "evaluating")
        read = await town.get(f"complaints/{receipt['number']}", receipt["receipt_token"])
        assert read.json()["disposition"] == "answered_at_once"
        assert read.json()["answer"] == "请拨 114 查询"

    async def test_names_the_person_who_acts(self, town: Town) -> None:
        number = (await town.complain())["number"]
        await town.lead_order(number)

        await town.post(
            f"complaints/{number}/classification",
            "hotline",
            {"category": WASTE, "effect": "record"},
            **{"Hotline-Actor": "wang.li"},
        )

        event = await town.events(number, "classification_recorded")
        assert event["actor"]["person"] == "wang.li"

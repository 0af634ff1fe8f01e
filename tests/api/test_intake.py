"""POST /v1/complaints: one submission is one complaint, whatever happens on the way."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from tests.api.town import Town, complaint


class TestAComplaintComesIn:
    async def test_it_is_answered_with_number_token_and_links(self, town: Town) -> None:
        response = await town.post("complaints", "channel", complaint())

        receipt = response.json()
        assert response.status_code == 201
        assert len(receipt["number"]) == 14
        assert receipt["receipt_token"].startswith("r.")
        assert receipt["links"]["self"] == f"/v1/complaints/{receipt['number']}"

    async def test_the_same_key_and_body_hear_the_first_answer_again(self, town: Town) -> None:
        first = await town.post("complaints", "channel", complaint(), key="again")
        second = await town.post("complaints", "channel", complaint(), key="again")

        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json() == second.json()

    async def test_the_same_key_with_another_body_is_refused(self, town: Town) -> None:
        await town.post("complaints", "channel", complaint(), key="reused")
        response = await town.post("complaints", "channel", complaint(text="别的"), key="reused")

        assert response.status_code == 422
        assert response.json()["code"] == "key-reused"

    async def test_the_same_key_of_two_callers_are_two_complaints(self, town: Town) -> None:
        one = await town.post("complaints", "channel", complaint(), key="mine")
        other = await town.post("complaints", "other channel", complaint(), key="mine")

        assert one.json()["number"] != other.json()["number"]

    async def test_twenty_identical_posts_at_once_are_one_complaint(self, town: Town) -> None:
        posts = [town.post("complaints", "channel", complaint(), key="twenty") for _ in range(20)]
        responses = await asyncio.gather(*posts)

        statuses = sorted(response.status_code for response in responses)
        assert statuses.count(201) == 1
        assert set(statuses) <= {200, 201, 202}
        assert len({response.json()["number"] for response in responses}) == 1
        assert len({response.json()["receipt_token"] for response in responses}) == 1

    async def test_twenty_posts_of_one_external_id_are_one_complaint(self, town: Town) -> None:
        body = complaint(external_id="app-77", channel="mini-programme")
        posts = [town.post("complaints", "channel", body) for _ in range(20)]
        responses = await asyncio.gather(*posts)

        assert [response.status_code for response in responses].count(201) == 1
        assert len({response.json()["number"] for response in responses}) == 1

    async def test_the_external_id_of_another_key_hands_out_no_receipt(self, town: Town) -> None:
        body = complaint(external_id="app-78", channel="mini-programme")
        receipt = (await town.post("complaints", "channel", body)).json()

        response = await town.post("complaints", "phone", body | {"text": "另一件事：路灯坏了"})

        assert (response.status_code, response.json()["field"]) == (409, "external_id")
        assert receipt["number"] not in response.text
        assert receipt["receipt_token"] not in response.text

    async def test_the_same_external_id_of_another_channel_is_another(self, town: Town) -> None:
        one = await town.complain(external_id="7", channel="web")
        other = await town.complain(external_id="7", channel="letter")

        assert one["number"] != other["number"]

    async def test_what_follows_an_earlier_complaint_names_one_that_exists(
        self, town: Town
    ) -> None:
        earlier = await town.complain()

        later = await town.complain(follows=earlier["number"])
        stray = await town.post("complaints", "channel", complaint(follows="123"))

        read = await town.until(later["number"], "dispatched")
        assert read["follows"] == earlier["number"]
        assert stray.json()["field"] == "follows"


class TestWithoutTheEngine:
    async def test_it_is_journaled_and_answered_202(self, cut_off: Town) -> None:
        response = await cut_off.post("complaints", "channel", complaint())

        receipt = response.json()
        read = await cut_off.get(f"complaints/{receipt['number']}", receipt["receipt_token"])
        assert response.status_code == 202
        assert read.json()["stage"] == "registered"

    async def test_a_repeat_is_202_with_the_same_number_and_token(self, cut_off: Town) -> None:
        first = await cut_off.post("complaints", "channel", complaint(), key="down")
        second = await cut_off.post("complaints", "channel", complaint(), key="down")

        assert (first.status_code, second.status_code) == (202, 202)
        assert first.json() == second.json()

    async def test_acts_wait_behind_it_and_are_202_too(self, cut_off: Town) -> None:
        receipt = (await cut_off.post("complaints", "channel", complaint())).json()
        path = f"complaints/{receipt['number']}/withdrawal"

        response = await cut_off.post(path, receipt["receipt_token"], {"reason": "搬走了"})

        assert response.status_code == 202
        assert response.json()["pending"] is True


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown field": ({"colour": "red"}, "colour"),
    "an unknown demand": ({"demand": "praise"}, "demand"),
    "no words": ({"text": "  "}, "text"),
    "only what nobody sees": ({"text": "\u200b\ufeff\x07"}, "text"),
    "too many words": ({"text": "长" * 8001}, "text"),
    "a latitude off the globe": ({"place": {"lat": 91, "lon": 0}}, "place.lat"),
    "half a point": ({"place": {"lat": 39.9}}, "place"),
    "a district that is none": ({"place": {"district": "火星区"}}, "place.district"),
    "a telephone of letters": (
        {"complainant": {"kind": "person", "phone": "call me"}},
        "complainant.phone",
    ),
    "an address without a host": (
        {"complainant": {"kind": "person", "email": "someone"}},
        "complainant.email",
    ),
    "an unknown category": ({"category": "no.such"}, "category"),
    "media that is not referred to": (
        {"media": [{"url": "ftp://x", "kind": "photo", "sha256": "0" * 64}]},
        "media.0.url",
    ),
}


class TestAMalformedComplaint:
    @pytest.mark.parametrize("case", REFUSED)
    async def test_is_refused_by_field_and_rule_and_never_echoed(
        self, cut_off: Town, case: str
    ) -> None:
        changes, field = REFUSED[case]

        response = await cut_off.post("complaints", "channel", complaint(**changes))

        problem = response.json()
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
        assert problem["field"] == field
        assert problem["rule"]
        assert "13800138000" not in response.text
        assert "call me" not in response.text

    async def test_without_an_idempotency_key_is_refused(self, cut_off: Town) -> None:
        secret = cut_off.secrets["channel"]
        headers = {"Authorization": f"Bearer {secret}"}

        response = await cut_off.client.post("/v1/complaints", json=complaint(), headers=headers)

        assert response.status_code == 422
        assert response.json()["field"] == "Idempotency-Key"

    async def test_that_is_longer_than_any_lawful_one_is_413(self, cut_off: Town) -> None:
        response = await cut_off.post("complaints", "channel", complaint(text="长" * 300_000))

        assert response.status_code == 413
        assert response.json()["code"] == "too-large"

    @pytest.mark.parametrize(
        "content",
        [b"{", b'{"a": 1}}', b'{"a": "\xff"}', b"[" * 100_000],
        ids=["half of it", "too much of it", "other bytes", "nested brackets"],
    )
    async def test_that_is_no_json_is_refused_as_a_body(
        self, cut_off: Town, content: bytes
    ) -> None:
        headers = {"Authorization": f"Bearer {cut_off.secrets['channel']}", "Idempotency-Key": "n"}

        response = await cut_off.client.post(
            "/v1/complaints",
            content=content,
            headers={**headers, "Content-Type": "application/json"},
        )

        assert response.status_code == 422
        assert response.json()["field"] == "body"
        assert "JSON" in response.json()["rule"]


class TestWhoMayOpenAComplaint:
    async def test_a_unit_may_not(self, cut_off: Town) -> None:
        response = await cut_off.post("complaints", "street", complaint())

        assert response.status_code == 403

    async def test_only_the_hotline_chooses_a_disposition(self, cut_off: Town) -> None:
        chosen = {"kind": "answered_at_once", "answer": "请拨 114", "basis": "art-11"}

        response = await cut_off.post("complaints", "channel", complaint(disposition=chosen))

        assert response.status_code == 403

    async def test_a_pack_is_for_keys_that_name_it(self, cut_off: Town) -> None:
        body = complaint(pack="demo-fast", category=None, place={})

        refused = await cut_off.post("complaints", "channel", body)
        taken = await cut_off.post("complaints", "hotline", body)

        assert (refused.status_code, taken.status_code) == (403, 202)


class TestNoPlainWordsAreKept:
    async def test_neither_in_the_journal_nor_in_the_vault(self, cut_off: Town) -> None:
        body = complaint(external_id="13911112222", summary="垃圾成堆")
        receipt = (await cut_off.post("complaints", "hotline", body)).json()

        async with cut_off.shared.database.transaction() as session:
            rows = await session.execute(
                text(
                    "SELECT j::text || v::text FROM journal j JOIN vault.data_keys v USING (number)"
                    " WHERE number = :number"
                ),
                {"number": receipt["number"]},
            )
        kept = rows.scalar_one()
        for plain in ("无人清运", "楼下垃圾", "建国路", "张小明", "13800138000", "13911112222"):
            assert plain not in kept
            assert plain.encode("unicode-escape").decode() not in kept

    async def test_of_an_anonymous_person_no_contact_is_kept(self, town: Town) -> None:
        person = {"kind": "person", "phone": "13800138000", "anonymous": True}
        receipt = await town.complain(complainant=person)

        read = await town.get(f"complaints/{receipt['number']}/person", "hotline")

        assert read.json()["phone"] is None
        assert read.json()["anonymous"] is True

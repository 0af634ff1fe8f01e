"""A repeat with no new facts is no new order: it is attached, and its person hears how it goes."""

import asyncio
import copy
from typing import Any

import pytest
from sqlalchemy import text

from api import repeats
from storage.rebuild import rebuild
from storage.verify import known_numbers
from tests.api.repeating import ATTACHED, attached, repeats_of, send
from tests.api.test_relay import deliver as bring
from tests.api.town import WATER, Town, matter

PHOTO = {"url": "https://photos.example/1.jpg", "kind": "photo", "sha256": "0" * 64}


class TestARepeatOfTheSamePerson:
    async def test_is_attached_and_a_channel_that_vouches_hears_how_it_goes(
        self, attentive: Town
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await attentive.until(first["number"], "dispatched")

        response = await send(attentive, body | {"channel": "phone"}, "phone")

        assert response.status_code == 200
        assert response.json() == first | ATTACHED | {"stage": "dispatched"}
        await attached(attentive, first["number"], 1)

    @pytest.mark.parametrize("stranger", ["channel", "other channel", "hotline"])
    async def test_tells_who_only_knows_the_telephone_number_nothing_but_that(
        self, attentive: Town, stranger: str
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()

        response = await send(attentive, body, stranger)

        assert (response.status_code, response.json()) == (200, ATTACHED)
        assert first["number"] not in response.text + str(response.headers)
        await attached(attentive, first["number"], 1)

    async def test_is_told_to_the_receipt_token_of_that_complaint(self, attentive: Town) -> None:
        body = matter()
        first = (await send(attentive, body)).json()

        response = await send(attentive, body | {"receipt_token": first["receipt_token"]})

        assert response.json()["number"] == first["number"]
        assert response.json()["receipt_token"] == first["receipt_token"]

    async def test_is_not_told_to_the_token_of_another_complaint(self, attentive: Town) -> None:
        body = matter()
        first, other = (
            (await send(attentive, body)).json(),
            (await send(attentive, matter())).json(),
        )
        forged = first["receipt_token"][:-1] + "AB"[first["receipt_token"][-1] == "A"]

        for token in (other["receipt_token"], forged, "r..", "~"):
            response = await send(attentive, body | {"receipt_token": token})
            assert (response.status_code, response.json()) == (200, ATTACHED)

    async def test_in_fewer_words_is_one_too(self, attentive: Town) -> None:
        body = matter()
        await send(attentive, body)

        shorter = body | {"title": None, "text": body["text"].removesuffix("，请尽快处理。")}
        response = await send(attentive, shorter)

        assert response.json() == ATTACHED

    async def test_shows_nothing_new_with_the_same_picture(self, attentive: Town) -> None:
        body = matter(media=[PHOTO])
        await send(attentive, body)

        again = await send(attentive, body)
        fewer = await send(attentive, body | {"media": None})

        assert [again.json(), fewer.json()] == [ATTACHED] * 2

    async def test_is_a_complaint_where_nobody_can_open_the_first(self, attentive: Town) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        async with attentive.shared.database.transaction() as session:
            await session.execute(
                text("UPDATE vault.data_keys SET master_key_id = 'lost' WHERE number = :number"),
                {"number": first["number"]},
            )

        assert (await send(attentive, body)).status_code == 201

    async def test_is_counted_and_told_to_the_open_order_once(self, attentive: Town) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await attentive.lead_order(first["number"])

        again = [await send(attentive, body, key=f"once-{first['number']}") for _ in range(3)]

        assert [response.json() for response in again] == [ATTACHED] * 3
        await attached(attentive, first["number"], 1)
        async with attentive.shared.database.transaction() as session:
            told = await session.scalar(
                text("SELECT count(*) FROM notices WHERE number = :number AND kind = 'attached'"),
                {"number": first["number"]},
            )
        assert told == 1

    async def test_makes_no_order_and_no_second_workflow(self, attentive: Town) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await attentive.lead_order(first["number"])

        await send(attentive, body)

        read = await attached(attentive, first["number"], 1)
        assert len(read["orders"]) == 1
        (repeat,) = await repeats_of(attentive, first["number"])
        async with attentive.shared.database.transaction() as session:
            kept = await session.scalars(text("SELECT number FROM vault.sketches"))
            assert repeat not in set(kept)
            assert repeat not in await known_numbers(session)
            assert (await rebuild(session, repeat, None, check=True)).differences == ()

    async def test_twenty_at_once_are_one_complaint_and_nineteen_repeats(
        self, attentive: Town
    ) -> None:
        body = matter()

        responses = await asyncio.gather(*(send(attentive, body, "phone") for _ in range(20)))

        opened = [one for one in responses if "attached" not in one.json()]
        assert len(opened) == 1
        number = opened[0].json()["number"]
        assert {one.json()["number"] for one in responses} == {number}
        await bring(attentive, number)
        for repeat in await repeats_of(attentive, number):
            await bring(attentive, repeat)
        await attached(attentive, number, 19)

    async def test_is_not_sent_a_thousand_times(
        self, attentive: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(repeats, "MOST_REPEATS", 2)
        body = matter()
        first = (await send(attentive, body)).json()

        statuses = [(await send(attentive, body)).status_code for _ in range(3)]

        assert statuses == [200, 200, 429]
        assert len(await repeats_of(attentive, first["number"])) == 2


NEW: dict[str, dict[str, Any]] = {
    "a photograph": {"media": [PHOTO]},
    "more words": {"text": "隔壁还有人往绿地里倒旧家具和落叶，占了大家门前的停车位。"},
    "another address": {"address": "光华路乙九号"},
    "a point that was not known": {"lat": 39.9, "lon": 116.4},
    "another category": {"category": WATER},
    "another demand": {"demand": "help"},
    "a wish for confidence": {"confidential": True},
}

WITHIN = {"address": "place", "lat": "place", "lon": "place", "confidential": "complainant"}


class TestWithNewFacts:
    @pytest.mark.parametrize("fact", NEW)
    async def test_it_is_a_complaint_of_its_own(self, attentive: Town, fact: str) -> None:
        body = matter()
        await send(attentive, body)
        again = copy.deepcopy(body)
        for field, value in NEW[fact].items():
            where = again[WITHIN[field]] if field in WITHIN else again
            where[field] = again["text"] + value if field == "text" else value

        response = await send(attentive, again)

        assert response.status_code == 201
        assert "attached" not in response.json()

    async def test_a_new_photograph_makes_it_a_complaint_that_is_linked(
        self, attentive: Town
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()

        second = (await send(attentive, body | {"media": [PHOTO]})).json()

        read = await attentive.until(second["number"], "dispatched")
        assert [one["number"] for one in read["related"]] == [first["number"]]
        assert read["follows"] is None
        assert (await attentive.until(first["number"], "dispatched"))["attached"] == 0

    async def test_another_house_in_the_same_words_is_another_place(self, attentive: Town) -> None:
        body = matter()
        one = body | {"text": f"3号楼{body['text']}"}
        await send(attentive, one)

        there = await send(attentive, body | {"text": f"5号楼{body['text']}"})
        here = await send(attentive, one)

        assert (there.status_code, here.status_code) == (201, 200)

    async def test_danger_in_few_words_among_many_is_no_repeat(self, attentive: Town) -> None:
        body = matter()
        long = body | {
            "text": "".join(f"{body['text']}昨天{day}号又没有人来。" for day in range(1, 9))
        }
        await send(attentive, long)

        smoulders = await send(attentive, long | {"text": long["text"] + "现在着火了！"})
        same = await send(attentive, long | {"text": long["text"] + "现在仍旧啊！"})

        assert (smoulders.status_code, same.status_code) == (201, 200)

    async def test_what_follows_another_complaint_is_no_repeat(self, attentive: Town) -> None:
        body = matter()
        first = (await send(attentive, body)).json()

        response = await send(attentive, body | {"follows": first["number"]})

        assert response.status_code == 201


class TestWhoIsNobodysRepeat:
    async def test_somebody_else_is_not(self, attentive: Town) -> None:
        body = matter()
        await send(attentive, body)

        response = await send(attentive, body | {"complainant": matter()["complainant"]}, "phone")

        assert response.status_code == 201

    async def test_an_anonymous_person_is_not(self, attentive: Town) -> None:
        body = matter()
        body["complainant"] |= {"anonymous": True}

        statuses = [(await send(attentive, body)).status_code for _ in range(2)]

        assert statuses == [201, 201]

    async def test_after_the_days_of_the_rule_pack_it_is_new(self, attentive: Town) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        async with attentive.shared.database.transaction() as session:
            await session.execute(
                text(
                    "UPDATE vault.sketches SET received_at = received_at - interval '91 days'"
                    " WHERE number = :number"
                ),
                {"number": first["number"]},
            )

        assert (await send(attentive, body)).status_code == 201

    async def test_a_rule_pack_without_the_rule_attaches_nothing(self, town: Town) -> None:
        body = matter()

        statuses = [(await send(town, body)).status_code for _ in range(2)]

        assert statuses == [201, 201]

    async def test_after_the_end_it_is_a_complaint(self, attentive: Town) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        path = f"complaints/{first['number']}/withdrawal"
        await attentive.post(path, first["receipt_token"])
        await attentive.until(first["number"], "closed")

        assert (await send(attentive, body)).status_code == 201

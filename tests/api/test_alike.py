"""A preview says how many open complaints are likely about the same matter, and to whom which."""

from typing import Any

import pytest

from domain.vocabulary import Stage
from tests.api.town import DISTRICT, STREET, Town, matter

TAKEN = ("demand", "title", "text", "place", "category")


async def alike(town: Town, body: dict[str, Any], as_: str) -> Any:
    asked = {name: body[name] for name in TAKEN}
    response = await town.post("classification/preview", as_, asked)
    assert response.status_code == 200, response.text
    return response.json()["alike"]


async def opened(town: Town, body: dict[str, Any]) -> str:
    """A complaint of these words, as its dispatch left it."""
    number: str = (await town.complain(**body))["number"]
    await town.until(number, "dispatched")
    return number


async def test_the_hotline_sees_which_are_alike_how_much_and_where_they_stand(
    attentive: Town,
) -> None:
    body = matter()
    number = await opened(attentive, body)

    told = await alike(attentive, body, "hotline")

    (line,) = told["complaints"]
    assert told["count"] == 1
    assert line == {"number": number, "likeness": 1.0, "stage": "dispatched", "unit": STREET}


@pytest.mark.parametrize("channel", ["channel", "other channel"])
async def test_a_channel_sees_how_many_are_alike_and_not_which(
    attentive: Town, channel: str
) -> None:
    body = matter()
    await opened(attentive, body)

    assert await alike(attentive, body, channel) == {"count": 1, "complaints": None}


async def test_a_channel_that_vouches_for_its_persons_sees_which(attentive: Town) -> None:
    body = matter()
    number = await opened(attentive, body)

    told = await alike(attentive, body, "phone")

    assert [line["number"] for line in told["complaints"]] == [number]


async def test_of_a_confidential_one_only_the_hotline_hears_which_it_is(attentive: Town) -> None:
    person = {"kind": "person", "phone": "13800138000", "confidential": True}
    body = matter(complainant=person)
    number = await opened(attentive, body)

    assert await alike(attentive, body, "phone") == {"count": 1, "complaints": []}
    told = await alike(attentive, body, "hotline")
    assert [line["number"] for line in told["complaints"]] == [number]


async def test_what_the_engine_has_not_taken_yet_is_told_to_the_hotline_alone(
    attentive_cut_off: Town,
) -> None:
    body = matter()
    number = (await attentive_cut_off.post("complaints", "channel", body)).json()["number"]

    (line,) = (await alike(attentive_cut_off, body, "hotline"))["complaints"]

    assert (line["number"], line["stage"], line["unit"]) == (number, Stage.REGISTERED, None)
    assert (await alike(attentive_cut_off, body, "phone"))["complaints"] == []


async def test_another_matter_is_like_none_of_them(attentive: Town) -> None:
    await opened(attentive, matter())

    assert await alike(attentive, matter(), "hotline") == {"count": 0, "complaints": []}


async def test_what_was_only_previewed_is_like_nothing(attentive_cut_off: Town) -> None:
    body = matter()
    await alike(attentive_cut_off, body, "channel")

    assert (await alike(attentive_cut_off, body, "channel"))["count"] == 0


async def test_what_is_previewed_is_what_intake_links(attentive: Town) -> None:
    body = matter(place={"address": "建外街道", "lat": 39.9219, "lon": 116.4430})
    for person in range(3):
        phone = f"1370000000{person}"
        await opened(attentive, body | {"complainant": {"kind": "person", "phone": phone}})
    mine = body | {
        "title": None,
        "complainant": {"kind": "person", "phone": "13700000009"},
    }

    told = await alike(attentive, mine, "hotline")
    number = (await attentive.complain(**mine))["number"]

    linked = (await attentive.get(f"complaints/{number}", "hotline")).json()["related"]
    likeness = {line["number"]: line["likeness"] for line in told["complaints"]}
    assert len(likeness) == 3
    assert {line["number"]: line["likeness"] for line in linked} == likeness


async def test_the_same_words_of_a_place_far_away_are_not_alike(attentive_cut_off: Town) -> None:
    here = {"district": DISTRICT, "lat": 39.9219, "lon": 116.4430}
    body = matter(place=here)
    await attentive_cut_off.post("complaints", "channel", body)
    far = body | {"place": here | {"lat": 39.98}}

    counts = [(await alike(attentive_cut_off, at, "channel"))["count"] for at in (body, far)]

    assert counts == [1, 0]


async def test_a_rule_pack_without_the_rule_compares_nothing(cut_off: Town) -> None:
    assert await alike(cut_off, matter(), "hotline") is None

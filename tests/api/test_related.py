"""Different people, one matter: found at the door, and shown together to those who may see both."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from storage import journal
from tests.api.town import DISTRICT, OTHER_DISTRICT, STREET, Town, matter

STAFF = ("hotline", "supervisor", "auditor", "operator")
NORTH = {"lat": 39.95, "lon": 116.44}
SOUTH = {"lat": 39.85, "lon": 116.44}


def somebody() -> dict[str, Any]:
    person: dict[str, Any] = matter()["complainant"]
    return person


async def related(town: Town, number: str, as_: str = "hotline") -> list[str] | None:
    read = (await town.get(f"complaints/{number}", as_)).json()
    found = read["related"]
    return None if found is None else [line["number"] for line in found]


async def two(
    town: Town, body: dict[str, Any] | None = None, **of_the_second: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The receipts of two people about one matter; `of_the_second` replaces the second's fields."""
    body = body or matter()
    first = (await town.post("complaints", "channel", body)).json()
    other = body | {"complainant": somebody()} | of_the_second
    second = (await town.post("complaints", "other channel", other)).json()
    for one in (first, second):
        await town.lead_order(one["number"])
    return first, second


async def test_two_people_about_one_matter_are_shown_together_to_the_staff(
    attentive: Town,
) -> None:
    first, second = await two(attentive)

    for one, other in ((first, second), (second, first)):
        for staff in STAFF:
            read = (await attentive.get(f"complaints/{one['number']}", staff)).json()
            (line,) = read["related"]
            assert line["number"] == other["number"]
            assert line["likeness"] == pytest.approx(1)
            assert (line["stage"], line["unit"]) == ("dispatched", STREET)


async def test_neither_person_nor_their_channel_hears_of_the_other(attentive: Town) -> None:
    first, second = await two(attentive)

    for one, channel in ((first, "channel"), (second, "other channel")):
        for as_ in (channel, one["receipt_token"]):
            assert await related(attentive, one["number"], as_) is None
    listed = await attentive.get("complaints", "channel", related_to=first["number"])
    assert listed.status_code == 403


async def test_one_that_lists_asks_for_those_related_to_it(attentive: Town) -> None:
    first, second = await two(attentive)
    await two(attentive)

    complaints = await attentive.get("complaints", "hotline", related_to=first["number"])
    orders = await attentive.get("orders", "street", related_to=first["number"])

    assert [one["number"] for one in complaints.json()["items"]] == [second["number"]]
    assert [one["number"] for one in orders.json()["items"]] == [second["number"]]


async def test_nothing_is_related_to_what_the_caller_may_not_see(attentive: Town) -> None:
    first, _ = await two(attentive)

    listed = await attentive.get("complaints", "other unit", related_to=first["number"])
    nonsense = await attentive.get("complaints", "hotline", related_to="1")

    assert (listed.status_code, nonsense.status_code) == (404, 404)


async def test_a_unit_sees_only_those_of_which_it_has_an_order(attentive: Town) -> None:
    mine, theirs = await two(attentive, place={"district": DISTRICT})

    assert await related(attentive, mine["number"], "street") == []
    assert await related(attentive, theirs["number"], "district") == [mine["number"]]
    listed = await attentive.get("complaints", "street", related_to=mine["number"])
    assert listed.json()["items"] == []


async def test_a_unit_never_hears_what_a_confidential_complaint_is_like(attentive: Town) -> None:
    open_, secret = await two(attentive, complainant=somebody() | {"confidential": True})

    for one, other in ((open_, secret), (secret, open_)):
        assert await related(attentive, one["number"], "street") == []
        assert await related(attentive, one["number"], "hotline") == [other["number"]]
        listed = await attentive.get("complaints", "street", related_to=one["number"])
        assert listed.json()["items"] == []


async def test_ten_people_at_once_are_all_shown_together(attentive: Town) -> None:
    body = matter()
    sent = [body | {"complainant": somebody()} for _ in range(10)]

    receipts = await asyncio.gather(*(attentive.post("complaints", "channel", one) for one in sent))

    numbers = {one.json()["number"] for one in receipts}
    assert len(numbers) == 10
    for number in numbers:
        assert set(await related(attentive, number) or ()) == numbers - {number}


@pytest.mark.parametrize(
    "elsewhere",
    [{"place": {"district": OTHER_DISTRICT}}, {"place": {"district": DISTRICT, **SOUTH}}],
    ids=["another district", "far away"],
)
async def test_the_same_words_about_another_place_are_another_matter(
    attentive: Town, elsewhere: dict[str, Any]
) -> None:
    body = matter(place={"district": DISTRICT, **NORTH})
    first = (await attentive.post("complaints", "channel", body)).json()

    other = body | {"complainant": somebody()} | elsewhere
    second = (await attentive.post("complaints", "channel", other)).json()

    assert await related(attentive, second["number"]) == []
    assert await related(attentive, first["number"]) == []


async def test_a_repeat_is_shown_beside_nothing_whether_attached_or_still_on_its_way(
    attentive: Town, attentive_cut_off: Town
) -> None:
    body = matter()
    first = (await attentive.post("complaints", "channel", body)).json()
    await attentive.post("complaints", "channel", body)
    await attentive_cut_off.post("complaints", "channel", body)

    other = body | {"complainant": somebody()}
    second = (await attentive.post("complaints", "channel", other)).json()

    assert await related(attentive, second["number"]) == [first["number"]]
    assert await related(attentive, first["number"]) == [second["number"]]
    async with attentive.shared.database.transaction() as session:
        attached, on_its_way = await journal.repeats_of(session, first["number"])
        kept = await session.scalars(text("SELECT number || other FROM likenesses"))
        pairs = " ".join(kept)
    assert (attached.state, on_its_way.state) == ("delivered", "pending")
    assert attached.number not in pairs
    assert on_its_way.number in pairs


async def test_one_that_is_closed_stays_beside_what_came_after_it_and_is_found_no_more(
    attentive: Town,
) -> None:
    body = matter()
    first, second = await two(attentive, body)
    await attentive.post(f"complaints/{first['number']}/withdrawal", first["receipt_token"])
    await attentive.until(first["number"], "closed")

    third = body | {"complainant": somebody()}
    later = (await attentive.post("complaints", "channel", third)).json()

    read = (await attentive.get(f"complaints/{second['number']}", "hotline")).json()
    stages = {line["number"]: line["stage"] for line in read["related"]}
    assert stages[first["number"]] == "closed"
    assert later["number"] in stages
    assert await related(attentive, later["number"]) == [second["number"]]

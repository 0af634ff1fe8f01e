"""GET /v1/catalogue/accuracy: what units' objections and staff's corrections teach."""

from typing import Any

import pytest

from tests.api.town import DISTRICT, PACK, STREET, VENDORS, WATER, Town

OBJECTION = {"reason": "not_my_duty", "proposed_unit": DISTRICT, "basis": "catalogue"}
WORDS = {
    "title": "流动摊贩占道经营",
    "text": "路口每天傍晚有流动摊贩占道经营，摆摊的很多，行人无法通行。",
}
COUNTS = ("by_catalogue", "by_hand", "objections", "upheld", "rejected", "moved")


async def accuracy(town: Town, **query: Any) -> dict[str, Any]:
    response = await town.get("catalogue/accuracy", "auditor", limit=1000, **query)
    assert response.status_code == 200, response.text
    report: dict[str, Any] = response.json()
    return report


async def vendors(town: Town) -> dict[str, int]:
    """The counts of one entry, and how many of what was taken away each unit has now."""
    found = [e for e in (await accuracy(town, pack=PACK))["entries"] if e["category"] == VENDORS]
    entry = found[0] if found else {"taken_by": []}
    taken = {line["unit"]: line["dispatches"] for line in entry["taken_by"]}
    return {name: entry.get(name, 0) for name in COUNTS} | taken


def gained(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: n - before.get(name, 0) for name, n in after.items() if n != before.get(name, 0)}


async def objected(town: Town) -> str:
    """A complaint whose street says that it is not its duty."""
    number: str = (await town.complain(category=VENDORS))["number"]
    order = await town.lead_order(number)
    response = await town.post(f"orders/{order}/objection", "street", OBJECTION)
    assert response.status_code == 200, response.text
    return number


async def ruled(town: Town, number: str, decision: str) -> None:
    body = {"subject": "objection", "decision": decision}
    response = await town.post(f"complaints/{number}/ruling", "hotline", body)
    assert response.status_code == 200, response.text
    await town.events(number, "ruled")


async def test_an_upheld_objection_counts_against_its_entry_with_the_unit_that_took_it(
    town: Town,
) -> None:
    before = await vendors(town)

    await ruled(town, await objected(town), "upheld")

    counted = gained(before, await vendors(town))
    assert counted == {"by_catalogue": 1, "objections": 1, "upheld": 1, DISTRICT: 1}


async def test_a_rejected_objection_counts_for_the_catalogue(town: Town) -> None:
    before = await vendors(town)

    await ruled(town, await objected(town), "rejected")

    assert gained(before, await vendors(town)) == {
        "by_catalogue": 1,
        "objections": 1,
        "rejected": 1,
    }


async def test_an_order_that_a_person_moves_counts_against_the_catalogue_too(town: Town) -> None:
    before = await vendors(town)
    number = (await town.complain(category=VENDORS))["number"]
    await town.lead_order(number)

    await town.post(f"complaints/{number}/dispatch", "hotline", {"lead": DISTRICT})
    await town.events(number, "order_ended")

    counted = gained(before, await vendors(town))
    assert counted == {"by_catalogue": 1, "by_hand": 1, "moved": 1, DISTRICT: 1}


async def test_a_correction_counts_against_the_guess_with_what_staff_decided(town: Town) -> None:
    async def guessed() -> dict[str, int]:
        report = await accuracy(town, pack=PACK)
        found = [guess for guess in report["guesses"] if guess["category"] == VENDORS]
        guess = found[0] if found else {"corrected_to": []}
        to = {line["category"]: line["complaints"] for line in guess["corrected_to"]}
        return {name: guess.get(name, 0) for name in ("guessed", "sure", "corrected")} | to

    before = await guessed()
    number = (await town.complain(category=None, **WORDS))["number"]
    await town.until(number, "dispatched")
    decision = {"category": WATER, "effect": "record"}

    await town.post(f"complaints/{number}/classification", "hotline", decision)
    await town.events(number, "classification_recorded")

    counted = gained(before, await guessed())
    assert counted == {"guessed": 1, "sure": 1, "corrected": 1, WATER: 1}


async def test_what_went_to_the_hotlines_own_desk_counts_for_no_entry(town: Town) -> None:
    before = await vendors(town)
    desk = sum(line["dispatches"] for line in (await accuracy(town, pack=PACK))["desk"])
    number = (await town.complain(category=VENDORS, place={}))["number"]
    await town.lead_order(number)
    await town.events(number, "dispatched")

    await town.post(f"complaints/{number}/dispatch", "hotline", {"lead": STREET})
    await town.events(number, "order_ended")

    report = await accuracy(town, pack=PACK)
    assert sum(line["dispatches"] for line in report["desk"]) == desk + 1
    assert STREET in {line["unit"] for line in report["desk"][0]["taken_by"]}
    assert gained(before, await vendors(town)) == {"by_hand": 1}


async def test_a_period_before_the_dispatch_holds_nothing(town: Town) -> None:
    await ruled(town, await objected(town), "upheld")

    report = await accuracy(town, since="2020-01-01", until="2020-02-01")

    assert (report["entries"], report["desk"], report["guesses"]) == ([], [], [])
    assert report["period"]["since"] == "2019-12-31T16:00:00Z"  # midnight in Beijing


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "2026-02-01", "until": "2026-01-01"}, "until"),
        ({"until": "0001-01-02"}, "until"),
        ({"since": "0001-01-01", "until": "2026-01-01"}, "since"),
        ({"since": "yesterday"}, "since"),
        ({"until": "9999-12-31T23:59:59-14:00"}, "until"),
        ({"limit": "0"}, "limit"),
        ({"pack": "\x00"}, "pack"),
    ],
)
async def test_a_query_is_refused_by_field(
    cut_off: Town, query: dict[str, str], field: str
) -> None:
    response = await cut_off.get("catalogue/accuracy", "hotline", **query)

    assert response.status_code == 422
    assert response.json()["field"] == field


@pytest.mark.parametrize("caller", ["channel", "street"])
async def test_it_is_not_for_channels_and_units(cut_off: Town, caller: str) -> None:
    assert (await cut_off.get("catalogue/accuracy", caller)).status_code == 403

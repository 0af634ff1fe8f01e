"""Who may read words and persons; and that every read is on record."""

import pytest

from sealing.vault import Vault
from tests.api.town import Town, complaint


async def test_the_hotline_reads_all_that_was_sent(town: Town) -> None:
    place = complaint()["place"] | {"lat": 39.9075, "lon": 116.45}
    media = [{"url": "https://photos.example/1.jpg", "kind": "photo", "sha256": "a" * 64}]
    number = (await town.complain(place=place, media=media))["number"]

    matter = (await town.get(f"complaints/{number}/matter", "hotline")).json()
    person = (await town.get(f"complaints/{number}/person", "hotline")).json()

    assert matter["text"] == complaint()["text"]
    assert matter["address"] == place["address"]
    assert (matter["lat"], matter["lon"]) == (39.9075, 116.45)
    assert matter["media"] == media
    assert (person["name"], person["phone"]) == ("张小明", "13800138000")


async def test_text_comes_back_as_it_went_in(town: Town) -> None:
    text = "  第一行\r\n第二行\t\x00 🚧 e\u0301 <b>&amp;</b>  "
    number = (await town.complain(text=text))["number"]

    matter = (await town.get(f"complaints/{number}/matter", "hotline")).json()

    assert matter["text"] == text


async def test_a_unit_reads_while_its_order_is_open_and_no_longer(town: Town) -> None:
    number = (await town.complain())["number"]
    order = await town.lead_order(number)
    path = f"complaints/{number}/person"

    before = await town.get(path, "street", reason="call back")
    await town.post(f"orders/{order}/completion", "street", {"result": "solved", "answer": "好"})
    await town.until(number, "evaluating")
    after = await town.get(path, "street")

    assert (before.status_code, after.status_code) == (200, 403)


async def test_the_district_sees_its_copy_and_no_person(town: Town) -> None:
    number = (await town.complain())["number"]
    await town.lead_order(number)

    assert (await town.get(f"complaints/{number}/matter", "district")).status_code == 403


async def test_of_a_confidential_complaint_a_unit_sees_summary_and_place(town: Town) -> None:
    person = complaint()["complainant"] | {"confidential": True}
    number = (await town.complain("hotline", complainant=person, summary="垃圾未清运"))["number"]
    await town.lead_order(number)

    matter = await town.get(f"complaints/{number}/matter", "street")
    contact = await town.get(f"complaints/{number}/person", "street")

    assert matter.json()["summary"] == "垃圾未清运"
    assert matter.json()["address"] == "建国路甲一号"
    assert matter.json()["text"] is None
    assert matter.json()["title"] is None
    assert contact.status_code == 403


async def test_every_read_is_listed_for_the_auditor_and_the_citizen(town: Town) -> None:
    receipt = await town.complain()
    path = f"complaints/{receipt['number']}"
    headers = {"Authorization": f"Bearer {town.secrets['hotline']}", "Hotline-Actor": "wang.li"}
    await town.client.get(f"/v1/{path}/person?reason=callback", headers=headers)

    for reader in ("auditor", receipt["receipt_token"]):
        lines = (await town.get(f"{path}/reads", reader)).json()["items"]
        assert [(line["person"], line["field"], line["reason"]) for line in lines] == [
            ("wang.li", "person", "callback")
        ]
    assert (await town.get(f"{path}/reads", "hotline")).status_code == 403


async def test_a_read_that_was_refused_is_not_in_the_log(town: Town) -> None:
    receipt = await town.complain()
    path = f"complaints/{receipt['number']}"

    await town.get(f"{path}/matter", "auditor")

    assert (await town.get(f"{path}/reads", "auditor")).json()["items"] == []


async def test_after_an_erasure_the_words_are_gone_and_the_file_stays(town: Town) -> None:
    receipt = await town.complain()
    await town.lead_order(receipt["number"])
    await Vault(town.shared.keys).erase(town.shared.database, receipt["number"])
    path = f"complaints/{receipt['number']}"

    matter = await town.get(f"{path}/matter", "hotline")
    facts = await town.post(f"{path}/facts", "hotline", {"text": "补充"})
    read = await town.get(path, receipt["receipt_token"])

    assert (matter.status_code, facts.status_code) == (410, 410)
    assert matter.json()["code"] == "person-erased"
    assert read.status_code == 200


async def test_after_an_erasure_a_units_duty_goes_on(town: Town) -> None:
    number = (await town.complain())["number"]
    order = await town.lead_order(number)
    await Vault(town.shared.keys).erase(town.shared.database, number)

    signed = await town.post(f"orders/{order}/sign-off", "street")
    completed = await town.post(
        f"orders/{order}/completion", "street", {"result": "solved", "answer": "已清运"}
    )

    assert (signed.status_code, completed.status_code) == (200, 200)
    assert (await town.get(f"complaints/{number}/matter", "hotline")).status_code == 410


@pytest.mark.parametrize("reason", ["\x00", "长" * 201])
async def test_a_reason_that_cannot_be_logged_is_refused(town: Town, reason: str) -> None:
    number = (await town.complain())["number"]

    response = await town.get(f"complaints/{number}/matter", "hotline", reason=reason)

    assert response.json()["field"] == "reason"


async def test_the_file_shows_no_words_to_anyone(town: Town) -> None:
    receipt = await town.complain()
    await town.post(f"complaints/{receipt['number']}/facts", "hotline", {"text": "补充材料"})
    event = await town.events(receipt["number"], "facts_added", "hotline")

    assert event["body"]["text"] == "sealed"

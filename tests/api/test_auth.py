"""Who is let in, and what the others hear."""

import pytest

from sealing.tokens import evaluation_token, receipt_token
from storage import api_keys
from tests.api.town import Town


async def test_without_a_key_nothing_is_there(cut_off: Town) -> None:
    response = await cut_off.client.get("/v1/complaints")

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["type"] == "urn:hotline:problem:unauthenticated"


@pytest.mark.parametrize(
    "token",
    ["hk_wrong", "r.12345678901244.AAAA", "e.12345678901244.1.AAAA", "r..", "e.1.x.y", "r.１.x"],
)
async def test_a_token_that_nobody_made_is_401(cut_off: Town, token: str) -> None:
    bearer = b"Bearer " + token.encode()

    response = await cut_off.client.get("/v1/units", headers={b"Authorization": bearer})

    assert response.status_code == 401


async def test_a_receipt_of_another_version_is_401(town: Town) -> None:
    number = (await town.complain())["number"]
    other = receipt_token(town.shared.keys, number, 2)

    assert (await town.get(f"complaints/{number}", other)).status_code == 401


async def test_a_revoked_key_is_401_at_once(cut_off: Town) -> None:
    async with cut_off.shared.database.transaction() as session:
        known = await api_keys.authenticate(session, cut_off.secrets["other unit"])
        assert known is not None
        key, secret = await api_keys.create(session, known.role, unit=known.unit)
    before = await cut_off.get("units", secret)
    async with cut_off.shared.database.transaction() as session:
        await api_keys.revoke(session, key.id)
    after = await cut_off.get("units", secret)

    assert (before.status_code, after.status_code) == (200, 401)


async def test_an_evaluation_link_reads_and_evaluates_and_does_nothing_else(town: Town) -> None:
    number = (await town.complain())["number"]
    await town.lead_order(number)
    link = evaluation_token(town.shared.keys, number, 1)

    read = await town.get(f"complaints/{number}", link)
    withdrawn = await town.post(f"complaints/{number}/withdrawal", link)

    assert (read.status_code, withdrawn.status_code) == (200, 403)


async def test_what_a_caller_may_not_see_is_not_there(town: Town) -> None:
    number = (await town.complain())["number"]
    await town.lead_order(number)

    heard = {
        caller: (await town.get(f"complaints/{number}", caller)).status_code
        for caller in town.secrets
    }

    for other in ("other channel", "phone", "other unit"):
        assert heard.pop(other) == 404
    assert set(heard.values()) == {200}


@pytest.mark.parametrize("number", ["12345678901244", "1", "abc", "%00", "1" * 400])
async def test_a_number_that_nobody_has_is_not_there(cut_off: Town, number: str) -> None:
    assert (await cut_off.get(f"complaints/{number}", "hotline")).status_code == 404


async def test_a_staff_code_that_is_none_is_refused(cut_off: Town) -> None:
    headers = {"Hotline-Actor": "Wang Li"}
    sent = {"Authorization": f"Bearer {cut_off.secrets['hotline']}", **headers}

    response = await cut_off.client.get("/v1/units", headers=sent)

    assert response.json()["field"] == "Hotline-Actor"

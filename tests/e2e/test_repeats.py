"""The same matter again over HTTP, on everything that `hotline up` starts."""

import asyncio

import pytest

from tests.e2e.files import assert_the_files_are_whole
from tests.e2e.town import Town, complaint, taken

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("e2e"),
]

LEAK = {
    "title": "望江里小区西门水管渗漏",
    "text": "望江里小区西门外的水管从周日起一直渗漏，路面结了青苔，行人容易滑倒。",
}
PICTURE = {"url": "https://pictures.example/1", "kind": "photo", "sha256": "0" * 64}


async def test_a_repeat_is_attached_another_person_is_shown_beside_it(town: Town) -> None:
    body = complaint(**LEAK)
    first = taken(await town.post("complaints", "channel", body)).json()

    strange = await town.post("complaints", "channel", body)
    proven = await town.post(
        "complaints", "channel", body | {"receipt_token": first["receipt_token"]}
    )
    other = taken(await town.post("complaints", "channel", complaint(**LEAK))).json()
    pictured = taken(await town.post("complaints", "channel", body | {"media": [PICTURE]})).json()

    assert (strange.status_code, strange.json()) == (200, {"attached": True})
    assert (proven.status_code, proven.json()["number"]) == (200, first["number"])
    read = await town.read(first["number"])
    assert {line["number"] for line in read["related"]} == {other["number"], pictured["number"]}
    assert_the_files_are_whole(town.system)
    erased = await asyncio.to_thread(town.system.run, "erase", first["number"])
    assert erased.returncode == 0, erased.stdout + erased.stderr
    left = town.system.query(
        "SELECT count(*) FROM vault.data_keys d JOIN journal j USING (number)"
        " WHERE j.attach_to = %s AND d.wrapped_key IS NOT NULL",
        first["number"],
    )
    assert left == [(0,)]

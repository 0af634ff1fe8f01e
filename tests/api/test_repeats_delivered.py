"""A repeat on its way: nothing is lost and nothing done twice, and it ends with its complaint."""

from datetime import UTC, datetime

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from cli.erase import NotErased, erase_person
from domain.acts import Attach
from sealing.errors import PersonErased
from sealing.vault import Vault
from tests.api.repeating import (
    ATTACHED,
    TESTER,
    attached,
    bring_repeats,
    deliver_again,
    end,
    repeats_of,
    send,
)
from tests.api.test_relay import deliver as bring
from tests.api.test_relay import due_now
from tests.api.town import Town, matter


class TestWhenTheEngineIsAway:
    async def test_it_is_journaled_and_attached_later(
        self, attentive: Town, attentive_cut_off: Town
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()

        strange = await send(attentive_cut_off, body)
        told = await send(attentive_cut_off, body, attentive.secrets["phone"], key="later-phone")

        assert (strange.status_code, strange.json()) == (202, ATTACHED)
        assert (told.status_code, told.json()["number"]) == (202, first["number"])
        await bring_repeats(attentive, first["number"])
        await attached(attentive, first["number"], 2)
        again = await send(attentive, body, "phone", key="later-phone")
        assert (again.status_code, again.json()["number"]) == (200, first["number"])

    async def test_a_complaint_and_its_repeat_wait_together_and_come_in_order(
        self, attentive: Town, attentive_cut_off: Town
    ) -> None:
        body = matter()
        first = (await send(attentive_cut_off, body)).json()
        repeat = await send(attentive_cut_off, body)
        (number,) = await repeats_of(attentive, first["number"])
        await due_now(attentive, number)
        await bring(attentive, first["number"])
        await bring(attentive, number)

        assert repeat.json() == ATTACHED
        await attached(attentive, first["number"], 1)

    async def test_a_complaint_that_ends_in_between_is_followed_by_a_new_one(
        self, attentive: Town, attentive_cut_off: Town
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        pending = await send(attentive_cut_off, body, attentive.secrets["channel"], key="too-late")
        await end(attentive, first["number"])

        (number,) = await repeats_of(attentive, first["number"])
        await due_now(attentive, number)
        await bring(attentive, number)

        assert (pending.status_code, pending.json()) == (202, ATTACHED)
        read = await attentive.until(number, "dispatched")
        assert read["follows"] == first["number"]
        again = await send(attentive, body, key="too-late")
        assert (again.status_code, again.json()["number"]) == (200, number)
        assert "attached" not in again.json()
        assert (
            await attentive.get(f"complaints/{number}", again.json()["receipt_token"])
        ).is_success
        assert await repeats_of(attentive, first["number"]) == []
        assert (await send(attentive, body)).json() == ATTACHED
        await attached(attentive, number, 1)

    async def test_a_crash_before_the_answer_was_kept_attaches_once(self, attentive: Town) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await send(attentive, body)
        (number,) = await repeats_of(attentive, first["number"])

        answers = [await deliver_again(attentive, number) for _ in range(2)]

        assert [answer.status for answer in answers] == [200, 200]
        await attached(attentive, first["number"], 1)
        assert await repeats_of(attentive, first["number"]) == [number]

    async def test_a_crash_before_the_answer_was_kept_opens_one_complaint(
        self, attentive: Town, attentive_cut_off: Town
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await send(attentive_cut_off, body)
        (number,) = await repeats_of(attentive, first["number"])
        await end(attentive, first["number"])

        answers = [await deliver_again(attentive, number) for _ in range(3)]

        assert [(answer.status, answer.body["number"]) for answer in answers] == [(201, number)] * 3
        refused = await attentive.events(first["number"], "act_refused")
        assert (refused["body"]["act"], refused["body"]["code"]) == ("attach", "wrong-stage")


class TestTheNumberOfARepeat:
    async def test_says_to_the_staff_where_it_went_and_to_nobody_else(
        self, attentive: Town
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await attentive.lead_order(first["number"])
        await send(attentive, body)
        (number,) = await repeats_of(attentive, first["number"])

        for staff in ("hotline", "supervisor", "auditor", "operator"):
            read = (await attentive.get(f"complaints/{number}", staff)).json()
            assert (read["attached_to"], read["pending"]) == (first["number"], False)
        for other in ("channel", "phone", "street", "district", first["receipt_token"]):
            assert (await attentive.get(f"complaints/{number}", other)).status_code == 404
        words = await attentive.get(f"complaints/{number}/matter", "hotline")
        assert words.json()["text"] == body["text"]

    async def test_takes_no_acts(self, attentive: Town) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await send(attentive, body)
        (number,) = await repeats_of(attentive, first["number"])

        for path, said in (("facts", {"text": "补充"}), ("receipt-token", None)):
            response = await attentive.post(f"complaints/{number}/{path}", "hotline", said)
            assert (response.status_code, response.json()["code"]) == (409, "attached")


class TestErasure:
    async def test_takes_the_repeats_of_the_complaint_with_it(
        self, attentive: Town, engine: WorkflowEnvironment
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await send(attentive, body)
        (repeat,) = await repeats_of(attentive, first["number"])
        vault = Vault(attentive.shared.keys)

        await erase_person(engine.client, attentive.shared.database, vault, first["number"])

        for number in (first["number"], repeat):
            async with attentive.shared.database.transaction() as session:
                with pytest.raises(PersonErased):
                    await vault.fetch(session, number)
        assert (await send(attentive, body)).status_code == 201

    async def test_of_a_repeat_alone_is_refused_for_its_complaint_names_the_person(
        self, attentive: Town, engine: WorkflowEnvironment
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await send(attentive, body)
        (repeat,) = await repeats_of(attentive, first["number"])
        vault = Vault(attentive.shared.keys)

        with pytest.raises(NotErased, match=first["number"]):
            await erase_person(engine.client, attentive.shared.database, vault, repeat)

        async with attentive.shared.database.transaction() as session:
            assert await vault.fetch(session, repeat)

    async def test_waits_for_a_repeat_that_may_yet_become_a_complaint(
        self, attentive: Town, attentive_cut_off: Town, engine: WorkflowEnvironment
    ) -> None:
        body = matter()
        first = (await send(attentive, body)).json()
        await send(attentive_cut_off, body)
        client: Client = engine.client

        with pytest.raises(NotErased):
            await erase_person(
                client, attentive.shared.database, Vault(attentive.shared.keys), first["number"]
            )

        act = Attach(id="still-open", received_at=datetime.now(UTC), actor=TESTER, reference="1")
        still = await attentive.shared.gateway.apply(first["number"], "attach", act.id, act)
        assert still.refusal is None

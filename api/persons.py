"""The sealed words of a complaint, and whose they are: opened for few, and never unlogged."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query

from api.access import File, has_open_order, open_file
from api.act_routes import Number
from api.answers import READ_RESPONSES
from api.auth import Authenticated, Caller
from api.opened import opened_answers, opened_matter, opened_words
from api.problems import Forbidden
from api.resources import Resources, Shared
from domain.model import Instant, Strict
from domain.vocabulary import Role
from sealing.data_key import DataKey
from sealing.vault import Vault
from storage import access_log, journal

router = APIRouter(prefix="/v1", tags=["persons"], responses=READ_RESPONSES)

WHY = {"max_length": 200, "pattern": r"^[^\x00]*$", "description": "Why it is read; logged."}
Reason = Annotated[str | None, Query(**WHY)]
ReasonHeader = Annotated[str | None, Header(alias="Hotline-Reason", **WHY)]


class MatterView(Strict):
    """What it is about. Of a confidential complaint a unit sees only summary, place and answers."""

    number: str
    title: str | None = None
    text: str | None = None
    summary: str | None = None
    address: str | None = None
    district: str | None = None
    subdistrict: str | None = None
    lat: float | None = None
    lon: float | None = None
    media: list[dict[str, Any]] | None = None
    facts: tuple[dict[str, Any], ...] = ()
    answers: tuple[dict[str, Any], ...] = ()


class PersonView(Strict):
    """How to reach the citizen."""

    number: str
    kind: str
    anonymous: bool
    confidential: bool
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    account: str | None = None


class ReadLine(Strict):
    key: str
    person: str | None
    field: str
    reason: str | None
    at: Instant


class Reads(Strict):
    items: list[ReadLine]


@router.get("/complaints/{number}/matter", operation_id="read_matter")
async def matter(
    caller: Authenticated,
    shared: Shared,
    number: Number,
    reason: Reason = None,
    reason_header: ReasonHeader = None,
) -> MatterView:
    file = await open_file(shared, number, caller)
    _insist_on_duty(caller, file)
    data_key = await _logged(shared, caller, file, "matter", reason or reason_header)
    original = not (file.submission.person.confidential and caller.role is Role.UNIT)
    words = opened_matter(file.submission, data_key, original)
    answers = tuple(opened_answers(file, data_key))
    facts = tuple(await opened_words(shared, file, data_key)) if original else ()
    return MatterView(number=number, **words, answers=answers, facts=facts)


@router.get("/complaints/{number}/person", operation_id="read_person")
async def person(
    caller: Authenticated,
    shared: Shared,
    number: Number,
    reason: Reason = None,
    reason_header: ReasonHeader = None,
) -> PersonView:
    file = await open_file(shared, number, caller)
    _insist_on_duty(caller, file)
    known = file.submission.person
    if known.confidential and caller.role is Role.UNIT:
        raise Forbidden("the complainant asked for confidence; ask the hotline to pass a message")
    data_key = await _logged(shared, caller, file, "person", reason or reason_header)
    contact = json.loads(data_key.open("person.contact", known.contact)) if known.contact else {}
    return PersonView(
        number=number,
        kind=known.kind,
        anonymous=known.anonymous,
        confidential=known.confidential,
        **contact,
    )


@router.get("/complaints/{number}/reads", operation_id="list_reads")
async def reads(caller: Authenticated, shared: Shared, number: Number) -> Reads:
    """Who read what of this complaint and of its repeats, for the auditor and for the citizen."""
    caller.must_be(Role.AUDITOR, Role.CITIZEN)
    await open_file(shared, number, caller)
    async with shared.database.transaction() as session:
        repeats = [row.number for row in await journal.repeats_of(session, number)]
        lines = await access_log.of(session, number, *repeats)
    return Reads(
        items=[
            ReadLine(
                key=line.key_id,
                person=line.person,
                field=line.field,
                reason=line.reason,
                at=line.at,
            )
            for line in lines
        ]
    )


def _insist_on_duty(caller: Caller, file: File) -> None:
    """Raises `Forbidden` for all but the hotline and whoever has an open order on it."""
    if caller.role is Role.HOTLINE:
        return
    if caller.role is not Role.UNIT or not has_open_order(caller, file):
        raise Forbidden("for the hotline and for a unit with an open order on this complaint")


async def _logged(
    shared: Resources, caller: Caller, file: File, field: str, reason: str | None
) -> DataKey:
    """The key that opens it, once the read stands in the log."""
    read = access_log.Read(
        number=file.number,
        key_id=caller.key,
        person=caller.person,
        field=field,
        reason=reason,
        at=datetime.now(UTC),
    )
    async with shared.database.transaction() as session:
        data_key = await Vault(shared.keys).fetch(session, file.number)
        await access_log.record(session, read)
    return data_key

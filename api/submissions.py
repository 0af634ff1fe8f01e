"""From what a channel sent to what the workflow may know: codes in the open, every word sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from api.auth import Caller
from api.catalogue import PackEntry
from api.complaint_body import Complainant, ComplaintBody, Place
from api.problems import Forbidden, Invalid
from api.resources import Resources
from domain.submission import Submission
from domain.vocabulary import Role, UnitKind
from sealing.data_key import DataKey
from sealing.fields import seal_fields
from sealing.persons import Kind, person_key


class NamesCodes(Protocol):
    """What a complaint's body and its preview have in common."""

    @property
    def pack(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def place(self) -> Place: ...


@dataclass(frozen=True)
class Checked:
    """The pack that a body goes by, and its place by code."""

    pack: PackEntry
    district: str | None
    subdistrict: str | None


def sealed_submission(
    shared: Resources,
    caller: Caller,
    received_at: datetime,
    body: ComplaintBody,
    data_key: DataKey,
) -> Submission:
    """Raises `Forbidden` or `Invalid` for what this caller or this pack does not allow."""
    if body.disposition is not None and caller.role is not Role.HOTLINE:
        raise Forbidden("a disposition is chosen by a person at the hotline")
    found = checked(shared, caller, body)
    fields: dict[str, Any] = {
        "number": data_key.number,
        "pack": found.pack.id,
        "channel": body.channel,
        "demand": body.demand,
        "received_at": received_at,
        "actor": caller.actor.model_dump(),
        "matter": _matter(body),
        "person": _person(body.complainant),
        "category": body.category,
        "district": found.district,
        "subdistrict": found.subdistrict,
        "latitude": body.place.lat,
        "longitude": body.place.lon,
        "disposition": body.disposition.model_dump() if body.disposition else None,
        "follows": body.follows,
    }
    return Submission.model_validate(seal_fields(Submission, fields, data_key))


def who(shared: Resources, body: ComplaintBody) -> str | None:
    """The keyed hash by which a returning person is known; none of an anonymous one."""
    person = body.complainant
    if person.anonymous:
        return None
    account = f"{body.channel}:{person.account}" if person.account else None
    contacts: tuple[tuple[Kind, str | None], ...] = (
        ("phone", person.phone),
        ("email", person.email),
        ("account", account),
    )
    known = next(((kind, value) for kind, value in contacts if value), None)
    return None if known is None else person_key(shared.keys, *known)


def checked(shared: Resources, caller: Caller, body: NamesCodes) -> Checked:
    """Raises `Forbidden` or `Invalid` for a code that this caller or this pack does not allow."""
    pack = pack_of(shared, caller, body)
    if body.category is not None and not pack.takes_category(body.category):
        raise Invalid("category", "the rule pack has no such category", code="unknown-category")
    return Checked(
        pack=pack,
        district=_place(pack, UnitKind.DISTRICT, body.place.district),
        subdistrict=_place(pack, UnitKind.SUBDISTRICT, body.place.subdistrict),
    )


def pack_of(shared: Resources, caller: Caller, body: NamesCodes) -> PackEntry:
    """Raises `Forbidden` or `Invalid`."""
    name = body.pack or shared.settings.pack
    if name != shared.settings.pack and name not in caller.packs:
        raise Forbidden("this key may not name this rule pack")
    pack = shared.catalogue.pack(name)
    if pack is None:
        raise Invalid("pack", "no such rule pack is loaded", code="unknown-pack")
    return pack


def _place(pack: PackEntry, kind: UnitKind, given: str | None) -> str | None:
    if given is None:
        return None
    code = pack.place(kind, given)
    if code is None:
        field = f"place.{kind}"
        raise Invalid(field, f"the rule pack has no such {kind}", code="unknown-unit")
    return code


def _matter(body: ComplaintBody) -> dict[str, Any]:
    return {
        "title": body.title,
        "text": body.text,
        "address": body.place.address,
        "summary": body.summary,
        "media": [reference.model_dump() for reference in body.media] if body.media else None,
    }


def _person(person: Complainant) -> dict[str, Any]:
    """Of an anonymous person nothing is kept, not even sealed."""
    given = person.model_dump(include={"name", "phone", "email", "account"}, exclude_none=True)
    contact = {} if person.anonymous else given
    return {
        "kind": person.kind,
        "confidential": person.confidential,
        "anonymous": person.anonymous,
        "reachable": bool(contact.keys() - {"name"}),
        "contact": contact or None,
    }

"""A complaint at the door: what was sent, what is sealed of it, and what it can be known by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from api.auth import Caller
from api.catalogue import PackEntry
from api.complaint_body import ComplaintBody
from api.places import Named
from api.resources import Resources
from api.submissions import pack_of, sealed_submission, who
from domain.sketch import Sketch
from domain.submission import Submission
from sealing.data_key import DataKey
from sealing.sketches import Sketcher


@dataclass(frozen=True)
class Incoming:
    """`person_key` is None where nobody is named. Nothing of it is kept yet."""

    pack: PackEntry
    body: ComplaintBody
    submission: Submission
    data_key: DataKey
    person_key: str | None
    named: Named
    sketch: Sketch

    @classmethod
    def read(
        cls,
        shared: Resources,
        caller: Caller,
        received_at: datetime,
        body: ComplaintBody,
        number: str,
    ) -> Self:
        """Raises `Forbidden` or `Invalid` for what this caller or the pack does not allow."""
        data_key = DataKey.generate(number)
        named = _named(body)
        return cls(
            pack=pack_of(shared, caller, body),
            body=body,
            submission=sealed_submission(shared, caller, received_at, body, data_key),
            data_key=data_key,
            person_key=who(shared, body),
            named=named,
            sketch=Sketcher(shared.keys).sketch(body.title, body.text, named.address, named.point),
        )


def _named(body: ComplaintBody) -> Named:
    place = body.place
    point = None if place.lat is None or place.lon is None else (place.lat, place.lon)
    return Named(f"{body.title or ''} {body.text}", place.address, point)

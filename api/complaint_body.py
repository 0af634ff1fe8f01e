"""What a channel sends to open a complaint: strict, bounded, in plain words."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.bodies import Media, SaysSomething
from domain.acts import Code
from domain.model import Strict
from domain.vocabulary import Demand, DispositionKind

Title = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=8000), SaysSomething]
Phone = Annotated[str, Field(max_length=30, pattern=r"^\+?[0-9(][0-9 ()\-]{3,28}$")]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s.]+$")]


class Place(Strict):
    """Where it happened; district and sub-district by code or name of `/v1/units`."""

    address: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    district: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    subdistrict: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _a_point_is_whole(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon come together")
        return self


class Complainant(Strict):
    """Who complains. Anonymous means that no contact is kept, whatever is sent."""

    kind: Literal["person", "company", "organisation"]
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    phone: Phone | None = None
    email: Email | None = None
    account: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    confidential: bool = False
    anonymous: bool = False


class Disposition(Strict):
    """The non-order way that a person at the hotline chose (Art. 11), and what is told."""

    kind: DispositionKind
    answer: Annotated[str, Field(max_length=4000), SaysSomething]
    basis: Code


class ComplaintBody(Strict):
    """A complaint as it comes in."""

    channel: Code
    external_id: Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,200}$")] | None = None
    demand: Demand
    title: Title | None = None
    text: Text
    place: Place
    complainant: Complainant
    category: Code | None = None
    disposition: Disposition | None = None
    summary: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    pack: Code | None = None
    media: Media | None = None
    follows: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")] | None = None
    receipt_token: (
        Annotated[
            str,
            Field(
                max_length=100,
                pattern=r"^[\x21-\x7e]+$",
                description="Of an earlier complaint, by the citizen whose it is: should this one "
                "only repeat it, the answer says how it stands.",
            ),
        ]
        | None
    ) = None

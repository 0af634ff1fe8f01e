"""Two ways for a model to meet the outside: strict where people type, lenient across versions."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value. Extra fields are ignored, so that an old worker accepts a newer message."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Strict(BaseModel):
    """A value that a person wrote, in a rule pack or an HTTP body: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("leaves the years 1 to 9999 in UTC") from None


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An aware instant, kept in UTC."""

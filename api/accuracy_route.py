"""GET /v1/catalogue/accuracy: which entries dispatch wrongly, and to whom it went instead."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.answers import READ_RESPONSES
from api.auth import Authenticated
from api.periods import InstantOrDay, period
from api.problems import Invalid
from api.resources import Shared
from domain.accuracy import AccuracyReport
from domain.acts import Code
from domain.vocabulary import Role
from storage.accuracy import accuracy

router = APIRouter(prefix="/v1", tags=["rates"], responses=READ_RESPONSES)

READERS = (Role.HOTLINE, Role.SUPERVISOR, Role.AUDITOR, Role.OPERATOR)
USUAL_PERIOD = timedelta(days=90)


@router.get("/catalogue/accuracy", operation_id="read_accuracy")
async def read_accuracy(
    caller: Authenticated,
    shared: Shared,
    pack: Annotated[Code | None, Query(description="By default every pack.")] = None,
    since: Annotated[
        InstantOrDay | None, Query(description="By default 90 days before `until`.")
    ] = None,
    until: Annotated[
        InstantOrDay | None, Query(description="Not part of the period; by default now.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AccuracyReport:
    """By catalogue entry, the worst first: dispatches, objections upheld, and who took them.

    Beside it the classifier's guesses, and what staff made of them. Days begin at midnight of the
    default rule pack's zone.
    """
    caller.must_be(*READERS)
    last = until or datetime.now(UTC)
    asked = period(shared, since or _usual_start(last), last, names=("since", "until"))
    async with shared.database.transaction(longest_seconds=None) as session:
        return await accuracy(session, asked, pack, limit)


def _usual_start(until: InstantOrDay) -> InstantOrDay:
    try:
        return until - USUAL_PERIOD
    except OverflowError:
        raise Invalid("until", "leaves the years 1 to 9999") from None

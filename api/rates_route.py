"""GET /v1/rates: the three rates of a period, counted from the events."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.answers import READ_RESPONSES
from api.auth import Authenticated
from api.periods import InstantOrDay, period
from api.resources import Resources, Shared
from domain.rates import GroupBy, Period, RatesReport, Scoring, rates
from domain.vocabulary import Role
from storage.rates import events_for_rates

router = APIRouter(prefix="/v1", tags=["rates"], responses=READ_RESPONSES)

READERS = (Role.UNIT, Role.HOTLINE, Role.SUPERVISOR, Role.AUDITOR, Role.OPERATOR)


@router.get("/rates", operation_id="read_rates")
async def read_rates(
    caller: Authenticated,
    shared: Shared,
    since: Annotated[InstantOrDay, Query(alias="from")],
    until: Annotated[InstantOrDay, Query(alias="to", description="Not part of the period.")],
    group_by: GroupBy = GroupBy.UNIT,
) -> RatesReport:
    """Days begin at midnight of the default rule pack's zone; the period is half-open."""
    caller.must_be(*READERS)
    counted = period(shared, since, until, names=("from", "to"))
    pack = shared.catalogue.pack(shared.settings.pack)
    scoring = pack.scoring if pack else Scoring()
    return await _counted(shared, counted, group_by, scoring)


async def _counted(
    shared: Resources, period: Period, group_by: GroupBy, scoring: Scoring
) -> RatesReport:
    async with shared.database.transaction(longest_seconds=None) as session:
        found = events_for_rates(session, period.since, period.until)
        files = [file async for file in found]
    return rates(files, period, group_by, scoring)

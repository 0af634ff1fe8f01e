"""Brings complaints to their end, whatever stage they stand in, as desks, units, citizens would."""

import asyncio
from collections.abc import Sequence

from tests.e2e.town import STREET, Case, Town

LONGEST_SECONDS = 120


async def finish(town: Town, cases: Sequence[Case]) -> None:
    """Returns once every file is frozen. Every third citizen is dissatisfied once."""
    async with asyncio.timeout(LONGEST_SECONDS):
        await asyncio.gather(*(_to_the_end(case, nth % 3 == 0) for nth, case in enumerate(cases)))


async def _to_the_end(case: Case, displeased: bool) -> None:
    while True:
        read = await case.read()
        match read["stage"]:
            case "triage":
                await case.act("dispatch", lead=STREET)
            case "objected":
                await case.act("ruling", subject="objection", decision="rejected")
            case "dispatched" | "handling" | "deferred":
                await case.complete()
            case "evaluating" if displeased and read["round"] == 1:
                await case.evaluate(resolved="no", satisfied="no")
            case "evaluating":
                await case.evaluate()
            case "closed" if await _is_frozen(case):
                return
        await asyncio.sleep(0.5)


async def _is_frozen(case: Case) -> bool:
    page = (await case.town.get(f"complaints/{case.number}/events", "auditor", limit=500)).json()
    # An act that comes after it is refused, on record.
    return any(event["kind"] == "frozen" for event in page["items"])

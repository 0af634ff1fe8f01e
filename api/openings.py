"""What an evaluation link stands for: its opening, and the round which that belongs to."""

from typing import Any

from api.access import File
from api.auth import Caller
from api.resources import Resources
from domain.event import Event, EventKind
from storage import events


async def of_evaluation_link(shared: Resources, file: File, caller: Caller) -> dict[str, Any]:
    """The fields that a link fixes; none for every other caller, who names the round."""
    if caller.opening is None:
        return {}
    async with shared.database.transaction() as session:
        chained = await events.of(session, file.number)
    round_ = round_of(caller.opening, [line.event for line in chained])
    if round_ is None:
        # The link is genuine, so the opening exists: the ledger has not heard of it yet.
        round_ = file.read.state.round if file.read else 1
    return {"opening": caller.opening, "round": round_}


def round_of(opening: int, file: list[Event]) -> int | None:
    """The round under way when this opening was made; None where the file has no such opening."""
    current = 1
    for event in file:
        if event.kind is EventKind.ROUND_BEGUN:
            current = int(event.body.get("round", current + 1))
        if event.kind is EventKind.EVALUATION_OPENED and event.body.get("opening") == opening:
            return current
    return None

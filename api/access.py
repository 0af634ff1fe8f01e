"""Which complaints a caller may see, and whose words: everything else is not there for them."""

import asyncio
from dataclasses import dataclass

from api.auth import Caller
from api.problems import NotFound
from api.resources import Resources
from domain.number import is_complaint_number
from domain.state import OrderView
from domain.submission import Submission
from domain.vocabulary import OrderState, Role
from storage import complaints, journal
from storage.complaints import ComplaintRead
from storage.tables import JournalRow

SEES_ALL = frozenset({Role.HOTLINE, Role.SUPERVISOR, Role.AUDITOR, Role.OPERATOR})
LIVE = frozenset({OrderState.OPEN, OrderState.ACCEPTED, OrderState.OBJECTED})
LEDGER_LAG_SECONDS = (0.05, 0.1, 0.2, 0.4)
"""A unit may come with its notice before the ledger's lane does: look again this much later."""


@dataclass(frozen=True)
class File:
    """A complaint as the journal and the ledger know it; without `read` it is only registered.

    Or a repeat under a number of its own, which the staff at the hotline may look up.
    """

    entry: JournalRow
    read: ComplaintRead | None

    @property
    def number(self) -> str:
        return self.entry.number

    @property
    def submission(self) -> Submission:
        submission = Submission.model_validate(self.entry.body)
        if self.entry.attach_to is None:
            return submission
        return submission.model_copy(update={"follows": self.entry.attach_to})

    @property
    def attached_to(self) -> str | None:
        """The complaint that this only repeats; None also once it became one of its own."""
        own = self.read is not None or self.entry.status == journal.CREATED
        return None if own else self.entry.attach_to

    @property
    def orders(self) -> tuple[OrderView, ...]:
        return () if self.read is None else self.read.state.orders


async def open_file(shared: Resources, number: str, caller: Caller, order: str = "") -> File:
    """The complaint; `NotFound` also where it, or its order, is not this caller's."""
    if not is_complaint_number(number):
        raise NotFound("complaint")
    for pause in (*LEDGER_LAG_SECONDS, None):
        file = await _find(shared, number)
        if file is None:
            break
        if _may_see(caller, file) and _may_act_on(caller, file, order):
            return file
        if pause is None or not (caller.role is Role.UNIT or order):
            break
        await asyncio.sleep(pause)
    raise NotFound("order" if order else "complaint")


def has_open_order(caller: Caller, file: File) -> bool:
    return any(order.unit == caller.unit and order.state in LIVE for order in file.orders)


async def _find(shared: Resources, number: str) -> File | None:
    async with shared.database.transaction() as session:
        entry = await journal.submission(session, number)
        read = await complaints.get(session, number)
    return None if entry is None else File(entry, read)


def _may_see(caller: Caller, file: File) -> bool:
    if file.attached_to is not None:
        return caller.role in SEES_ALL
    match caller.role:
        case Role.CHANNEL:
            return file.entry.key_id == caller.key
        case Role.CITIZEN:
            return file.number == caller.number
        case Role.UNIT:
            return any(caller.unit in (order.unit, *order.cc) for order in file.orders)
        case _:
            return caller.role in SEES_ALL


def _may_act_on(caller: Caller, file: File, order: str) -> bool:
    """A unit acts on its own orders; what it sees as a copy it only reads."""
    if not order:
        return True
    found = next((known for known in file.orders if known.id == order), None)
    return found is not None and (caller.role is not Role.UNIT or found.unit == caller.unit)

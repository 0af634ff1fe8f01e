"""A notice: number, kind, due and link. Never a text or a contact."""

from domain.model import Frozen, Instant


class Notice(Frozen):
    """One message to one destination.

    `destination` is a unit's code or `citizen:<number>`; `id` is stable over all attempts;
    `not_before` keeps a staff notice for duty hours; `corrects` names an earlier notice that the
    facts have overtaken.
    """

    id: str
    destination: str
    number: str
    kind: str
    order: str | None = None
    due_at: Instant | None = None
    made_at: Instant
    not_before: Instant | None = None
    corrects: str | None = None
    round: int = 1
    opening: int | None = None
    emergency: bool = False

"""What the workflow hands to its lanes, and what the lanes hand back."""

from domain.event import Event
from domain.model import Frozen, Instant
from domain.notice import Notice


class Delivery(Frozen):
    """How a notice fared at its destination."""

    notice: str
    delivered_at: Instant | None = None
    undeliverable_at: Instant | None = None
    reason: str | None = None


class LedgerBatch(Frozen):
    """Events of one complaint in order, the notices they gave rise to, and deliveries since.

    The ledger activity returns the batch it wrote: a local activity leaves only its result in the
    history, and the projection must be rebuildable from histories alone.
    """

    number: str
    events: tuple[Event, ...] = ()
    notices: tuple[Notice, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


class NoticeBatch(Frozen):
    """Notices of one complaint to one destination, in order."""

    destination: str
    notices: tuple[Notice, ...]


class DeliveryReport(Frozen):
    """`recorded` is False where the delivery table could not be told: the ledger lane will."""

    deliveries: tuple[Delivery, ...]
    recorded: bool = True

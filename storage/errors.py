"""What the ledger refuses.

LedgerError
|-- LedgerGap         an event came before its predecessor
`-- LedgerConflict    another event stands under that sequence already
StillSeen             an open transaction keeps erased rows in PostgreSQL's files
BadCursor             a page's cursor is not one of ours (an InvalidRule of the domain)
"""

from domain.errors import InvalidRule


class LedgerError(Exception):
    """A batch that would break a legal file; nothing of it was written."""

    def __init__(self, number: str, sequence: int) -> None:
        super().__init__(f"{type(self).__name__}: complaint {number}, sequence {sequence}")
        self.number = number
        self.sequence = sequence


class LedgerGap(LedgerError):
    """`sequence` cannot be written, because the one before it is not there."""


class LedgerConflict(LedgerError):
    """`sequence` holds a different event; truth has two versions and a person must look."""


class StillSeen(Exception):
    """A transaction older than the erasure is still open; erase again when it has ended."""


class BadCursor(InvalidRule):
    """The cursor was not made by this list."""

    def __init__(self) -> None:
        super().__init__("cursor", "must be the `next` of an earlier page")

"""Pages of a list sorted by the next due instant, the nearest first and what waits for none last.

The cursor names the last row shown, so that rows which come or go meanwhile shift nothing.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from storage.errors import BadCursor

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """`next` is the cursor of the page after this one, None on the last."""

    items: tuple[Item, ...]
    next: str | None


@dataclass(frozen=True)
class Cursor:
    """The place in the order: due instant, then the row's own key."""

    due_at: datetime | None
    key: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises `BadCursor`."""
        try:
            due, key = json.loads(base64.b64decode(text, altchars=b"-_", validate=True))
            due_at = None if due is None else datetime.fromisoformat(due)
            place = cls(due_at, str(key))
        except (binascii.Error, ValueError, TypeError):
            raise BadCursor from None
        if (due_at is not None and due_at.tzinfo is None) or "\x00" in place.key:
            raise BadCursor
        return place

    def write(self) -> str:
        due = None if self.due_at is None else self.due_at.isoformat()
        return base64.urlsafe_b64encode(json.dumps([due, self.key]).encode()).decode()

    def after(
        self, due_at: InstrumentedAttribute[Any], key: InstrumentedAttribute[str]
    ) -> ColumnElement[bool]:
        """The condition for rows that come later than this place."""
        if self.due_at is None:
            return and_(due_at.is_(None), key > self.key)
        return or_(
            due_at > self.due_at,
            and_(due_at == self.due_at, key > self.key),
            due_at.is_(None),
        )

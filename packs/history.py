"""How a city's own past is read: its columns, and the rules that no longer or not always held.

The window of a type of request is that of the category with its name, in `windows.toml`; what
`history.toml` adds is where the file says what, and the exceptions.
"""

from datetime import datetime
from fnmatch import fnmatchcase
from typing import Self

from pydantic import Field, PrivateAttr, model_validator

from domain.model import Strict
from domain.rules import Sourced
from domain.window import TimeUnit, Window
from packs.catalogue import Catalogue
from packs.folder import Folder
from packs.windows import countable
from packs.written import WrittenAmount

HISTORY_FILE = "history.toml"


class Columns(Strict):
    """The names of the columns that say who, what and when."""

    id: str
    type: str
    opened: str
    due: str


class HistoryException(Sourced):
    """Rows to which another window applies, or whose clock began before they were recorded.

    `when` holds patterns (`*` and `?`) per column; `since` and `until` are local times of opening.
    """

    types: tuple[str, ...] = Field(min_length=1)
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    amount: WrittenAmount | None = None
    first_day: str = "next"
    ends: str = "midnight"
    snap: str = "none"
    roll: str = "none"
    opened_late: WrittenAmount | None = None
    note: str = ""

    _window: Window | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.amount is None and self.opened_late is None:
            raise ValueError("an exception needs an amount or opened_late")
        if self.opened_late is not None and self.opened_late.unit.counts_days:
            raise ValueError("opened_late is exact time: seconds, minutes or hours")
        if self.amount is not None:
            self._window = countable(self.amount, self.first_day, self.ends, self.snap, self.roll)
        return self

    @property
    def window(self) -> Window | None:
        return self._window

    @property
    def late_by_seconds(self) -> int:
        """How long the clock had been running when the row was recorded."""
        if self.opened_late is None:
            return 0
        each = {TimeUnit.SECONDS: 1, TimeUnit.MINUTES: 60, TimeUnit.HOURS: 3600}
        return self.opened_late.amount * each[self.opened_late.unit]

    def applies(self, row: dict[str, str], opened: datetime) -> bool:
        """Whether the row, opened at this local time, is one of them."""
        if self.since is not None and opened < self.since:
            return False
        if self.until is not None and opened >= self.until:
            return False
        return all(
            any(fnmatchcase(row.get(column, ""), pattern) for pattern in patterns)
            for column, patterns in self.when.items()
        )


class History(Strict):
    """`history.toml`; `format` is that of the times (absent: ISO), `language` that of the types."""

    columns: Columns
    format: str | None = None
    language: str = "en"
    exception: tuple[HistoryException, ...] = ()


def read_history(folder: Folder, catalogue: Catalogue) -> History | None:
    """The pack's history, None where it has none; its types must be in the catalogue."""
    if not folder.table(HISTORY_FILE):
        return None
    history = folder.read(HISTORY_FILE, History)
    names = {entry.name.get(history.language) for entry in catalogue.category.values()}
    for number, exception in enumerate(history.exception):
        for named in exception.types:
            if named not in names:
                raise folder.refuse(
                    HISTORY_FILE,
                    ("exception", number, "types"),
                    f"no category is called {named!r}",
                )
    return history

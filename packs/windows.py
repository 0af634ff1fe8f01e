"""Windows as a pack's TOML writes them, and the choice of the most specific one."""

from typing import Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from domain.errors import InvalidRule
from domain.model import Strict
from domain.rules import LegalWindow, Sourced
from domain.vocabulary import Demand, StartFact, Tier, WindowName
from domain.window import Amount, Window
from packs.written import WrittenAmount

WINDOWS_FILE = "windows.toml"


class WindowEntry(Sourced):
    """One window, written tersely: `amount = "7d"` and how to count; `note` speaks to people."""

    amount: WrittenAmount
    first_day: Literal["next", "same"] = "next"
    ends: Literal["midnight", "close_of_business", "time_of_day"] = "midnight"
    snap: Literal["none", "opening"] = "none"
    roll: Literal["none", "forward"] = "none"
    starts_at: StartFact
    calendar: str | None = None
    note: str = ""

    _window: Window = PrivateAttr()

    @model_validator(mode="after")
    def _countable(self) -> Self:
        self._window = countable(self.amount, self.first_day, self.ends, self.snap, self.roll)
        return self

    @property
    def window(self) -> Window:
        return self._window

    def legal(self, calendar: str) -> LegalWindow:
        """The window with its calendar: its own, else the pack's."""
        return LegalWindow(
            window=self._window,
            calendar=self.calendar or calendar,
            starts_at=self.starts_at,
            basis=self.basis,
            source=self.source,
        )


def countable(budget: Amount, first_day: str, ends: str, snap: str, roll: str) -> Window:
    """The domain's window; what it refuses becomes a reason that pydantic can place."""
    try:
        return Window.model_validate(
            {
                "amount": budget.amount,
                "unit": budget.unit,
                "first_day": first_day,
                "ends": ends,
                "snap": snap,
                "roll": roll,
            }
        )
    except InvalidRule as refused:
        raise ValueError(f"{refused.field} {refused.rule}") from None


Entries = dict[WindowName, WindowEntry]


class WindowTable(Strict):
    """`windows.toml`: what binds everyone, and what binds a tier, a demand or a category."""

    base: Entries = Field(default_factory=dict)
    tier: dict[Tier, Entries] = Field(default_factory=dict)
    demand: dict[Demand, Entries] = Field(default_factory=dict)
    category: dict[str, Entries] = Field(default_factory=dict)

    def find(
        self, name: WindowName, tier: Tier, demand: Demand | None, category: str | None
    ) -> WindowEntry | None:
        """The most specific entry: category, then demand, then tier, then base."""
        places = (
            self.category.get(category, {}) if category else {},
            self.demand.get(demand, {}) if demand else {},
            self.tier.get(tier, {}),
            self.base,
        )
        return next((place[name] for place in places if name in place), None)

    def everywhere(self) -> list[tuple[tuple[str, ...], WindowEntry]]:
        """Each entry with its key in the file."""
        found: list[tuple[tuple[str, ...], WindowEntry]] = [
            (("base", name), entry) for name, entry in self.base.items()
        ]
        for group in ("tier", "demand", "category"):
            for place, entries in getattr(self, group).items():
                found += [((group, place, name), entry) for name, entry in entries.items()]
        return found

"""One figure of the run: what was measured on how many, beside its baseline and its bound."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`baseline` is the same figure without what is measured; `against` says what that is.

    `floor` and `ceiling` are what the project holds the figure to; `unit` is `%` for shares of 1,
    `ms`, `MB`, `s`, or empty for a plain number.
    """

    what: str
    value: float
    n: int | None = None
    unit: str = ""
    baseline: float | None = None
    against: str = ""
    floor: float | None = None
    ceiling: float | None = None

    @property
    def holds(self) -> bool:
        return (self.floor is None or self.value >= self.floor) and (
            self.ceiling is None or self.value <= self.ceiling
        )

    def line(self) -> str:
        parts = [f"{self.what:<58} {self.shown(self.value):>9}"]
        if self.n is not None:
            parts.append(f"n={self.n}")
        if self.baseline is not None:
            parts.append(f"{self.against or 'baseline'} {self.shown(self.baseline)}")
        if not self.holds:
            bound = self.floor if self.floor is not None else self.ceiling
            parts.append(f"BREAKS its bound {self.shown(bound)}" if bound is not None else "")
        return "  ".join(parts)

    def json(self, section: str) -> str:
        return json.dumps({"section": section, **vars(self)}, ensure_ascii=False)

    def shown(self, value: float) -> str:
        if self.unit == "%":
            return f"{value:.1%}"
        decimals = 4 if not self.unit and abs(value) <= 1 else 1
        return f"{value:.{decimals}f} {self.unit}".rstrip()

"""A unit as a ruling names it: who stands above it, who sees its orders, who comes after it."""

from domain.model import Frozen
from domain.vocabulary import UnitKind


class Unit(Frozen):
    """One node of the city's unit tree.

    `chain` holds the codes above it, nearest first, up to the last resort. `cc` are the units that
    see its orders (Art. 12: the district sees what goes to its sub-district). `higher_hand` leads
    the round after a negative evaluation.
    """

    code: str
    name: str
    kind: UnitKind
    parent: str | None = None
    chain: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    district: str | None = None
    higher_hand: str
    no_authority: bool = False
    valid: bool = True
    successor: str | None = None

"""What the packs refuse: a broken pack at start-up, and a name that no pack knows later.

InvalidRule
`-- InvalidPack          a pack's file says something that cannot be applied
HotlineError
`-- UnknownName          a pack, unit or language that does not exist
    |-- UnknownPack
    `-- UnknownUnit
"""

from domain.errors import HotlineError, InvalidRule


class InvalidPack(InvalidRule):
    """A rule pack that must not go to work: which file, which key, and why."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}" if key else file, reason)
        self.file = file
        self.key = key
        self.reason = reason


class UnknownName(HotlineError):
    """A code that nothing answers to."""


class UnknownPack(UnknownName):
    """No folder of that name is a rule pack that can be used."""


class UnknownUnit(UnknownName):
    """No unit of the pack's tree has that code."""


class NotALead(HotlineError):
    """A unit that may assist and never lead (Art. 17: the community)."""

"""Why something sealed cannot be opened.

SealingError
|-- SealBroken          damaged, of another complaint or field, or not sealed at all
|-- PersonErased        the data key was destroyed; nobody can open it again
|-- NoDataKey           this complaint never had a data key here
`-- MasterKeyMissing    the data key is wrapped with a master key that this process does not hold
"""


class SealingError(Exception):
    """Names the complaint and the field; never a value."""

    def __init__(self, number: str, field: str = "") -> None:
        super().__init__(f"{type(self).__name__}: complaint {number} {field}".rstrip())
        self.number = number
        self.field = field


class SealBroken(SealingError):
    """The value was not sealed by this key for this field, or was changed since."""


class PersonErased(SealingError):
    """The person was erased: an answer that is final and lawful."""


class NoDataKey(SealingError):
    """No data key is stored under this number."""


class MasterKeyMissing(SealingError):
    """`field` is the id of the master key that would be needed."""

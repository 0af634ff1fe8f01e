"""The secrets that sealing works with, each derived from a master key for one purpose only."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, Self

WRAPPING = "data-key-wrapping"
TOKENS = "tokens"
PERSONS = "person-keys"
SKETCHES = "sketches"


class MasterMaterial(Protocol):
    """What `runtime.master_key.MasterKeys` offers; sealing does not import the runtime."""

    current_id: str

    def derive(self, purpose: str, key_id: str | None = None) -> bytes: ...


class _Derived(dict[str, bytes]):
    """Key-encryption keys by master key id, derived when first asked for."""

    def __init__(self, derive: Callable[[str, str], bytes]) -> None:
        super().__init__()
        self._derive = derive

    def __missing__(self, key_id: str) -> bytes:
        self[key_id] = self._derive(WRAPPING, key_id)
        return self[key_id]


@dataclass(frozen=True, repr=False)
class SealingKeys:
    """`kek_by_id` wraps data keys, by the id of the master key; `current` wraps new ones."""

    kek_by_id: dict[str, bytes]
    current: str
    token_key: bytes
    person_key: bytes
    sketch_key: bytes

    @classmethod
    def derived(cls, master: MasterMaterial) -> Self:
        return cls(
            kek_by_id=_Derived(master.derive),
            current=master.current_id,
            token_key=master.derive(TOKENS),
            person_key=master.derive(PERSONS),
            sketch_key=master.derive(SKETCHES),
        )

    def body_hash(self, body: bytes) -> str:
        """Tells a repeated request from a changed one; keyed, for a plain hash could be guessed."""
        return hmac.new(self.token_key, b"body\n" + body, sha256).hexdigest()

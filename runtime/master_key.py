"""The master keys: where they come from, and one sub-key for each purpose.

A master key never encrypts anything itself. Each use derives its own sub-key, so that the codec,
the sealing of personal data, the tokens and the person hash cannot read one another's material.
"""

import base64
import binascii
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from settings import Settings

KEY_BYTES = 32
FILE_NAME = "master.key"


class MasterKeyRefused(Exception):
    """The master key material cannot be used; the message names the cause and never the key."""


class MasterKeys:
    """The current master key and the older ones that can still read what they wrote."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise MasterKeyRefused("no master key given")
        for key_id, key in keys.items():
            if len(key) != KEY_BYTES:
                raise MasterKeyRefused(f"master key {key_id!r} is not {KEY_BYTES} bytes long")
        self._keys = dict(keys)
        self.current_id = next(iter(self._keys))
        self._derived = cache(self._derive)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `id:base64,id:base64`; the first is current."""
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            key_id, separator, encoded = entry.partition(":")
            if not separator or not key_id:
                raise MasterKeyRefused("a master key is written id:base64")
            if key_id in keys:
                raise MasterKeyRefused(f"two master keys are called {key_id!r}")
            try:
                keys[key_id] = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                raise MasterKeyRefused(f"master key {key_id!r} is not base64") from None
        return cls(keys)

    @classmethod
    def generate(cls) -> Self:
        return cls({f"k{secrets.token_hex(4)}": secrets.token_bytes(KEY_BYTES)})

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """The configured keys, or those of the data folder, where the first start makes one."""
        if settings.master_key is not None:
            return cls.parse(settings.master_key.get_secret_value())
        return cls.kept_in(settings.data)

    @classmethod
    def kept_in(cls, folder: Path) -> Self:
        path = folder / FILE_NAME
        if not path.exists():
            _publish(cls.generate().text(), path)
        if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            raise MasterKeyRefused(f"{path} can be read by others; chmod it to 600")
        return cls.parse(path.read_text(encoding="ascii"))

    def text(self) -> str:
        """The keys in the form that `parse` reads."""
        return ",".join(
            f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in self._keys.items()
        )

    def derive(self, purpose: str, key_id: str | None = None) -> bytes:
        """The sub-key for one purpose; `KeyError` for a key id that is not held."""
        return self._derived(purpose, self.current_id if key_id is None else key_id)

    def __contains__(self, key_id: object) -> bool:
        return key_id in self._keys

    def __repr__(self) -> str:
        return f"MasterKeys({', '.join(self._keys)})"

    def _derive(self, purpose: str, key_id: str) -> bytes:
        info = f"hotline/{purpose}".encode()
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self._keys[key_id])


def _publish(text: str, path: Path) -> None:
    """Writes the file whole and for its owner only; of several first starts one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".master-")  # made with mode 600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # link, unlike rename, never replaces a key that another process has just published
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

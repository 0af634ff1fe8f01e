"""The data key of one complaint: seals words and opens them again, exactly as they went in."""

import base64
import binascii
import json
import os
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.acts import Sealable
from sealing.errors import SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12


class DataKey:
    """AES-256-GCM. Number and field are bound in: a value opens only where it was sealed for."""

    def __init__(self, number: str, material: bytes) -> None:
        self.number = number
        self.material = material
        self._cipher = AESGCM(material)

    @classmethod
    def generate(cls, number: str) -> Self:
        return cls(number, os.urandom(KEY_BYTES))

    def seal(self, field: str, text: str) -> str:
        """`sealed:v1:` and base64url of nonce and ciphertext. Any text, NUL included."""
        nonce = os.urandom(NONCE_BYTES)
        plain = text.encode("utf-8", "surrogatepass")
        sealed = self._cipher.encrypt(nonce, plain, self._context(field))
        return Sealable.SEAL + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, field: str, sealed: str) -> str:
        """Raises `SealBroken`."""
        if not sealed.startswith(Sealable.SEAL):
            raise SealBroken(self.number, field)
        try:
            raw = base64.b64decode(sealed[len(Sealable.SEAL) :], altchars=b"-_", validate=True)
            plain = self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._context(field))
        except (InvalidTag, binascii.Error, ValueError):
            raise SealBroken(self.number, field) from None
        return plain.decode("utf-8", "surrogatepass")

    def _context(self, field: str) -> bytes:
        return json.dumps([self.number, field]).encode()

    def __repr__(self) -> str:
        return f"DataKey({self.number})"

"""The payload codec: nothing that a complaint carries is readable in Temporal's database.

Each payload has a key of its own, derived from the codec's sub-key and a random salt that travels
in the payload's metadata. No context and no I/O: the law runs on when PostgreSQL does not, and the
codec server can read for the UI.
"""

import json
import os
import zlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from runtime.master_key import MasterKeys

ENCODING = b"binary/encrypted"
PURPOSE = "payload-codec"
SALT_BYTES = 16
NONCE_BYTES = 12
UNDECODABLE = "undecodable"
COMPRESSION = b"zlib"
WORTH_COMPRESSING = 512
"""Bytes; a complaint's state shrinks to a fifth, and a history keeps dozens of them."""


class EncryptingCodec(PayloadCodec):
    """AES-GCM over the whole serialized payload, with the key's id bound as associated data."""

    def __init__(self, master_keys: MasterKeys) -> None:
        self._master_keys = master_keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Never raises: in a worker that jams the workflow before any handler runs."""
        return [self._decrypt(payload) for payload in payloads]

    def _encrypt(self, payload: Payload) -> Payload:
        key_id = self._master_keys.current_id
        salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
        cipher = self._cipher(key_id, salt)
        plain = payload.SerializeToString()
        metadata = {
            "encoding": ENCODING,
            "encryption-key-id": key_id.encode(),
            "encryption-salt": salt,
        }
        if len(plain) >= WORTH_COMPRESSING:
            plain = zlib.compress(plain)
            metadata["compression"] = COMPRESSION
        sealed = cipher.encrypt(nonce, plain, key_id.encode())
        return Payload(metadata=metadata, data=nonce + sealed)

    def _decrypt(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id = payload.metadata.get("encryption-key-id", b"").decode(errors="replace")
        if key_id not in self._master_keys:
            return _marker("unknown-key")
        cipher = self._cipher(key_id, payload.metadata.get("encryption-salt", b""))
        nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
        try:
            plain = cipher.decrypt(nonce, sealed, key_id.encode())
            if payload.metadata.get("compression") == COMPRESSION:
                plain = zlib.decompress(plain)
            return Payload.FromString(plain)
        except (InvalidTag, DecodeError, ValueError, OverflowError, zlib.error):
            return _marker("damaged")

    def _cipher(self, key_id: str, salt: bytes) -> AESGCM:
        secret = self._master_keys.derive(PURPOSE, key_id)
        return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"hotline/payload").derive(secret))


def _marker(reason: str) -> Payload:
    """What stands in for a payload that cannot be read: JSON that workflows know and refuse."""
    return Payload(
        metadata={"encoding": b"json/plain"}, data=json.dumps({UNDECODABLE: reason}).encode()
    )

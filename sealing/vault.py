"""The vault: makes, wraps, fetches and destroys the data keys of complaints."""

import os
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sealing.data_key import NONCE_BYTES, DataKey
from sealing.errors import MasterKeyMissing, NoDataKey, PersonErased, SealBroken
from sealing.keys import SealingKeys
from storage import data_keys
from storage.database import Database, Session

WRAPPED = "data key"


class Vault:
    """Nothing is cached: a key that was erased is gone for every process at once."""

    def __init__(self, keys: SealingKeys) -> None:
        self._keys = keys

    async def keep(
        self, session: Session, data_key: DataKey, person_key: str | None = None
    ) -> None:
        """Stores a new data key, wrapped; in the transaction that journals the submission."""
        cipher = AESGCM(self._keys.kek_by_id[self._keys.current])
        nonce = os.urandom(NONCE_BYTES)
        wrapped = nonce + cipher.encrypt(nonce, data_key.material, data_key.number.encode())
        await data_keys.add(session, data_key.number, wrapped, self._keys.current, person_key)

    async def fetch(self, session: Session, number: str) -> DataKey:
        """Raises `NoDataKey`, `PersonErased`, `MasterKeyMissing`, `SealBroken`."""
        row = await data_keys.find(session, number)
        if row is None:
            raise NoDataKey(number)
        if row.wrapped_key is None:
            raise PersonErased(number)
        return self._unwrap(number, row.wrapped_key, row.master_key_id)

    async def receipt_version(self, session: Session, number: str) -> int | None:
        """Which receipt tokens are in force; None for an unknown number."""
        row = await data_keys.find(session, number)
        return None if row is None else row.receipt_version

    async def erased_at(self, session: Session, number: str) -> datetime | None:
        row = await data_keys.find(session, number)
        return None if row is None else row.erased_at

    async def erase(self, database: Database, *numbers: str) -> None:
        """Destroys the keys and the person's hashes for good; safe to repeat.

        Raises `NoDataKey`, and `StillSeen` where the old row must stay in PostgreSQL's files for
        now: then the key is gone for everyone, and erasing again clears the files.

        What is left: a row that says when, and, until PostgreSQL reuses its write-ahead log and
        backups expire, a wrapped key that only the master key could open.
        """
        async with database.transaction() as session:
            for number in numbers:
                if not await data_keys.erase(session, number):
                    raise NoDataKey(number)
        await data_keys.scrub(database)

    def _unwrap(self, number: str, wrapped: bytes, master_key_id: str) -> DataKey:
        try:
            cipher = AESGCM(self._keys.kek_by_id[master_key_id])
        except KeyError:
            raise MasterKeyMissing(number, master_key_id) from None
        try:
            material = cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], number.encode())
        except InvalidTag:
            raise SealBroken(number, WRAPPED) from None
        return DataKey(number, material)

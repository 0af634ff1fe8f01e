"""Tokens that citizens act with: derived, never stored, compared in constant time.

`r.<number>.<mac>` is the receipt of a complaint; a new version of it voids the older ones.
`e.<number>.<opening>.<mac>` answers one opening of the evaluation and says which.
"""

import base64
import hmac
from dataclasses import dataclass
from hashlib import sha256

from sealing.keys import SealingKeys

RECEIPT = "r"
EVALUATION = "e"
MAC_BYTES = 16  # 128 bits; short enough for a text message
LONGEST_OPENING = 6


@dataclass(frozen=True)
class Opening:
    """What a genuine evaluation token says."""

    number: str
    opening: int


def receipt_token(keys: SealingKeys, number: str, version: int) -> str:
    return f"{RECEIPT}.{number}.{_mac(keys, RECEIPT, number, str(version))}"


def number_of_receipt(token: str) -> str | None:
    """The complaint that a receipt token claims to be for; not proof of anything."""
    parts = token.split(".")
    return parts[1] if len(parts) == 3 and parts[0] == RECEIPT else None


def is_receipt(keys: SealingKeys, token: str, number: str, version: int) -> bool:
    expected = receipt_token(keys, number, version)
    return hmac.compare_digest(token.encode(), expected.encode())


def evaluation_token(keys: SealingKeys, number: str, opening: int) -> str:
    mac = _mac(keys, EVALUATION, number, str(opening))
    return f"{EVALUATION}.{number}.{opening}.{mac}"


def read_evaluation_token(keys: SealingKeys, token: str) -> Opening | None:
    """None for anything that these keys did not make."""
    parts = token.split(".")
    if len(parts) != 4 or parts[0] != EVALUATION:
        return None
    number, opening = parts[1], parts[2]
    if not (opening.isascii() and opening.isdecimal() and len(opening) <= LONGEST_OPENING):
        return None
    expected = evaluation_token(keys, number, int(opening))
    genuine = hmac.compare_digest(token.encode(), expected.encode())
    return Opening(number, int(opening)) if genuine else None


def _mac(keys: SealingKeys, *parts: str) -> str:
    # The parts hold no dot: a number and a count are digits, so no two lists join to one text.
    digest = hmac.new(keys.token_key, ".".join(parts).encode(), sha256).digest()[:MAC_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")

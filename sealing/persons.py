"""Recognises a returning person without knowing them: a keyed hash of a normalised contact."""

import hmac
import re
import unicodedata
from hashlib import sha256
from typing import Literal

from sealing.keys import SealingKeys

Kind = Literal["phone", "email", "account"]
MOBILE = re.compile(r"1[3-9][0-9]{9}")
COUNTRY = "86"
SHORTEST_PHONE = 5


def person_key(keys: SealingKeys, kind: Kind, value: str) -> str | None:
    """The same for every spelling of one contact; None for what names nobody, such as `n/a`.

    An account is `<channel>:<id>`, taken as it is.
    """
    contact = normalised(kind, value)
    if not contact:
        return None
    message = f"{kind}\n{contact}".encode("utf-8", "surrogatepass")
    return hmac.new(keys.person_key, message, sha256).hexdigest()


def normalised(kind: Kind, value: str) -> str:
    text = unicodedata.normalize("NFKC", value).strip()
    match kind:
        case "phone":
            return _phone(text)
        case "email":
            return text.casefold()
        case "account":
            return text


def _phone(text: str) -> str:
    """E.164 where the number says enough; Chinese numbers may leave the country out."""
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) < SHORTEST_PHONE:
        return ""
    if text.startswith("+"):
        international = digits
    elif digits.startswith("00"):
        international = digits[2:]
    elif MOBILE.fullmatch(digits):
        international = COUNTRY + digits
    elif digits.startswith("0"):
        international = COUNTRY + digits[1:]
    elif digits.startswith(COUNTRY) and MOBILE.fullmatch(digits[len(COUNTRY) :]):
        international = digits
    else:
        return digits
    return "+" + re.sub(f"^{COUNTRY}0", COUNTRY, international)  # +86 (0)10 ... is written too

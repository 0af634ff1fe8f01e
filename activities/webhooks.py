"""Signed webhooks: where a destination's notices go, and how it can tell that they are ours."""

import hmac
import json
import tomllib
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from pydantic import HttpUrl, SecretStr

from domain.model import Strict

SIGNATURE = "Hotline-Signature"
TIMESTAMP = "Hotline-Timestamp"
NOTICE_ID = "Hotline-Notice"
TIMEOUT_SECONDS = 8  # less than the lane gives one attempt


class Destination(Strict):
    """A receiver of notices: a unit's code, or `citizen` for the gateway to all citizens."""

    url: HttpUrl
    secret: SecretStr


class NotTaken(Exception):
    """The destination could not be reached or did not answer with 2xx."""


def read_destinations(path: Path) -> dict[str, Destination]:
    """Reads `[<unit code>]` tables with `url` and `secret`."""
    with path.open("rb") as file:
        return {
            code: Destination.model_validate(entry) for code, entry in tomllib.load(file).items()
        }


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and HMAC-SHA256, in hex, over the timestamp, a dot and the body."""
    message = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), message, sha256).hexdigest()


async def post(
    http: httpx.AsyncClient, destination: Destination, notice_id: str, message: dict[str, Any]
) -> datetime:
    """Sends once; returns when 2xx came. Raises `NotTaken`, without address or answer."""
    body = json.dumps(message, separators=(",", ":")).encode()
    timestamp = str(int(datetime.now(UTC).timestamp()))
    headers = {
        "Content-Type": "application/json",
        NOTICE_ID: notice_id,
        TIMESTAMP: timestamp,
        SIGNATURE: signature(destination.secret.get_secret_value(), timestamp, body),
    }
    try:
        answer = await http.post(str(destination.url), content=body, headers=headers)
    except httpx.HTTPError as failed:
        raise NotTaken(type(failed).__name__) from None
    if not answer.is_success:
        raise NotTaken(f"answered {answer.status_code}")
    return datetime.now(UTC)

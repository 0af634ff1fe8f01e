"""The hash chain of a legal file: each event's hash covers the event and the hash before it.

The hash is over canonical JSON: keys sorted, no spaces, ASCII, instants in UTC. A field of the
event that is None is left out, so that one added to the model later breaks no old chain.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from domain.event import Event

GENESIS = "0" * 64
"""What the first event of every complaint stands on."""


def canonical(document: Any) -> str:
    """The one spelling of a JSON document."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def link(previous: str, event: Event) -> str:
    """The hash of `event`, which follows the event with the hash `previous`."""
    return link_fields(previous, event.model_dump(mode="json"))


def link_fields(previous: str, fields: Mapping[str, Any]) -> str:
    """The same from an event's fields as JSON: stored documents are hashed as they were written."""
    present = {name: value for name, value in fields.items() if value is not None}
    return sha256(f"{previous}\n{canonical(present)}".encode()).hexdigest()

"""From what Temporal delivers to an act: updates from the API, signals from anyone.

A signal is taken raw and checked here, because what raises before a handler would jam the workflow
or vanish. A direct signal counts from the instant it is taken, carries no free words, and what its
sender claims about the time is only kept beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue

from domain.act_table import ACTS, ActSpec
from domain.acts import Act, OrderAct, plain_words
from domain.outcome import ActOutcome
from domain.vocabulary import Role, Via

UNDECODABLE = "undecodable"
"""What the codec hands on for a payload that it cannot read; an act without required fields takes
any JSON object for itself, and must not take this one."""


class Malformed(Exception):
    """A message that is no act; `reason` quotes nothing that was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Message:
    """An act that waits its turn, and its outcome once it has had it."""

    name: str
    act: Act
    outcome: ActOutcome | None = None


def read_update(name: str, args: Sequence[RawValue]) -> Message:
    """An act as the API stamped it; raises `Malformed`."""
    spec = _spec(name)
    return Message(name, _build(spec, _fields(args)))


def read_signal(name: str, args: Sequence[RawValue], now: datetime) -> Message:
    """An act as anyone may send it to Temporal; raises `Malformed`."""
    spec = _spec(name)
    fields = _fields(args)
    claimed = fields.get("received_at")
    fields |= {"via": Via.SIGNAL, "received_at": now, "claimed_at": claimed}
    fields.setdefault("id", f"signal-{workflow.uuid4()}")
    fields["actor"] = _sender(spec, fields.get("actor"))
    act = _build(spec, fields)
    words = plain_words(act)
    if words:
        raise Malformed(f"plain words in {', '.join(words)}")
    return Message(name, act)


def _spec(name: str) -> ActSpec:
    spec = ACTS.get(name)
    if spec is None:
        raise Malformed("unknown name")
    return spec


def _fields(args: Sequence[RawValue]) -> dict[str, Any]:
    if len(args) != 1:
        raise Malformed(f"{len(args)} arguments instead of one")
    try:
        value = workflow.payload_converter().from_payload(args[0].payload, dict[str, Any])
    except Exception as unreadable:  # whatever a converter makes of foreign bytes
        raise Malformed("no JSON object") from unreadable
    if not isinstance(value, dict):
        raise Malformed("no JSON object")
    if UNDECODABLE in value:
        raise Malformed("undecodable")
    return dict(value)


def _build(spec: ActSpec, fields: dict[str, Any]) -> Act:
    try:
        return spec.model.model_validate(fields)
    except ValidationError as broken:
        named = (".".join(map(str, e["loc"])) for e in broken.errors(include_input=False))
        raise Malformed("invalid " + ", ".join(named)) from broken


def _sender(spec: ActSpec, actor: Any) -> dict[str, Any]:
    """Whoever reaches Temporal is trusted with the act's own role, unless they name another."""
    given = actor if isinstance(actor, dict) else {}
    role = Role.HOTLINE if Role.HOTLINE in spec.roles else sorted(spec.roles)[0]
    if issubclass(spec.model, OrderAct) and Role.UNIT in spec.roles:
        role = Role.UNIT
    return {"role": role, "key": "signal"} | given

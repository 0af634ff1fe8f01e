"""What every POST brings beside its body: when it was here, and the key under which it is known."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header

LONGEST_ACT_ID = 160

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The act's id, in the scope of the API key; a repeat hears the first answer.",
    ),
]


@dataclass(frozen=True)
class Arrival:
    """`received_at` is what the law goes by: the instant at which the whole body was here."""

    received_at: datetime
    idempotency_key: str

    def act_id(self, key: str) -> str:
        """Unique among all acts: the scope and the sender's key, hashed where it is long."""
        plain = f"{key}:{self.idempotency_key}"
        if len(plain) <= LONGEST_ACT_ID:
            return plain
        return f"{key}:{sha256(self.idempotency_key.encode()).hexdigest()}"


async def arrive(idempotency_key: IdempotencyKey) -> Arrival:
    """Name it first among an endpoint's parameters: nothing slow may come before the stamp."""
    return Arrival(datetime.now(UTC), idempotency_key)


Arrived = Annotated[Arrival, Depends(arrive)]

"""Who calls: the holder of a key, or a citizen with the token of one complaint."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.problems import Forbidden, Unauthenticated
from api.resources import Resources, Shared
from domain.acts import Actor
from domain.vocabulary import Role
from sealing.tokens import is_receipt, number_of_receipt, read_evaluation_token
from sealing.vault import Vault
from storage import api_keys

bearer = HTTPBearer(
    auto_error=False, description="An API key, a receipt token, or an evaluation token."
)
StaffCode = Annotated[
    str | None,
    Header(
        alias="Hotline-Actor",
        pattern=r"^[A-Za-z0-9_.\-]{1,64}$",
        description="The code of the member of staff who acts through this key.",
    ),
]


@dataclass(frozen=True)
class Caller:
    """`key` scopes idempotency keys; a citizen has a `number`, by evaluation link an `opening`.

    `vouches`: the persons whom this channel names are who they say they are.
    """

    role: Role
    key: str
    unit: str | None = None
    person: str | None = None
    packs: frozenset[str] = frozenset()
    vouches: bool = False
    number: str | None = None
    opening: int | None = None

    @property
    def actor(self) -> Actor:
        return Actor(role=self.role, key=self.key, unit=self.unit, person=self.person)

    def must_be(self, *roles: Role) -> None:
        """Raises `Forbidden` for any other role."""
        if self.role not in roles:
            raise Forbidden(f"for {', '.join(sorted(roles))} only")


async def authenticate(
    shared: Shared,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    person: StaffCode = None,
) -> Caller:
    if credentials is None:
        raise Unauthenticated
    token = credentials.credentials
    caller = (
        await _by_receipt(shared, token)
        or _by_evaluation_link(shared, token)
        or await _by_key(shared, token, person)
    )
    if caller is None:
        raise Unauthenticated
    return caller


Authenticated = Annotated[Caller, Depends(authenticate)]


async def _by_receipt(shared: Resources, token: str) -> Caller | None:
    number = number_of_receipt(token)
    if number is None or not number.isdecimal():
        return None
    async with shared.database.transaction() as session:
        version = await Vault(shared.keys).receipt_version(session, number)
    if version is None or not is_receipt(shared.keys, token, number, version):
        return None
    return Caller(Role.CITIZEN, f"receipt-{number}", number=number)


def _by_evaluation_link(shared: Resources, token: str) -> Caller | None:
    link = read_evaluation_token(shared.keys, token)
    if link is None:
        return None
    key = f"evaluation-{link.number}-{link.opening}"
    return Caller(Role.CITIZEN, key, number=link.number, opening=link.opening)


async def _by_key(shared: Resources, token: str, person: str | None) -> Caller | None:
    async with shared.database.transaction() as session:
        key = await api_keys.authenticate(session, token)
    if key is None:
        return None
    return Caller(
        key.role, key.id, unit=key.unit, person=person, packs=key.packs, vouches=key.vouches
    )

"""API keys to try the embedded system with, made once, kept beside the data."""

import json
import os
import secrets

from domain.vocabulary import Role
from settings import Settings
from storage import api_keys
from storage.database import Database

DEMO_PACKS = frozenset({"demo-fast"})
DEMO_UNIT = "110105001"
"""A sub-district of Beijing's default pack: what the first complaint of the README goes to."""

_KEYS: tuple[tuple[str, Role, str | None], ...] = (
    ("channel", Role.CHANNEL, None),
    ("phone", Role.CHANNEL, None),
    ("hotline", Role.HOTLINE, None),
    ("unit", Role.UNIT, DEMO_UNIT),
    ("supervisor", Role.SUPERVISOR, None),
    ("auditor", Role.AUDITOR, None),
    ("operator", Role.OPERATOR, None),
)

VOUCHING = "phone"
"""At the desk somebody has the caller on the line."""


async def demo_keys(settings: Settings, database_url: str) -> dict[str, str]:
    """Secret by name. Only for a database that this machine's user alone can reach."""
    found = _kept(settings)
    database = Database(database_url, "up")
    try:
        async with database.transaction() as session:
            for name, role, unit in _KEYS:
                packs = DEMO_PACKS | {settings.pack}
                await api_keys.ensure(
                    session,
                    f"demo-{name}",
                    role,
                    unit,
                    found[name],
                    packs=packs,
                    vouches=name == VOUCHING,
                )
    finally:
        await database.close()
    return found


def _kept(settings: Settings) -> dict[str, str]:
    path = settings.data / "demo-keys.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    made = {
        name: kept.get(name) or api_keys.PREFIX + secrets.token_urlsafe(24) for name, _, _ in _KEYS
    }
    if made == kept:
        return kept
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(made, file, indent=1)
    draft.rename(path)
    return made

"""The application on the real servers; `town` has a worker behind it, `cut_off` has no engine.

`attentive` and `attentive_cut_off` are the same with a rule pack that knows repeats.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from api.app import create_app
from api.catalogue import Catalogue
from api.gateway import Gateway
from cli.foresight import PackForesight
from domain.vocabulary import Role
from packs.loader import load_pack
from runtime.master_key import MasterKeys
from runtime.plugin import HotlinePlugin
from settings import Settings
from storage import api_keys
from tests.api.town import ATTENTIVE, CATALOGUE, DISTRICT, STREET, Town
from tests.storage.fixtures import migrated_url

__all__ = ["migrated_url"]

KEYS = {
    "channel": (Role.CHANNEL, None),
    "other channel": (Role.CHANNEL, None),
    "phone": (Role.CHANNEL, None),
    "hotline": (Role.HOTLINE, None),
    "supervisor": (Role.SUPERVISOR, None),
    "auditor": (Role.AUDITOR, None),
    "operator": (Role.OPERATOR, None),
    "street": (Role.UNIT, STREET),
    "district": (Role.UNIT, DISTRICT),
    "other unit": (Role.UNIT, "110108"),
}


@pytest.fixture(scope="session")
def settings(
    migrated_url: str, master_keys: MasterKeys, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    data: Path = tmp_path_factory.mktemp("api")
    return Settings(data=data, database_url=migrated_url, master_key=SecretStr(master_keys.text()))


@pytest.fixture(scope="session")
async def town(engine: WorkflowEnvironment, settings: Settings) -> AsyncIterator[Town]:
    async with town_of(settings, Gateway(engine.client)) as town:
        await hand_out_keys(town)
        yield town


@pytest.fixture(scope="session")
async def attentive(town: Town, settings: Settings) -> AsyncIterator[Town]:
    async with town_of(settings, town.shared.gateway, ATTENTIVE) as attentive:
        attentive.secrets = town.secrets
        yield attentive


@pytest.fixture(scope="session")
async def attentive_cut_off(cut_off: Town, settings: Settings) -> AsyncIterator[Town]:
    async with town_of(settings, cut_off.shared.gateway, ATTENTIVE) as attentive:
        attentive.secrets = cut_off.secrets
        yield attentive


@pytest.fixture(scope="session")
async def cut_off(settings: Settings, master_keys: MasterKeys) -> AsyncIterator[Town]:
    """The same API and database, and an engine that nobody can reach."""
    client = await Client.connect("127.0.0.1:1", lazy=True, plugins=[HotlinePlugin(master_keys)])
    async with town_of(settings, Gateway(client)) as town:
        await hand_out_keys(town)
        yield town


@asynccontextmanager
async def town_of(
    settings: Settings, gateway: Gateway, catalogue: Catalogue = CATALOGUE
) -> AsyncIterator[Town]:
    foresight = PackForesight([load_pack(entry.id) for entry in CATALOGUE.packs])
    app = create_app(settings, catalogue=catalogue, foresight=foresight, gateway=lambda _: gateway)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://town") as client,
    ):
        yield Town(client, app.state.resources)


async def hand_out_keys(town: Town) -> None:
    async with town.shared.database.transaction() as session:
        for name, (role, unit) in KEYS.items():
            packs = frozenset({"demo-fast"}) if name == "hotline" else frozenset[str]()
            vouches = name == "phone"
            key = await api_keys.create(
                session, role, unit=unit, name=name, packs=packs, vouches=vouches
            )
            town.secrets[name] = key[1]

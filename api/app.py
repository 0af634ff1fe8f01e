"""The HTTP application: what it needs is made when it starts and closed when it ends."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from api import (
    accuracy_route,
    completions,
    health,
    intake,
    limits,
    lists,
    persons,
    preview,
    problems,
    rates_route,
    reads,
    receipts,
    registers,
)
from api.act_routes import act_router
from api.catalogue import Catalogue
from api.foresight import Foresight
from api.gateway import Gateway
from api.relay import relay
from api.resources import Resources
from runtime.client import connect
from runtime.database import database_url
from runtime.master_key import MasterKeys
from sealing.keys import SealingKeys
from settings import Settings
from storage.database import Database

ROUTERS = (
    intake.router,
    reads.router,
    persons.router,
    receipts.router,
    completions.router,
    lists.router,
    registers.router,
    rates_route.router,
    accuracy_route.router,
    health.router,
)


def create_app(
    settings: Settings,
    *,
    catalogue: Catalogue | None = None,
    foresight: Foresight | None = None,
    gateway: Callable[[MasterKeys], Gateway] | None = None,
) -> FastAPI:
    """`catalogue` shows and checks codes; without it no complaint can be taken.

    `foresight` says what would be ruled; without it there is no preview.
    `gateway` replaces the connection that the environment configures.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        master_keys = MasterKeys.load(settings)
        database = Database(database_url(settings), "api")
        shared = Resources(
            settings=settings,
            database=database,
            gateway=gateway(master_keys) if gateway else await _connected(settings, master_keys),
            keys=SealingKeys.derived(master_keys),
            catalogue=catalogue or Catalogue(),
            foresight=foresight,
        )
        app.state.resources = shared
        beside = [asyncio.create_task(relay(shared))]
        if foresight is not None:
            beside.append(asyncio.create_task(asyncio.to_thread(foresight.warm)))
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await database.close()

    app = FastAPI(
        title="Hotline",
        description="Citizens' complaints, each one durable workflow under a legal clock.",
        lifespan=lifespan,
    )
    app.add_middleware(limits.BodyLimit)
    app.add_middleware(limits.RequestLog)
    problems.install(app)
    foreseeing = (preview.router,) if foresight else ()
    for router in (*ROUTERS, *foreseeing, act_router()):
        app.include_router(router)
    return app


async def _connected(settings: Settings, master_keys: MasterKeys) -> Gateway:
    return Gateway(await connect(settings, master_keys, lazy=True, role="api"))

"""Whether the process is up, and whether what it needs answers."""

from fastapi import APIRouter, Response

from api.resources import Shared
from domain.model import Strict
from storage.database import DatabaseDown

router = APIRouter(tags=["health"])


class Health(Strict):
    up: bool = True


class Readiness(Strict):
    """Without the engine, acts are journaled and answered 202; without the database nothing is."""

    ready: bool
    database: bool
    temporal: bool


@router.get("/healthz")
async def healthz() -> Health:
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness}})
async def readyz(shared: Shared, response: Response) -> Readiness:
    try:
        await shared.database.ping()
        database = True
    except DatabaseDown:
        database = False
    temporal = await shared.gateway.reachable()
    readiness = Readiness(ready=database and temporal, database=database, temporal=temporal)
    response.status_code = 200 if readiness.ready else 503
    return readiness

"""What the endpoints share: made once per process, handed to each request."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.catalogue import Catalogue
from api.foresight import Foresight
from api.gateway import Gateway
from sealing.keys import SealingKeys
from settings import Settings
from storage.database import Database


@dataclass(frozen=True)
class Resources:
    settings: Settings
    database: Database
    gateway: Gateway
    keys: SealingKeys
    catalogue: Catalogue
    foresight: Foresight | None = None


def of_request(request: Request) -> Resources:
    resources = request.app.state.resources
    assert isinstance(resources, Resources)
    return resources


Shared = Annotated[Resources, Depends(of_request)]

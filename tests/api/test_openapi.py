"""The OpenAPI document, as those read it who write a client."""

from typing import Any

import pytest

from tests.api.town import Town


async def document(town: Town) -> dict[str, Any]:
    read: dict[str, Any] = (await town.client.get("/openapi.json")).json()
    return read


async def test_no_schema_bears_the_name_of_a_module(cut_off: Town) -> None:
    schemas = (await document(cut_off))["components"]["schemas"]

    assert [name for name in schemas if "__" in name] == []


@pytest.mark.parametrize("path", ["/v1/orders/completion", "/v1/classification/preview"])
async def test_a_route_names_the_answers_that_it_has(cut_off: Town, path: str) -> None:
    route = (await document(cut_off))["paths"][path]["post"]

    assert set(route["responses"]) == {"200", "401", "403", "413", "422", "503"}

"""Temporal's remote codec protocol, for the pages of the UI and nobody else."""

import base64
import json
import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from runtime.codec import EncryptingCodec
from runtime.codec_server import create_codec_app
from runtime.master_key import MasterKeys

UI = "http://localhost:8233"
PLAIN = {
    "metadata": {"encoding": base64.b64encode(b"json/plain").decode()},
    "data": base64.b64encode(b'"words"').decode(),
}


async def _client(keys: MasterKeys, token: str | None = None) -> httpx.AsyncClient:
    app = create_codec_app(EncryptingCodec(keys), [UI], token)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://codec")


@pytest.fixture
async def server(master_keys: MasterKeys) -> AsyncIterator[httpx.AsyncClient]:
    async with await _client(master_keys) as client:
        yield client


async def test_what_it_encodes_it_decodes(server: httpx.AsyncClient) -> None:
    encoded = (await server.post("/encode", json={"payloads": [PLAIN, PLAIN]})).json()
    decoded = (await server.post("/decode", json=encoded)).json()

    assert encoded["payloads"][0]["data"] != PLAIN["data"]
    assert decoded == {"payloads": [PLAIN, PLAIN]}


async def test_what_cannot_be_read_comes_back_marked(server: httpx.AsyncClient) -> None:
    async with await _client(MasterKeys.generate()) as stranger:
        foreign = (await stranger.post("/encode", json={"payloads": [PLAIN]})).json()

    decoded = (await server.post("/decode", json=foreign)).json()

    words = base64.b64decode(decoded["payloads"][0]["data"])
    assert json.loads(words) == {"undecodable": "unknown-key"}


async def test_the_ui_may_ask_from_its_page(server: httpx.AsyncClient) -> None:
    preflight = await server.options(
        "/decode",
        headers={
            "origin": UI,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type,x-namespace",
        },
    )
    answer = await server.post("/decode", json={}, headers={"origin": UI})

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == UI
    assert answer.headers["access-control-allow-origin"] == UI


async def test_another_page_is_refused(server: httpx.AsyncClient) -> None:
    answer = await server.post("/decode", json={}, headers={"origin": "http://elsewhere"})

    assert answer.status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b'{"payloads": 1}', b"\xff"])
async def test_nonsense_is_a_bad_request(server: httpx.AsyncClient, body: bytes) -> None:
    assert (await server.post("/decode", content=body)).status_code == 400


async def test_a_token_is_asked_for_where_one_is_set(master_keys: MasterKeys) -> None:
    async with await _client(master_keys, "secret") as server:
        without = await server.post("/decode", json={})
        wrong = await server.post("/decode", json={}, headers={"authorization": "Bearer no"})
        right = await server.post("/decode", json={}, headers={"authorization": "Bearer secret"})

    assert (without.status_code, wrong.status_code, right.status_code) == (401, 401, 200)


async def test_each_call_leaves_a_line_without_its_content(
    server: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "hotline.codec.audit"):
        await server.post("/encode", json={"payloads": [PLAIN]}, headers={"x-namespace": "city"})

    assert len(caplog.messages) == 1
    assert "encode of 1 payloads for namespace 'city'" in caplog.text
    assert "words" not in caplog.text

"""The codec server: lets the Temporal UI and CLI read what the codec encrypted.

It decrypts for whoever reaches it, so it is a process of its own on loopback or a private network,
answers pages of the UI's origins only, can ask for a token, and writes a line for every call.
"""

import hmac
import logging
from collections.abc import Sequence

from fastapi import Depends, FastAPI, HTTPException, Request, Response, status
from fastapi.middleware.cors import CORSMiddleware
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads

from runtime.codec import EncryptingCodec

audit = logging.getLogger("hotline.codec.audit")


def create_codec_app(
    codec: EncryptingCodec, origins: Sequence[str], token: str | None = None
) -> FastAPI:
    """`POST /decode` and `POST /encode` in Temporal's remote codec protocol."""
    app = FastAPI(title="Hotline codec server", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["POST", "OPTIONS"],
        allow_headers=["content-type", "x-namespace", "authorization"],
    )

    def admitted(request: Request) -> None:
        # CORS only keeps a strange page from reading the answer; this refuses to give one.
        origin = request.headers.get("origin")
        if origin is not None and origin not in origins:
            raise HTTPException(status.HTTP_403_FORBIDDEN)
        offered = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token is not None and not hmac.compare_digest(offered.encode(), token.encode()):
            raise HTTPException(status.HTTP_401_UNAUTHORIZED)

    @app.post("/decode", dependencies=[Depends(admitted)])
    async def decode(request: Request) -> Response:
        payloads = await _payloads(request)
        _audit(request, "decode", len(payloads))
        return _answer(await codec.decode(payloads))

    @app.post("/encode", dependencies=[Depends(admitted)])
    async def encode(request: Request) -> Response:
        payloads = await _payloads(request)
        _audit(request, "encode", len(payloads))
        return _answer(await codec.encode(payloads))

    return app


async def _payloads(request: Request) -> Sequence[Payload]:
    try:
        return json_format.Parse(await request.body(), Payloads()).payloads
    except (json_format.ParseError, UnicodeDecodeError):
        raise HTTPException(status.HTTP_400_BAD_REQUEST) from None


def _answer(payloads: Sequence[Payload]) -> Response:
    body = json_format.MessageToJson(Payloads(payloads=payloads))
    return Response(body, media_type="application/json")


def _audit(request: Request, what: str, count: int) -> None:
    audit.info(
        "%s of %d payloads for namespace %s from %s, origin %s",
        what,
        count,
        _printable(request.headers.get("x-namespace")),
        request.client.host if request.client else "-",
        _printable(request.headers.get("origin")),
    )


def _printable(header: str | None) -> str:
    """A header cannot forge a second log line."""
    return "-" if header is None else repr(header[:100])

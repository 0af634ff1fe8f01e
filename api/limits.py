"""What every request meets first: a bound on its body, an id, and one log line without words."""

import logging
import secrets
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import TooLarge

LONGEST_BODY = 256 * 1024
"""Room for the longest lawful body with every character escaped."""

logger = logging.getLogger(__name__)


class BodyLimit:
    """Refuses a body that is too long, by what it says of itself or by what arrives."""

    def __init__(self, app: ASGIApp, longest: int = LONGEST_BODY) -> None:
        self.app = app
        self.longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self.longest:
            refusal = TooLarge(f"a body has at most {self.longest} bytes").response()
            return await refusal(scope, receive, send)
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.longest:
                # The framework would turn any other error of the body into a 400.
                raise HTTPException(TooLarge.status)
            return message

        await self.app(scope, bounded, send)


class RequestLog:
    """Gives each request an id and one line: the route, never the query, the body or the caller."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request_id = secrets.token_hex(8)
        started = time.perf_counter()
        status = 500

        async def identified(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    (b"cache-control", b"no-store"),
                ]
            await send(message)

        try:
            await self.app(scope, receive, identified)
        finally:
            route = getattr(scope.get("route"), "path", "(no route)")
            took = round((time.perf_counter() - started) * 1000)
            logger.info("%s %s %s %sms %s", scope["method"], route, status, took, request_id)

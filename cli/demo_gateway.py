"""The gateway that stands for every citizen's telephone: a webhook receiver of the demonstration.

It checks each notice's signature as any receiver should, and hands on the evaluation links.
"""

import asyncio
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from activities.webhooks import SIGNATURE, TIMESTAMP, signature

LARGEST_HEAD, LARGEST_BODY = 16_384, 1_000_000
TAKEN, REFUSED = b"204 No Content", b"401 Unauthorized"


@dataclass
class Gateway:
    """`links` gets (number, token) of each evaluation that is opened."""

    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    links: "asyncio.Queue[tuple[str, str]]" = field(default_factory=asyncio.Queue)
    notices: int = 0
    port: int = 0

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LARGEST_HEAD)
        self.port = server.sockets[0].getsockname()[1]
        return server

    @property
    def as_toml(self) -> str:
        return f'[citizen]\nurl = "http://127.0.0.1:{self.port}/"\nsecret = "{self.secret}"\n'

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                headers = _headers(head)
                body = await reader.readexactly(min(int(headers["content-length"]), LARGEST_BODY))
                status = TAKEN if self._take(headers, body) else REFUSED
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the sender is done
        finally:
            writer.close()

    def _take(self, headers: dict[str, str], body: bytes) -> bool:
        expected = signature(self.secret, headers.get(TIMESTAMP.lower(), ""), body)
        if not hmac.compare_digest(expected, headers.get(SIGNATURE.lower(), "")):
            return False
        notice: dict[str, Any] = json.loads(body)
        self.notices += 1
        if notice["kind"] == "evaluation_opened":
            self.links.put_nowait((notice["number"], notice["link"].partition("#")[2]))
        return True


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}

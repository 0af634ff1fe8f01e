"""A destination of notices: an HTTP server that checks signatures and keeps what it was told."""

import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a secret that both know"


@dataclass
class Inbox:
    """`taken` is what was answered with 2xx, in order; while `dead`, all is answered with 503."""

    url: str = ""
    dead: bool = False
    refused: int = 0
    forged: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)

    def of(self, number: str) -> list[dict[str, Any]]:
        return [notice for notice in self.taken if notice["number"] == number]

    def take(self, headers: dict[str, str], body: bytes) -> int:
        message = headers["hotline-timestamp"].encode() + b"." + body
        expected = "v1=" + hmac.new(SECRET.encode(), message, sha256).hexdigest()
        notice = json.loads(body)
        if expected != headers["hotline-signature"] or notice["id"] != headers["hotline-notice"]:
            self.forged += 1
            return 401
        if self.dead:
            self.refused += 1
            return 503
        self.taken.append(notice)
        return 204


@contextmanager
def inbox() -> Iterator[Inbox]:
    receiving = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiving.take(headers, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiving.url = f"http://127.0.0.1:{server.server_port}/notices"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiving
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""A destination's own HTTP server: keeps what it was told, and answers as the test says."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic import HttpUrl, SecretStr

from activities.webhooks import Destination

SECRET = "a secret that both know"


class Receiver:
    """`answers` are used up one by one, then every call gets 204; 503 while it `refuses`."""

    def __init__(self, url: str) -> None:
        self.destination = Destination(url=HttpUrl(url), secret=SecretStr(SECRET))
        self.answers: list[int] = []
        self.refuses = False
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    @property
    def ids(self) -> list[str]:
        return [headers["hotline-notice"] for headers, _ in self.calls]


@contextmanager
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiving.calls.append((headers, body))
            receiving.may_answer.wait(20)
            status = receiving.answers.pop(0) if receiving.answers else 204
            if receiving.refuses:
                status = 503
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiving = Receiver(f"http://127.0.0.1:{server.server_port}/notices?token=hidden")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiving
    finally:
        receiving.may_answer.set()
        server.shutdown()
        server.server_close()
        thread.join()

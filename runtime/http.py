"""Serves an ASGI application inside a process that handles its signals itself."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

LONGEST_DRAIN_SECONDS = 8


async def serve(app: FastAPI, host: str, port: int) -> None:
    """Until cancelled; then requests in flight are answered first."""
    server = _Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            # Addresses carry single-use tokens: they belong in no log.
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=LONGEST_DRAIN_SECONDS,
        )
    )
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn would raise the signal again after serving and end the process its own way."""
        yield

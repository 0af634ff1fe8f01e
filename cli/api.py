"""`hotline api`: serves HTTP."""

from runtime.http import serve
from runtime.logs import set_up_logging
from runtime.shutdown import run_process
from settings import Settings


def api() -> None:
    """Serve the HTTP API."""
    from api.app import create_app

    settings = Settings.load()
    set_up_logging(settings)
    run_process(serve(create_app(settings), settings.api_host, settings.api_port))

"""`hotline api`: serves HTTP."""

from runtime.http import serve
from runtime.logs import set_up_logging
from runtime.shutdown import run_process
from settings import Settings


def api() -> None:
    """Serve the HTTP API."""
    from api.app import create_app
    from cli.foresight import PackForesight
    from cli.registers import registers
    from packs.loader import load_all

    settings = Settings.load()
    set_up_logging(settings)
    packs = load_all()
    app = create_app(settings, catalogue=registers(packs), foresight=PackForesight(packs))
    run_process(serve(app, settings.api_host, settings.api_port))

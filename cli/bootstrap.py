"""`hotline bootstrap`: prepares the Temporal namespace."""

from datetime import timedelta

from runtime.logs import set_up_logging
from runtime.shutdown import run_process
from settings import Settings


def bootstrap() -> None:
    """Register namespace, retention and search attributes; wait until they are usable."""
    settings = Settings.load()
    set_up_logging(settings)
    run_process(_bootstrap(settings))


async def _bootstrap(settings: Settings) -> None:
    from runtime.bootstrap import bootstrap as prepare
    from runtime.bootstrap import wait_for_temporal
    from runtime.client import connect
    from runtime.master_key import MasterKeys
    from workflows.visibility import KEYS

    client = await connect(settings, MasterKeys.load(settings), lazy=True, role="bootstrap")
    await wait_for_temporal(client)
    await prepare(client, KEYS, timedelta(days=settings.retention_days))

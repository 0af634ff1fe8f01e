"""`hotline migrate`: brings the tables up to date."""

from runtime.database import database_url
from runtime.logs import set_up_logging
from settings import Settings


def migrate() -> None:
    """Bring the database's tables up to date."""
    from storage.migrate import upgrade

    settings = Settings.load()
    set_up_logging(settings)
    upgrade(database_url(settings))

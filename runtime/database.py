"""Where the project's own tables are."""

from settings import Settings


def database_url(settings: Settings) -> str:
    """The configured PostgreSQL, or the embedded one of the data folder."""
    if settings.database_url is not None:
        return settings.database_url
    from runtime.embedded.postgres import EmbeddedPostgres

    return EmbeddedPostgres(settings.data / "postgres").url()

from concurrent.futures import ThreadPoolExecutor

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from runtime.embedded.postgres import EmbeddedPostgres
from storage.key_tables import DataKeyRow
from storage.migrate import upgrade
from storage.tables import JournalRow


def test_two_processes_that_start_at_once_migrate_once(postgres: EmbeddedPostgres) -> None:
    postgres.ensure_database("twice")

    with ThreadPoolExecutor(4) as starts:
        list(starts.map(upgrade, [postgres.url("twice")] * 4))

    with psycopg.connect(postgres.url("twice").replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0004",)
        ]


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(migrated_url: str) -> None:
    assert JournalRow.metadata is DataKeyRow.metadata
    engine = create_engine(migrated_url)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_schemas": True, "compare_type": True, "compare_server_default": True},
        )
        assert compare_metadata(context, JournalRow.metadata) == []
    engine.dispose()

"""Alembic's folder: run by `storage.migrate.upgrade`, one file per version."""

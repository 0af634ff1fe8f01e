from tests.storage.fixtures import database, migrated_url, number

__all__ = ["database", "migrated_url", "number"]

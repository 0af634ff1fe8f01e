import pytest

from runtime.master_key import MasterKeys
from sealing.data_key import DataKey
from sealing.keys import SealingKeys
from tests.storage.fixtures import database, migrated_url, number

__all__ = ["data_key", "database", "keys", "migrated_url", "number"]


@pytest.fixture
def keys() -> SealingKeys:
    return SealingKeys.derived(MasterKeys.generate())


@pytest.fixture
def data_key(number: str) -> DataKey:
    return DataKey.generate(number)

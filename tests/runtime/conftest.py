"""Ports for servers that a test starts itself."""

from collections.abc import Callable

import pytest

from tests.ports import free_ports


@pytest.fixture
def free_port() -> Callable[[], int]:
    return lambda: free_ports(1)[0]

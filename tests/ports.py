"""Ports for servers that a test starts itself."""

import random
import socket
from itertools import islice


def free_ports(count: int) -> list[int]:
    """Below those that the system gives out by itself: Temporal takes several of them unasked, and
    one that was free a moment ago may be among them."""
    candidates = random.sample(range(20_000, 32_000), 100)
    return list(islice(filter(_is_free, candidates), count))


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True

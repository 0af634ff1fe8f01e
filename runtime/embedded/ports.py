"""Ports that are ours to listen on, and a clear word when another program has one of them."""

import errno
import socket
from collections.abc import Mapping


class PortTaken(Exception):
    """Another program listens on a port that we need."""

    def __init__(self, port: int, setting: str) -> None:
        super().__init__(f"port {port} is taken by another program; set {setting} to a free one")


def require_free(ports: Mapping[str, tuple[str, int]]) -> None:
    """Of each setting its address; `SO_REUSEADDR` as the servers do, else a restart would wait."""
    for setting, (host, port) in ports.items():
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise PortTaken(port, setting) from None
                raise

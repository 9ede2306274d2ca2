"""No test reaches beyond this machine: connections go to loopback or to a local socket only."""

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


class OutsideIsForbidden(RuntimeError):
    """A test tried to reach another machine."""


def stay_at_home() -> None:
    """From now on refuse every connection that leaves the machine."""

    def connect(self: socket.socket, address: Any) -> None:
        _check(self, address)
        return _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _check(self, address)
        return _connect_ex(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign]
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]


def _check(opened: socket.socket, address: Any) -> None:
    if opened.family not in (socket.AF_INET, socket.AF_INET6) or address[0] == "localhost":
        return
    try:
        inside = ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OutsideIsForbidden(f"a test tried to reach {address[0]}")

"""A router whose customers a RADIUS server answers: sessions changed and closed over RFC 5176."""

from dataclasses import dataclass

from caudal.core.ports.access import AccessError, AccessFault
from caudal.core.ports.radius import Book
from caudal.integrations import Manifest
from caudal.integrations.access.radius.driver import RadiusDriver
from caudal.integrations.access.radius.wire import Wire


@dataclass(frozen=True, slots=True)
class Config:
    """`port` is where the router takes changes (RouterOS: /radius incoming accept=yes port=3799).

    `password` is the secret shared with it. `book` are the tables shared with the RADIUS server;
    whoever opens the driver hands them over.
    """

    host: str
    password: str = ""
    port: int = 3799
    name: str = ""
    book: Book | None = None
    timeout_s: float = 6.0
    settle_s: float = 2.0
    """How long the last report of a closed session is waited for."""


def connect(config: Config) -> RadiusDriver:
    """Raises AccessError where no tables were handed over, or no secret is set."""
    if config.book is None or not config.password:
        raise AccessError(AccessFault.BAD_CONFIG, permanent=True)
    wire = Wire(config.host, config.port, config.password.encode(), config.timeout_s)
    return RadiusDriver(config.book, wire, config.name, config.settle_s)


MANIFEST = Manifest(
    "radius",
    "RADIUS",
    Config,
    connect,
    secret=frozenset({"password"}),
    technologies=frozenset({"pppoe", "hotspot", "dhcp", "radius"}),
)

__all__ = ["MANIFEST", "Config", "RadiusDriver", "connect"]

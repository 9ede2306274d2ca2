"""RouterOS 6 and 7 over the binary API: PPPoE secrets, simple queues, the list of cut addresses."""

from dataclasses import dataclass

from caudal.integrations import Manifest
from caudal.integrations.access.routeros.blocking import RouterOsBlocking
from caudal.integrations.access.routeros.driver import RouterOsDriver
from caudal.integrations.access.routeros.wire import Endpoint, Wire
from caudal.integrations.access.routeros.wire import connect as open_wire

PORT, TLS_PORT = 8728, 8729


@dataclass(frozen=True, slots=True)
class Config:
    """How to reach a router. `port` 0 means the usual one, 8728 or with TLS 8729.

    `fingerprint` is the SHA-256 of the router's certificate, in hex, to insist on.
    `block_list` is the address list of those who are cut.
    """

    host: str
    user: str
    password: str
    port: int = 0
    tls: bool = False
    fingerprint: str = ""
    timeout_s: float = 10.0
    block_list: str = "morosos"

    @property
    def endpoint(self) -> Endpoint:
        port = self.port or (TLS_PORT if self.tls else PORT)
        return Endpoint(self.host, port, self.tls, self.fingerprint, self.timeout_s)


def connect(config: Config) -> RouterOsDriver:
    """A driver; the connection is opened at its first use."""

    def wire() -> Wire:
        return open_wire(config.endpoint, config.user, config.password)

    return RouterOsBlocking(wire, config.block_list)


MANIFEST = Manifest("routeros", "MikroTik RouterOS", Config, connect, frozenset({"password"}))

__all__ = ["MANIFEST", "Config", "RouterOsDriver", "connect"]

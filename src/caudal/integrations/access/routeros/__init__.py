"""RouterOS 6 and 7 over the binary API: PPPoE secrets, simple queues, the list of cut addresses."""

from dataclasses import dataclass

from caudal.integrations import Manifest, ssh
from caudal.integrations.access.routeros.blocking import RouterOsBlocking
from caudal.integrations.access.routeros.driver import RouterOsDriver
from caudal.integrations.access.routeros.wire import Endpoint, Wire
from caudal.integrations.access.routeros.wire import connect as open_wire
from caudal.integrations.ssh import SshConnection

PORT, TLS_PORT = 8728, 8729


@dataclass(frozen=True, slots=True)
class Config:
    """How to reach a router. `port` 0 means the usual one, 8728 or with TLS 8729.

    `fingerprint` is the SHA-256 of the router's certificate, in hex, to insist on.
    `block_list` is the address list of those who are cut. `ssh_port` 0: the router is not asked
    over SSH, which version 6 needs for an export above 4 KiB; `host_key` is the fingerprint to
    insist on there, `SHA256:...`, empty trusts whoever answers.
    """

    host: str
    user: str
    password: str
    port: int = 0
    tls: bool = False
    fingerprint: str = ""
    timeout_s: float = 10.0
    block_list: str = "morosos"
    ssh_port: int = 0
    host_key: str = ""

    @property
    def endpoint(self) -> Endpoint:
        port = self.port or (TLS_PORT if self.tls else PORT)
        return Endpoint(self.host, port, self.tls, self.fingerprint, self.timeout_s)

    @property
    def console(self) -> ssh.Endpoint:
        return ssh.Endpoint(
            self.host,
            self.ssh_port,
            self.user,
            self.password,
            host_key=self.host_key,
            timeout_s=self.timeout_s,
        )


def connect(config: Config) -> RouterOsDriver:
    """A driver; the connection is opened at its first use."""

    def wire() -> Wire:
        return open_wire(config.endpoint, config.user, config.password)

    def console() -> SshConnection | None:
        return SshConnection(config.console) if config.ssh_port else None

    return RouterOsBlocking(wire, config.block_list, console)


MANIFEST = Manifest("routeros", "MikroTik RouterOS", Config, connect, frozenset({"password"}))

__all__ = ["MANIFEST", "Config", "RouterOsDriver", "connect"]

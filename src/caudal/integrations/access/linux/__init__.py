"""A Linux router: nftables sets and maps, tc classes, IP-MAC binding; here or over SSH."""

from dataclasses import dataclass, field

from caudal.core.access import Technology
from caudal.integrations import Manifest
from caudal.integrations.access.linux.ruleset import Rules
from caudal.integrations.access.linux.shell import LocalShell, Shell
from caudal.integrations.access.linux.ssh import SshShell
from caudal.integrations.access.linux.toolbox import LinuxToolbox
from caudal.integrations.ssh import Endpoint

LOCAL = "local"
"""The host of a router that is this very machine."""


@dataclass(frozen=True, slots=True)
class Config:
    """How to reach a router and how it treats its customers. `port` 0 means 22.

    `private_key` is OpenSSH or PEM text without passphrase, tried before the password. `host_key`
    is the fingerprint to insist on, `SHA256:...`; empty trusts whoever answers and tells his.
    `lan`, `wan`, `notice`, `allowed` and `strict` are those of Rules.
    """

    host: str
    user: str = "root"
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    host_key: str = ""
    port: int = 0
    timeout_s: float = 20.0
    lan: tuple[str, ...] = ()
    wan: tuple[str, ...] = ()
    notice: str = ""
    allowed: tuple[str, ...] = ()
    strict: bool = False

    @property
    def rules(self) -> Rules:
        return Rules(self.lan, self.wan, self.notice, self.allowed, self.strict)

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(
            self.host,
            self.port or 22,
            self.user,
            self.password,
            self.private_key,
            self.host_key,
            self.timeout_s,
        )


def connect(config: Config) -> LinuxToolbox:
    """A driver; the connection is opened at its first use."""

    def shell() -> Shell:
        if config.host == LOCAL:
            return LocalShell(config.timeout_s)
        return SshShell(config.endpoint)

    return LinuxToolbox(shell, config.rules)


MANIFEST = Manifest(
    "linux",
    "Linux (nftables, tc)",
    Config,
    connect,
    frozenset({"password", "private_key"}),
    frozenset({Technology.SIMPLE_QUEUE, Technology.STATIC}),
)

__all__ = ["LOCAL", "MANIFEST", "Config", "LinuxToolbox", "Rules", "connect"]

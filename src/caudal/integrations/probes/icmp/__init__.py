"""Ping: ICMP echoes to many hosts at once."""

from dataclasses import dataclass

from caudal.integrations import Manifest
from caudal.integrations.probes.icmp.driver import IcmpPinger


@dataclass(frozen=True, slots=True)
class Config:
    at_once: int = 256
    """Hosts that are asked side by side; each takes a socket."""


def connect(config: Config) -> IcmpPinger:
    return IcmpPinger(config.at_once)


MANIFEST = Manifest("icmp", "Ping (ICMP)", Config, connect)

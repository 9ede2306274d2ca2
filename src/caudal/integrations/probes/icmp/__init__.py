"""Ping: ICMP echoes to many hosts at once."""

from dataclasses import dataclass

from caudal.integrations import Manifest
from caudal.integrations.probes.icmp.driver import IcmpPinger


@dataclass(frozen=True, slots=True)
class Config:
    at_once: int = 256
    """Requests on their way at the same time: more would overrun small links and buffers."""


def connect(config: Config) -> IcmpPinger:
    return IcmpPinger(config.at_once)


MANIFEST = Manifest("icmp", "Ping (ICMP)", Config, connect)

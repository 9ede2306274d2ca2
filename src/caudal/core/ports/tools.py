"""What a driver may be able to look up on a router for a person; each ability is asked apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Vitals:
    """How a router is right now. Memory in bytes; None where it does not say."""

    identity: str
    version: str
    board: str
    serial: str
    uptime_s: int
    cpu_percent: int | None = None
    free_memory: int | None = None
    total_memory: int | None = None
    clock: str = ""

    @property
    def memory_percent(self) -> int | None:
        """How much of the memory is in use."""
        if not self.total_memory or self.free_memory is None:
            return None
        return round(100 * (self.total_memory - self.free_memory) / self.total_memory)


@runtime_checkable
class Checkup(Protocol):
    """Can tell how it is."""

    def vitals(self) -> Vitals: ...


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One row of the ARP table. `mac` is empty while the router waits for an answer."""

    address: str
    mac: str
    interface: str
    dynamic: bool
    comment: str = ""


@runtime_checkable
class Neighbours(Protocol):
    """Can tell which equipment it has seen at which address (WH-90)."""

    def neighbours(self) -> list[Neighbour]: ...


@dataclass(frozen=True, slots=True)
class Lease:
    """One DHCP lease. `status` in the router's own word: bound, waiting, offered ... Bytes from
    the customer's side, None where nobody counts."""

    address: str
    mac: str
    server: str
    status: str
    host: str = ""
    dynamic: bool = True
    expires_s: int | None = None
    comment: str = ""
    up_bytes: int | None = None
    down_bytes: int | None = None


@runtime_checkable
class Leases(Protocol):
    def leases(self) -> list[Lease]: ...


class Door(StrEnum):
    """How a user came in."""

    PPP = "ppp"
    HOTSPOT = "hotspot"


@dataclass(frozen=True, slots=True)
class OnlineUser:
    """Somebody who has logged in. Bytes from the customer's side, None where nobody counts."""

    door: Door
    name: str
    address: str
    mac: str
    age_s: int
    service: str = ""
    radius: bool = False
    up_bytes: int | None = None
    down_bytes: int | None = None


@runtime_checkable
class OnlineUsers(Protocol):
    """Can list who has logged in, through any of its doors."""

    def online_users(self) -> list[OnlineUser]: ...


@dataclass(frozen=True, slots=True)
class Station:
    """One client of a radio of the router. Rates and quality in the router's own words."""

    interface: str
    mac: str
    signal_dbm: int | None
    age_s: int
    noise_distance_db: int | None = None
    quality: str = ""
    tx_rate: str = ""
    rx_rate: str = ""
    address: str = ""
    comment: str = ""


@runtime_checkable
class Stations(Protocol):
    """Can tell how well its radios hear each client (IC-37); without a radio, an empty list."""

    def stations(self) -> list[Station]: ...


@runtime_checkable
class Roll(Protocol):
    """Can call many addresses at once, one ping each; those that answered come back."""

    def answering(self, addresses: list[str]) -> set[str]: ...


@dataclass(frozen=True, slots=True)
class Hop:
    """One station on the way; `address` is empty where nobody answered."""

    number: int
    address: str
    loss_percent: float | None = None
    average_ms: float | None = None
    status: str = ""


@runtime_checkable
class Route(Protocol):
    """Can trace the way to an address; what is known so far, again and again until the end."""

    def trace(self, address: str) -> Iterator[list[Hop]]: ...


@dataclass(frozen=True, slots=True)
class Rate:
    """Bits per second in this moment, from the customer's side."""

    up_bps: int
    down_bps: int


@runtime_checkable
class Flow(Protocol):
    """Can tell what one customer moves right now, by the name of his user or queue; who has a
    lease has no name on the router, and is found by his address.

    None where he has neither a session nor a queue.
    """

    def flow(self, name: str) -> Rate | None: ...


@runtime_checkable
class Export(Protocol):
    """Can write its configuration as text, secrets left out where the router can do that."""

    def export(self) -> str: ...


@runtime_checkable
class Recognised(Protocol):
    """Noticed under which SSH key the router answered; empty where it was not asked over SSH."""

    seen_key: str

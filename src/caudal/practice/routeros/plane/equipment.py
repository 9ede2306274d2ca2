"""Customers' equipment, and the session it has on a router."""

from dataclasses import dataclass, field
from enum import StrEnum

from caudal.practice.routeros.table import Item

WAN = "ether1"
LAN = "ether2"


class Way(StrEnum):
    """How equipment asks for service."""

    PPPOE = "pppoe"
    STATIC = "static"
    DHCP = "dhcp"
    HOTSPOT = "hotspot"


@dataclass(slots=True)
class Cpe:
    """A customer's equipment. With an `address` and no `way` it has it fixed and does not dial.

    `prefix` is its network of IPv6, where it has that fixed too. `radio` is the wireless interface
    it is registered on, heard at `signal_dbm`.
    """

    name: str
    password: str = ""
    mac: str = ""
    address: str = ""
    prefix: str = ""
    wants_bps: int = 4_000_000
    way: str = ""
    interface: str = LAN
    radio: str = ""
    signal_dbm: int = -62
    next_try: float = 0.0

    def __post_init__(self) -> None:
        self.way = Way(self.way or (Way.STATIC if self.address else Way.PPPOE))


@dataclass(slots=True, eq=False)
class Live:
    """An open session, the rows it made and its counters (bytes of the customer: up, down).

    `lease` is the static row it came from; `allowed` is False while a HotSpot wants a login.
    """

    cpe: Cpe
    address: str
    since: float
    interface: str
    rows: list[tuple[str, Item]] = field(default_factory=list)
    prefix: str = ""
    lease: Item | None = None
    allowed: bool = True
    up: float = 0.0
    down: float = 0.0

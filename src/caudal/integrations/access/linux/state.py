"""What a Linux router holds of ours: elements of nft sets and maps, tc classes, rules, devices."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

TABLE = "caudal"
MAJOR = "cada"
"""Of our class ids. An unusual one: packets keep it as their priority until they leave, and
another's htb must not take it for its own."""
DOWN, UP = "caudal-down", "caudal-up"
DEVICES = (DOWN, UP)
MINORS = range(0x10, 0xFFFF)
"""Class numbers given to customers; lower ones are the system's own."""

PLAIN_SETS = {
    "cut4": "ipv4_addr",
    "cut6": "ipv6_addr",
    "active4": "ipv4_addr",
    "active6": "ipv6_addr",
    "bound4": "ipv4_addr",
    "remind4": "ipv4_addr",
}
CLASS_MAPS = {
    "down4": "ipv4_addr",
    "down6": "ipv6_addr",
    "up4": "ipv4_addr",
    "up6": "ipv6_addr",
}
PAIRS = "pairs4"
"""Addresses with the only MAC that may use them."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a set or map. `minor` is the class number a map leads to, 0 in a set."""

    comment: str = ""
    minor: int = 0


Elements = Mapping[str, Mapping[str, Element]]
"""By set and by value as nft writes it: `10.0.0.1`, `10.0.0.0/30`, `10.0.0.1 . aa:bb:...`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An htb class: bits per second, and bytes that may pass at `ceil_bps` after a rest."""

    rate_bps: int
    ceil_bps: int
    burst_bytes: int

    def is_like(self, other: "Shape") -> bool:
        """Equal but for the rounding of what tc prints."""
        pairs = (
            (self.rate_bps, other.rate_bps),
            (self.ceil_bps, other.ceil_bps),
            (self.burst_bytes, other.burst_bytes),
        )
        return all(abs(one - two) <= max(one, two) // 100 + 16 for one, two in pairs)


@dataclass(frozen=True, slots=True)
class Link:
    """A network interface. `gateway`: a default route leaves by it."""

    name: str
    kind: str = ""
    addresses: tuple[str, ...] = ()
    gateway: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One reading. `rules` are the comments of our rules by chain, in order.

    `shaped` maps an interface to the device its outgoing packets are sent through; `roots` are
    our devices whose queue stands; `leaf` the kind of queue under a class.
    """

    elements: Elements = field(default_factory=dict)
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shapes: Mapping[str, Mapping[int, Shape]] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    roots: frozenset[str] = frozenset()
    clsact: frozenset[str] = frozenset()
    ingress: frozenset[str] = frozenset()
    shaped: Mapping[str, str] = field(default_factory=dict)
    sent_bytes: Mapping[str, Mapping[int, int]] = field(default_factory=dict)

    def of(self, name: str) -> Mapping[str, Element]:
        """The elements of one set."""
        return self.elements.get(name, {})

    @property
    def devices(self) -> frozenset[str]:
        return frozenset(link.name for link in self.links)


def family(value: str) -> str:
    """The end of the names of the sets that hold an address: `4` or `6`."""
    return "6" if ":" in value.partition(" ")[0] else "4"


def used_minors(state: State) -> set[int]:
    """Class numbers that elements, also those of others, lead to."""
    return {e.minor for name in CLASS_MAPS for e in state.of(name).values()}


def free_minors(taken: Iterable[int]) -> Iterator[int]:
    """Class numbers nobody has, lowest first."""
    held = set(taken)
    return (minor for minor in MINORS if minor not in held)

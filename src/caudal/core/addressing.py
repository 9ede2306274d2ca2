"""IP addresses and pools: parsing with named errors, free addresses, WispHub's fake ones."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_interface,
    ip_network,
    summarize_address_range,
)
from socket import AF_INET, inet_pton

from caudal.core.errors import RuleError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
KEPT = 20_000
"""IPv6 and networks whose parsing is kept: a comparison meets each of a router's several times."""


class AddressFault(StrEnum):
    """What is wrong with a text; translated on screens."""

    EMPTY = "empty"
    NOT_AN_ADDRESS = "not-an-address"
    NOT_A_NETWORK = "not-a-network"
    HOST_BITS = "host-bits"  # 10.0.0.1/24 where 10.0.0.0/24 is meant
    MIXED_VERSIONS = "mixed-versions"
    REVERSED_RANGE = "reversed-range"


class AddressError(RuleError):
    """A text that is no address, network or range. `text` is the part at fault."""

    def __init__(self, fault: AddressFault, text: str) -> None:
        super().__init__(fault, text=text)
        self.fault = fault
        self.text = text


def parse_address(text: str) -> Address:
    """One IPv4 or IPv6 address, without prefix."""
    text = _present(text)
    try:
        return ip_address(text)
    except ValueError:
        raise AddressError(AddressFault.NOT_AN_ADDRESS, text) from None


def parse_network(text: str) -> Network:
    """An address or a network; a single address becomes /32 or /128."""
    packed = _packed(text)
    return IPv4Network((packed, 32)) if packed else _parsed(text)


def canonical(text: str) -> str:
    """The shortest usual text of an address or network: no /32, no /128, IPv6 compressed."""
    return text if _packed(text) else _spelled(text)


def _packed(text: str) -> bytes:
    """The four bytes of a single IPv4 address in its usual text, else none.

    Nearly every customer has one: it costs so little to read that nothing need be kept of it.
    """
    try:
        return inet_pton(AF_INET, text)
    except (OSError, ValueError):
        return b""


@lru_cache(maxsize=KEPT)
def _parsed(text: str) -> Network:
    text = _present(text)
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        ip_interface(text)
    except ValueError:
        raise AddressError(AddressFault.NOT_A_NETWORK, text) from None
    raise AddressError(AddressFault.HOST_BITS, text)


@lru_cache(maxsize=KEPT)
def _spelled(text: str) -> str:
    return shortest(_parsed(text))


def shortest(network: Network) -> str:
    """A network as text, a single address without its prefix."""
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if single else str(network)


@dataclass(frozen=True, slots=True)
class Range:
    """Addresses from `first` to `last`, both included and of one version."""

    first: Address
    last: Address

    def __contains__(self, address: Address) -> bool:
        same = address.version == self.first.version
        return same and int(self.first) <= int(address) <= int(self.last)

    @property
    def size(self) -> int:
        return int(self.last) - int(self.first) + 1


@dataclass(frozen=True, slots=True)
class Pool:
    """Where customers' addresses come from, in sorted ranges. Excluded ones are never given."""

    ranges: tuple[Range, ...]
    excluded: tuple[Range, ...] = ()

    def __contains__(self, address: Address) -> bool:
        return _within(address, self.ranges) and not _within(address, self.excluded)

    @property
    def size(self) -> int:
        """How many addresses customers may have."""
        barred = sorted(self.excluded, key=lambda r: (r.first.version, int(r.first)))
        overlaps = (
            min(int(part.last), int(out.last)) - max(int(part.first), int(out.first)) + 1
            for part in self.ranges
            for out in (_merged(barred) if barred else ())
            if out.first.version == part.first.version
        )
        return sum(part.size for part in self.ranges) - sum(max(n, 0) for n in overlaps)

    def free(self, taken: Collection[Address] = ()) -> Iterator[Address]:
        """Addresses nobody holds, lowest first. Lazy: an IPv6 pool has no end worth reaching."""
        for part in self.ranges:
            current = int(part.first)
            while current <= int(part.last):
                address = type(part.first)(current)
                skipped = next((r for r in self.excluded if address in r), None)
                if skipped:
                    current = int(skipped.last)
                elif address not in taken:
                    yield address
                current += 1


def parse_pool(text: str, *, excluded: str = "", gateway: str = "") -> Pool:
    """A pool from texts such as `10.0.0.0/24, 10.0.2.10-10.0.2.90`.

    An IPv4 network wider than /31 loses its network and broadcast addresses. Raises AddressError.
    """
    parts = _parts(text) or [_present("")]
    ranges = sorted(
        (_customer_range(part) for part in parts),
        key=lambda r: (r.first.version, int(r.first)),
    )
    return Pool(tuple(_merged(ranges)), parse_ranges(excluded, gateway=gateway))


def parse_ranges(text: str, *, gateway: str = "") -> tuple[Range, ...]:
    """Addresses, networks and ranges a-b, by lines or commas, with a gateway's own address.

    Raises AddressError.
    """
    found = [_range(part) for part in _parts(text)]
    if gateway.strip():
        address = ip_interface_address(gateway)
        found.append(Range(address, address))
    return tuple(found)


def whole(network: Network) -> Range:
    """All of a network, its first and last address too."""
    return Range(network.network_address, network.broadcast_address)


def ip_interface_address(text: str) -> Address:
    """The address of `10.0.0.1/24` or `10.0.0.1`, as routers print their own."""
    return parse_address(text.partition("/")[0])


def is_fake_release(address: Address, *, cancelled: bool) -> bool:
    """Is this an address WispHub invented for a cancelled customer (WH-41)?

    127.0.x.x and 169.254.x.x serve nobody. 168.0.x.x and 100.64.x.x (100.6.x.x in one of its
    screens) may belong to a living customer, so they count only on a cancelled service.
    """
    if any(address in net for net in _NEVER_REAL):
        return True
    return cancelled and any(address in net for net in _REAL_SOMEWHERE)


_NEVER_REAL = (IPv4Network("127.0.0.0/16"), IPv4Network("169.254.0.0/16"))
_REAL_SOMEWHERE = (
    IPv4Network("168.0.0.0/16"),
    IPv4Network("100.64.0.0/16"),
    IPv4Network("100.6.0.0/16"),
)


def networks(pool: Pool) -> tuple[Network, ...]:
    """The pool's ranges as the fewest networks."""
    return tuple(
        net for part in pool.ranges for net in summarize_address_range(part.first, part.last)
    )


def _present(text: str) -> str:
    text = text.strip()
    if not text:
        raise AddressError(AddressFault.EMPTY, text)
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]


def _within(address: Address, ranges: tuple[Range, ...]) -> bool:
    return any(address in part for part in ranges)


def _range(text: str) -> Range:
    first, dash, last = text.partition("-")
    if not dash:
        return whole(parse_network(text))
    low, high = parse_address(first), parse_address(last)
    if low.version != high.version:
        raise AddressError(AddressFault.MIXED_VERSIONS, text)
    if int(low) > int(high):
        raise AddressError(AddressFault.REVERSED_RANGE, text)
    return Range(low, high)


def _customer_range(text: str) -> Range:
    found = _range(text)
    whole_network = "-" not in text
    if whole_network and found.first.version == 4 and found.size > 2:
        return Range(found.first + 1, found.last - 1)
    return found


def _merged(ranges: list[Range]) -> Iterator[Range]:
    """Overlapping ranges as one, so that no address is offered twice."""
    current = ranges[0]
    for part in ranges[1:]:
        if part.first in current:
            current = Range(current.first, max(current.last, part.last, key=int))
        else:
            yield current
            current = part
    yield current

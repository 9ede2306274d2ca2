"""Customers who should browse and stand on the cut list by somebody's hand, alone or in a crowd."""

from collections.abc import Collection, Iterator
from ipaddress import ip_address, ip_network

from caudal.core.access.plan import Code, Finding, service_of
from caudal.core.access.rows import BLOCKS, Kind, Row, networks_of
from caudal.core.addressing import AddressError, parse_network

Crowd = tuple[int, int, int, str]
"""Version, first and last address as numbers, and the entry."""


def listed_by_hand(
    rows: Collection[Row], wanted: Collection[Row], foreign: Collection[Row]
) -> Iterator[Finding]:
    """`rows` give service, of what is `wanted`. An entry may be a whole network, or a range."""
    on_purpose = {row.key for row in wanted if row.kind in BLOCKS}
    entries = {row.key for row in foreign if row.kind in BLOCKS and row.enabled} - on_purpose
    crowds = [crowd for key in sorted(entries) if (crowd := _crowd(key))]
    for row in rows:
        for network in networks_of(row):
            if network not in on_purpose and (entry := _entry(network, entries, crowds)):
                kind = Kind.BLOCK6 if ":" in network else Kind.BLOCK
                changes = {} if entry == network else {"holder": (entry, "")}
                yield Finding(Code.FOREIGN_BLOCK, (service_of(row),), kind, network, changes)


def _entry(network: str, entries: Collection[str], crowds: Collection[Crowd]) -> str:
    if network in entries or not crowds:
        return network if network in entries else ""
    try:
        here = parse_network(network)
    except AddressError:
        return ""
    first, last = int(here.network_address), int(here.broadcast_address)
    inside = (
        entry
        for version, begin, end, entry in crowds
        if version == here.version and begin <= first and last <= end
    )
    return next(inside, "")


def _crowd(entry: str) -> Crowd | None:
    """None for a single address and for a name."""
    try:
        if "-" in entry:
            begin, end = (ip_address(part) for part in entry.split("-"))
            return begin.version, int(begin), int(end), entry
        if "/" in entry:
            network = ip_network(entry)
            ends = int(network.network_address), int(network.broadcast_address)
            return network.version, *ends, entry
    except ValueError:
        return None
    return None

"""Which address of a pool is the next to be given."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from itertools import islice

from caudal.practice.routeros.store import Store

MOST = 4096  # that are looked at in one range


def free_address(store: Store, name: str, used: set[str]) -> str:
    """The first that nobody has, through the pools that follow it; empty when all are taken."""
    seen: set[str] = set()
    while name and name not in seen and (pool := store.table("/ip/pool").named(name)):
        seen.add(name)
        for address in _addresses(pool.values["ranges"]):
            if address not in used:
                return address
        name = pool.values.get("next-pool", "")
    return ""


def free_prefix(store: Store, name: str, used: set[str]) -> str:
    pool = store.table("/ipv6/pool").named(name) if name else None
    if pool is None:
        return ""
    network = ip_network(pool.values["prefix"])
    parts = network.subnets(new_prefix=int(pool.values["prefix-length"]))
    return next((str(part) for part in islice(parts, MOST) if str(part) not in used), "")


def _addresses(ranges: str) -> Iterator[str]:
    for part in ranges.split(","):
        first, dash, last = part.partition("-")
        if "/" in part:
            yield from (str(host) for host in islice(ip_network(part).hosts(), MOST))
        else:
            low, high = int(ip_address(first)), int(ip_address(last if dash else first))
            yield from (str(ip_address(n)) for n in range(low, min(high + 1, low + MOST)))

"""Networks inside networks: the order and depth in which a tree of them is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from caudal.core.addressing import Network

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Branch(Generic[Item]):
    """One network of a tree; `depth` 0 lies in no other."""

    item: Item
    network: Network
    depth: int


def tree(items: Iterable[Item], network_of: Callable[[Item], Network]) -> list[Branch[Item]]:
    """Every network after the smallest one that holds it, IPv4 first, lowest first.

    Of equal networks the one that came first holds the other.
    """
    placed = [(network_of(item), item) for item in items]
    placed.sort(key=lambda pair: _place(pair[0]))
    around: list[Network] = []
    found = []
    for network, item in placed:
        while around and not holds(around[-1], network):
            around.pop()
        found.append(Branch(item, network, len(around)))
        around.append(network)
    return found


def holds(outer: Network, inner: Network) -> bool:
    """Is every address of `inner` one of `outer`'s?"""
    return (
        outer.version == inner.version
        and outer.prefixlen <= inner.prefixlen
        and inner.network_address in outer
    )


def _place(network: Network) -> tuple[int, int, int]:
    return network.version, int(network.network_address), network.prefixlen

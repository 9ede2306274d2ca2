"""How full a pool is."""

from collections.abc import Sequence
from dataclasses import dataclass

from caudal.apps.network.actions import taken_on
from caudal.apps.network.actions.blocks import given_by
from caudal.apps.network.models import Pool
from caudal.core import addressing
from caudal.core.addressing import Address


@dataclass(frozen=True)
class Usage:
    """Customer addresses of a pool: how many there are and how many nobody holds."""

    size: int
    free: int

    @property
    def taken(self) -> int:
        return self.size - self.free

    @property
    def percent(self) -> int:
        return round(100 * self.taken / self.size) if self.size else 100


def usages_of(pools: Sequence[Pool]) -> list[Usage]:
    """In the order of the pools, in two queries. A pool written badly has no addresses."""
    taken = taken_on({pool.router for pool in pools})
    given = given_by(pools)
    return [_usage(given.get(pool.pk), taken[pool.router_id]) for pool in pools]


def _usage(addresses: addressing.Pool | None, taken: set[Address]) -> Usage:
    if addresses is None:
        return Usage(0, 0)
    held = sum(1 for address in taken if address in addresses)
    return Usage(addresses.size, addresses.size - held)

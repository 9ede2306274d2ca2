"""How full a pool is."""

from dataclasses import dataclass

from caudal.apps.network.actions import taken_addresses
from caudal.apps.network.models import Pool
from caudal.core.addressing import AddressError


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


def usage_of(pool: Pool) -> Usage:
    """A pool written badly has no addresses."""
    try:
        addresses = pool.addresses()
    except AddressError:
        return Usage(0, 0)
    size = addresses.size
    taken = sum(1 for address in taken_addresses(pool.router) if address in addresses)
    return Usage(size, size - taken)

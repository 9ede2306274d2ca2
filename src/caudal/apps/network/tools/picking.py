"""Free addresses with what the router sees at each: ARP, leases and an answer to a ping."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from caudal.apps.network.actions import taken_addresses
from caudal.apps.network.actions.blocks import given_by
from caudal.apps.network.models import Pool, Router
from caudal.apps.network.tools import asking
from caudal.core.addressing import Address
from caudal.core.ports import tools
from caudal.core.ports.access import AccessDriver

OFFERED = 16


@dataclass(frozen=True)
class Sight:
    """What a router sees at some addresses."""

    neighbours: dict[str, tools.Neighbour] = field(default_factory=dict)
    leases: dict[str, tools.Lease] = field(default_factory=dict)
    answering: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Offer:
    """An address that no row holds."""

    address: str
    pool: Pool
    neighbour: tools.Neighbour | None = None
    lease: tools.Lease | None = None
    answers: bool = False

    @property
    def looks_used(self) -> bool:
        return self.answers or self.neighbour is not None or self.lease is not None


@dataclass(frozen=True)
class Offers:
    """Those that nothing speaks against come first. `error`: why the router was not asked."""

    offers: list[Offer]
    checked: bool = False
    error: str = ""


def offers(router: Router, pools: Sequence[Pool], *, check: bool) -> Offers:
    """The first free addresses of the pools, IPv4 before IPv6. Never raises."""
    found = list(_free(router, pools))
    if not check or not found:
        return Offers(found)
    told = asking.ask(router, lambda driver: look(driver, [each.address for each in found]))
    if told.found is None:
        return Offers(found, error=told.error)
    seen = [_seen(each, told.found) for each in found]
    return Offers(sorted(seen, key=lambda each: each.looks_used), checked=True)


def look(driver: AccessDriver, addresses: list[str]) -> Sight:
    """Three questions, those that this kind of router can answer. Raises AccessError."""
    able = (tools.Neighbours, tools.Leases, tools.Roll)
    if not any(isinstance(driver, each) for each in able):
        raise asking.unable("look")
    neighbours = asking.known(driver, asking.neighbours)
    leases = asking.known(driver, asking.leases)
    answering = driver.answering(addresses) if isinstance(driver, tools.Roll) else set()
    return Sight(
        {each.address: each for each in neighbours if each.mac},
        {each.address: each for each in leases},
        frozenset(answering),
    )


def _free(router: Router, pools: Iterable[Pool]) -> Iterable[Offer]:
    """Two queries, however many pools there are."""
    taken = taken_addresses(router)
    chosen = list(pools)
    given = given_by(chosen)
    left, offered = OFFERED, set[Address]()
    for pool in sorted(chosen, key=lambda each: ":" in each.network):
        for address in given[pool.pk].free(taken | offered) if pool.pk in given else ():
            if not left:
                return
            left -= 1
            offered.add(address)
            yield Offer(str(address), pool)


def _seen(offer: Offer, sight: Sight) -> Offer:
    address = offer.address
    return Offer(
        address,
        offer.pool,
        sight.neighbours.get(address),
        sight.leases.get(address),
        address in sight.answering,
    )

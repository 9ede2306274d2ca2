"""Which services are not fit to be written to a router, and why."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from caudal.core.access.plan import Code, Finding
from caudal.core.access.rows import Access, Kind, Technology
from caudal.core.access.technologies import (
    DIALLED,
    QUEUED,
    Shared,
    binds_mac,
    own_key,
    plan_rows,
    shared_of,
)
from caudal.core.addressing import AddressError, Network, canonical, parse_network

K = TypeVar("K", bound=Hashable)

WIDEST = {4: 30, 6: 48}  # prefix lengths; a wider network is a slip of the hand, not a customer
WITHOUT_IPV6 = frozenset({Technology.HOTSPOT})
ONLY_IPV4 = WITHOUT_IPV6 | {Technology.DHCP, Technology.STATIC, Technology.PCQ}
"""Their IPv4 rows have no place for an IPv6 address; most take a prefix beside it."""


def unfit(
    services: Iterable[Access], own: Sequence[Network], served: Collection[str] = ()
) -> Iterator[Finding]:
    """Each service by itself. `own` are addresses that no customer may have."""
    for access in services:
        code = _not_served(access, served) or _missing(access) or _wrong_address(access, own)
        if code:
            changes = {"address": ("", access.address)}
            yield Finding(code, (access.service_id,), own_key(access)[0], access.name, changes)


def clashes(services: Sequence[Access]) -> Iterator[Finding]:
    """Services that ask for the same thing: none of them is written, a person has to choose."""
    yield from _same_name(services)
    yield from _same_address(services)
    yield from _same_device(services)
    yield from _differing_plans(services)
    yield from _networks_of_two_plans(services)


def _not_served(access: Access, served: Collection[str]) -> Code | None:
    return Code.NOT_SERVED if served and access.kind not in served else None


def _missing(access: Access) -> Code | None:
    dialled, bound = access.kind in DIALLED, access.kind is Technology.DHCP or binds_mac(access)
    by_radius = access.kind is Technology.RADIUS
    # What asks for an address by DHCP has its MAC for a name, and nothing to type a password in.
    signs_in = dialled and not (by_radius and access.name == access.mac)
    named_plan = (dialled and not by_radius) or access.kind is Technology.PCQ
    needed = (
        (Code.EMPTY_NAME, True, access.name),
        (Code.EMPTY_PASSWORD, signs_in, access.password),
        (Code.EMPTY_PROFILE, named_plan, access.profile),
        (Code.EMPTY_ADDRESS, not dialled, access.address),
        (Code.EMPTY_MAC, bound, access.mac),
        (Code.EMPTY_INTERFACE, binds_mac(access), access.interface),
        (Code.EMPTY_DUID, access.kind is Technology.DHCP and bool(access.prefix), access.duid),
    )
    return next((code for code, needs, text in needed if needs and not text.strip()), None)


def _wrong_address(access: Access, own: Sequence[Network]) -> Code | None:
    if access.prefix and access.kind in WITHOUT_IPV6:
        return Code.NO_IPV6
    versions = (4,) if access.kind in ONLY_IPV4 or binds_mac(access) else (4, 6)
    return _fault(access.address, own, versions) or _fault(access.prefix, own, (6,))


def _fault(text: str, own: Sequence[Network], versions: Sequence[int]) -> Code | None:
    if not text:
        return None
    try:
        network = parse_network(text)
    except AddressError:
        return Code.BAD_ADDRESS
    if network.version not in versions:
        return Code.BAD_ADDRESS
    if network.prefixlen < WIDEST[network.version]:
        return Code.WIDE_NETWORK
    return Code.OWN_ADDRESS if any(network.overlaps(mine) for mine in own) else None


def _same_name(services: Iterable[Access]) -> Iterator[Finding]:
    named = [access for access in services if access.kind in DIALLED or access.kind in QUEUED]
    for (kind, name), same in _alike((own_key(access), access) for access in named):
        yield Finding(Code.DUPLICATE_NAME, _ids(same), kind, name)


def _same_address(services: Iterable[Access]) -> Iterator[Finding]:
    holders = (
        (canonical(text), access)
        for access in services
        for text in (access.address, access.prefix)
        if text and not _fault(text, (), (4, 6))
    )
    for address, same in _alike(holders):
        yield Finding(Code.DUPLICATE_ADDRESS, _ids(same), None, address)


def _same_device(services: Iterable[Access]) -> Iterator[Finding]:
    """One server gives a device one lease; a lease for all servers stands in everybody's way."""
    leased = [access for access in services if access.kind is Technology.DHCP and access.mac]
    for mac, same in _alike((access.mac.upper(), access) for access in leased):
        servers = {access.server for access in same}
        if len(servers) < len(same) or "" in servers:
            yield Finding(Code.DUPLICATE_MAC, _ids(same), Kind.LEASE, mac)


def _differing_plans(services: Iterable[Access]) -> Iterator[Finding]:
    by_plan: dict[tuple[Technology, str], dict[Shared, list[Access]]]
    by_plan = defaultdict(lambda: defaultdict(list))
    for access in services:
        if shared := shared_of(access):
            by_plan[shared.kind, shared.profile][shared].append(access)
    for (_, profile), variants in by_plan.items():
        if len(variants) > 1 and (kind := _mismatch(variants)):
            same = [access for group in variants.values() for access in group]
            yield Finding(Code.PROFILE_MISMATCH, _ids(same), kind, profile)


def _mismatch(variants: Iterable[Shared]) -> Kind | None:
    """The kind of a row that two variants of a plan want to be different, None where none is."""
    seen: dict[tuple[Kind, str], dict[str, str]] = {}
    for shared in variants:
        for row in plan_rows(shared, ""):
            if seen.setdefault((row.kind, row.key), dict(row.attrs)) != dict(row.attrs):
                return row.kind
    return None


def _networks_of_two_plans(services: Iterable[Access]) -> Iterator[Finding]:
    in_networks = [a for a in services if a.kind is Technology.PCQ and a.subnet]
    for subnet, same in _alike((access.subnet, access) for access in in_networks):
        if len({access.profile for access in same}) > 1:
            yield Finding(Code.SUBNET_SHARED, _ids(same), Kind.QUEUE, subnet)


def _alike(pairs: Iterable[tuple[K, Access]]) -> Iterator[tuple[K, list[Access]]]:
    """What more than one service asks for. Nearly everything is asked for once: no list for it."""
    first: dict[K, Access] = {}
    more: dict[K, list[Access]] = {}
    for key, access in pairs:
        holder = first.setdefault(key, access)
        if holder is not access:
            more.setdefault(key, [holder]).append(access)
    yield from more.items()


def _ids(services: Iterable[Access]) -> tuple[str, ...]:
    return tuple(sorted({access.service_id for access in services}))

"""From services to the rows a router should hold, refusing what is not fit to be written."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from caudal.core.access.marks import SHARED, comment
from caudal.core.access.plan import Code, Finding
from caudal.core.access.rows import Access, Attrs, Kind, Row, Technology
from caudal.core.addressing import (
    AddressError,
    Network,
    canonical,
    ip_interface_address,
    parse_network,
)

K = TypeVar("K", bound=Hashable)

WIDEST = {4: 30, 6: 48}  # prefix lengths; a wider network is a slip of the hand, not a customer


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows sorted by kind and key, all marked. `users` maps a profile to the services on it."""

    owner: str
    rows: tuple[Row, ...] = ()
    refusals: tuple[Finding, ...] = ()
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def refused(self) -> frozenset[str]:
        return frozenset(service for f in self.refusals for service in f.services)


def wanted(
    services: Iterable[Access], *, owner: str = "", own_addresses: Iterable[str] = ()
) -> Wanted:
    """The rows of these services. `owner` names this installation in the marks.

    `own_addresses` are the router's own and the management ones (address or network, as text):
    no customer may have, or be blocked at, any of them. A refused service gets no rows, and diff
    leaves alone whatever it holds.
    """
    services = sorted(services, key=lambda a: a.service_id)
    own = [parse_network(_without_prefix(text)) for text in own_addresses]
    refusals = [*_unfit(services, own), *_clashes(services)]
    refused = {service for finding in refusals for service in finding.services}
    accepted = [access for access in services if access.service_id not in refused]
    rows = {(row.kind, row.key): row for access in accepted for row in _rows(access, owner)}
    users: dict[str, list[str]] = defaultdict(list)
    for access in accepted:
        if access.kind is Technology.PPPOE:
            users[access.profile].append(access.service_id)
    return Wanted(
        owner,
        tuple(rows[key] for key in sorted(rows)),
        tuple(refusals),
        {name: tuple(ids) for name, ids in users.items()},
    )


def _without_prefix(text: str) -> str:
    """`10.0.0.1/24` on a router's interface is the one address 10.0.0.1; a clean network stays."""
    try:
        return canonical(text)
    except AddressError:
        return str(ip_interface_address(text))


def _rows(access: Access, owner: str) -> Iterator[Row]:
    def row(kind: Kind, key: str, attrs: Attrs) -> Row:
        return Row(kind, key, attrs, comment(owner, access.service_id, kind, key, access.label))

    if access.kind is Technology.PPPOE:
        yield profile_row(access, owner)
        yield row(Kind.ACCOUNT, access.name, _account_attrs(access))
    else:
        target = {"target": canonical(access.address)}
        yield row(Kind.QUEUE, access.name, target | access.speed.attrs())
    if access.suspended and access.address:
        yield row(Kind.BLOCK, canonical(access.address), {})


def profile_row(access: Access, owner: str) -> Row:
    """The shared row of a PPPoE plan."""
    attrs = access.speed.attrs() | ({"pool": access.pool} if access.pool else {})
    mark = comment(owner, SHARED, Kind.PROFILE, access.profile, "")
    return Row(Kind.PROFILE, access.profile, attrs, mark)


def _account_attrs(access: Access) -> dict[str, str]:
    attrs = {
        "password": access.password,
        "profile": access.profile,
        "address": canonical(access.address) if access.address else "",
        "local_address": access.local_address,
        "mac": access.mac.upper(),
        # With a fixed address the list entry is the cut, and the customer can still dial to see
        # the notice. Without one there is nothing to list: only a disabled account is sure.
        "enabled": "no" if access.suspended and not access.address else "",
    }
    return {name: value for name, value in attrs.items() if value}


def _unfit(services: Iterable[Access], own: list[Network]) -> Iterator[Finding]:
    for access in services:
        code = _missing(access) or _address_fault(access, own)
        if code:
            changes = {"address": ("", access.address)}
            yield Finding(code, (access.service_id,), _kind(access), access.name, changes)


def _missing(access: Access) -> Code | None:
    pppoe = access.kind is Technology.PPPOE
    if not access.name.strip():
        return Code.EMPTY_NAME
    if pppoe and not access.password:
        return Code.EMPTY_PASSWORD
    if pppoe and not access.profile:
        return Code.EMPTY_PROFILE
    if not pppoe and not access.address.strip():
        return Code.EMPTY_ADDRESS
    return None


def _address_fault(access: Access, own: list[Network]) -> Code | None:
    if not access.address:
        return None
    try:
        net = parse_network(access.address)
    except AddressError:
        return Code.BAD_ADDRESS
    if net.prefixlen < WIDEST[net.version]:
        return Code.WIDE_NETWORK
    if any(net.overlaps(mine) for mine in own):
        return Code.OWN_ADDRESS
    return None


def _clashes(services: list[Access]) -> Iterator[Finding]:
    """Services that ask for the same thing: none of them is written, a person has to choose."""
    for (kind, name), same in _grouped(services, lambda a: (_kind(a), a.name)).items():
        if len(same) > 1:
            yield Finding(Code.DUPLICATE_NAME, _ids(same), kind, name)
    addressed = [a for a in services if a.address and not _address_fault(a, [])]
    for address, same in _grouped(addressed, lambda a: canonical(a.address)).items():
        if len(same) > 1:
            yield Finding(Code.DUPLICATE_ADDRESS, _ids(same), None, address)
    dialling = [a for a in services if a.kind is Technology.PPPOE]
    for name, same in _grouped(dialling, lambda a: a.profile).items():
        if len({tuple(sorted(profile_row(a, "").attrs.items())) for a in same}) > 1:
            yield Finding(Code.PROFILE_MISMATCH, _ids(same), Kind.PROFILE, name)


def _grouped(services: Iterable[Access], key: Callable[[Access], K]) -> dict[K, list[Access]]:
    groups: dict[K, list[Access]] = defaultdict(list)
    for access in services:
        groups[key(access)].append(access)
    return groups


def _ids(services: Iterable[Access]) -> tuple[str, ...]:
    return tuple(access.service_id for access in services)


def _kind(access: Access) -> Kind:
    return Kind.ACCOUNT if access.kind is Technology.PPPOE else Kind.QUEUE

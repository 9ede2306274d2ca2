"""The rows of each access technology: those of a plan, and those of one service."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from caudal.core.access.logins import rate_limit
from caudal.core.access.marks import SHARED, branded, comment
from caudal.core.access.rows import Access, Attrs, Kind, Row, Speed, Technology, member_key
from caudal.core.addressing import AddressError, canonical, parse_network

DIALLED = {
    Technology.PPPOE: Kind.ACCOUNT,
    Technology.HOTSPOT: Kind.HOTSPOT_USER,
    Technology.RADIUS: Kind.LOGIN,
}
"""Technologies in which the customer signs in with a user and a password."""
QUEUED = frozenset({Technology.SIMPLE_QUEUE, Technology.STATIC})
NOTICE_LIST = "avisos"
"""The address list whose plain http goes to the notice."""
_DIRECTIONS = (("up", "src-address"), ("down", "dst-address"))
Widths = Mapping[str, int]
"""By the name of a PCQ plan: how long the IPv6 prefixes of its customers are."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the services of one plan on one router have in common."""

    kind: Technology
    profile: str
    speed: Speed
    pool: str
    pool6: str
    subnet: str
    width6: int = 0
    """How long the prefixes are that PCQ divides the speed among, 0 where nobody has one."""
    has_ipv4: bool = True


def shared_of(access: Access, widths: Widths | None = None) -> Shared | None:
    """None where a service needs no row but its own."""
    if access.kind not in _PLAN_ROWS:
        return None
    pool = access.pool if access.kind in DIALLED else ""
    pcq = access.kind is Technology.PCQ
    subnet = access.subnet if pcq else ""
    width = (widths or {}).get(access.profile, 0) if pcq else 0
    return Shared(access.kind, access.profile, access.speed, pool, access.pool6, subnet, width)


def all_shared_of(access: Access, widths: Widths) -> Iterator[Shared]:
    """Besides the plan's: PCQ divides by one length, so other lengths have a queue of their own."""
    if shared := shared_of(access, widths):
        yield shared
        name = _list6(access, widths) if access.kind is Technology.PCQ and access.prefix else ""
        if name not in ("", access.profile):
            width = parse_network(access.prefix).prefixlen
            yield replace(shared, profile=name, subnet="", width6=width, has_ipv4=False)


def common_widths(services: Iterable[Access]) -> Widths:
    """The length that most prefixes of each PCQ plan have; of two as frequent the longer."""
    found: dict[str, Counter[int]] = {}
    for access in services:
        if access.kind is Technology.PCQ and access.prefix:
            lengths = found.setdefault(access.profile, Counter())
            lengths[parse_network(access.prefix).prefixlen] += 1
    return {name: max(seen, key=lambda n: (seen[n], n)) for name, seen in found.items()}


def _list6(access: Access, widths: Widths) -> str:
    """The list of a prefix: the plan's own, or that of its prefixes of another length."""
    width = parse_network(access.prefix).prefixlen
    common = widths.get(access.profile, width)
    return access.profile if width == common else f"{access.profile} /{width}"


def plan_rows(shared: Shared, owner: str) -> tuple[Row, ...]:
    """The rows of a plan, marked as belonging to nobody in particular."""
    return tuple(_PLAN_ROWS[shared.kind](shared, owner))


def own_rows(access: Access, owner: str, widths: Widths | None = None) -> Iterator[Row]:
    """The rows of one service alone, in no order. Its addresses are known to be fit."""

    def row(kind: Kind, key: str, attrs: Attrs) -> Row:
        return Row(kind, key, attrs, comment(owner, access.service_id, kind, key, access.label))

    for kind, key, attrs in _SERVICE_ROWS[access.kind](access):
        if kind is Kind.HOTSPOT_USER:
            attrs = {**attrs, "profile": _hotspot_name(access.profile, owner)}
        yield row(kind, key, attrs)
    if access.kind is Technology.PCQ and access.prefix:
        key = member_key(canonical(access.prefix), _list6(access, widths or {}))
        yield row(Kind.MEMBER6, key, {})
    if _is_led_to_notice(access):
        yield row(Kind.MEMBER, member_key(canonical(access.address), NOTICE_LIST), {})
    if access.suspended and _is_listed(access):
        for address in filter(None, (access.address, access.prefix)):
            network = parse_network(address)
            kind = Kind.BLOCK if network.version == 4 else Kind.BLOCK6
            yield row(kind, canonical(address), {})


def own_key(access: Access) -> tuple[Kind, str]:
    """The row without which the service is not given; it may be refused, then nobody holds it."""
    if access.kind in DIALLED:
        return DIALLED[access.kind], access.name
    if access.kind is Technology.PCQ:
        return Kind.MEMBER, member_key(_spelled(access.address), access.profile)
    if access.kind is Technology.DHCP:
        return Kind.LEASE, _spelled(access.address)
    return Kind.QUEUE, access.name


def adoptable(access: Access) -> tuple[tuple[Kind, str], ...]:
    """Rows that a person may allow to be taken over: the service's own, and the cut that somebody
    made by hand, which nobody would lift otherwise when the customer pays."""
    try:
        rows = list(own_rows(replace(access, suspended=True), ""))
    except AddressError:
        return (own_key(access),)
    return tuple((row.kind, row.key) for row in rows)


def binds_mac(access: Access) -> bool:
    """Whether a static ARP entry ties the address to a device."""
    by_address = access.kind in QUEUED or access.kind is Technology.PCQ
    return access.kind is Technology.STATIC or (by_address and bool(access.mac))


def _spelled(address: str) -> str:
    try:
        return canonical(address)
    except AddressError:
        return address


def _is_listed(access: Access) -> bool:
    """With a fixed address the list entry is the cut, and the customer comes as far as the notice.

    A HotSpot user without rights sees the page of the HotSpot itself; a RADIUS server tells the
    router to list him.
    """
    elsewhere = (Technology.HOTSPOT, Technology.RADIUS)
    return access.kind not in elsewhere and bool(access.address)


def _is_led_to_notice(access: Access) -> bool:
    """Only IPv4 has a list for it, and whom RADIUS answers has no list at all."""
    asked = access.reminded and not access.suspended and bool(access.address)
    return (
        asked
        and access.kind is not Technology.RADIUS
        and parse_network(access.address).version == 4
    )


# -- rows of plans


def _ppp_profile(shared: Shared, owner: str) -> Iterator[Row]:
    pools = {"pool": shared.pool, "pool6": shared.pool6}
    attrs = shared.speed.attrs() | _said(pools)
    mark = comment(owner, SHARED, Kind.PROFILE, shared.profile, "")
    yield Row(Kind.PROFILE, shared.profile, attrs, mark)


def _hotspot_profile(shared: Shared, owner: str) -> Iterator[Row]:
    attrs = shared.speed.attrs() | _said({"pool": shared.pool})
    yield Row(Kind.HOTSPOT_PROFILE, _hotspot_name(shared.profile, owner), attrs)


def _hotspot_name(profile: str, owner: str) -> str:
    return branded(owner, Kind.HOTSPOT_PROFILE, profile)


def _pcq_rows(shared: Shared, owner: str) -> Iterator[Row]:
    """Types divide the speed; then marks and a tree, or one queue for a whole network."""
    for direction, classifier in _DIRECTIONS:
        attrs = _pcq_type(shared.speed, direction) | {"classifier": classifier}
        mask = {"mask6": str(shared.width6)} if shared.width6 not in (0, 128) else {}
        yield Row(Kind.QUEUE_TYPE, _type_name(shared, direction, owner), attrs | mask)
        yield from _marked(shared, direction, owner)
    if shared.subnet:
        yield _network_queue(shared, owner)


def _type_name(shared: Shared, direction: str, owner: str) -> str:
    return branded(owner, Kind.QUEUE_TYPE, f"{shared.profile} {direction}")


def _pcq_type(speed: Speed, direction: str) -> dict[str, str]:
    """The half of a plan's speed that one type divides, per address."""
    half = 0 if direction == "up" else 1
    attrs = speed.attrs()
    said = {
        "rate": _half(attrs, "max", half),
        "burst": _half(attrs, "burst", half),
        "threshold": _half(attrs, "threshold", half),
        "burst_time": _half(attrs, "burst_time", half),
    }
    return _said(said if said["burst"] else {"rate": said["rate"]})


def _half(attrs: Attrs, name: str, which: int) -> str:
    value = attrs.get(name, "0/0").split("/")[which]
    return "" if value == "0" else value


def _marked(shared: Shared, direction: str, owner: str) -> Iterator[Row]:
    """One mark for both families, so that one tree serves them. Both are divided: who has an
    address and a prefix has the speed of the plan on each."""
    key = f"{shared.profile} {direction}"
    marking = {"list": shared.profile, "direction": direction}
    four = [Kind.MARKING] if shared.has_ipv4 and not shared.subnet else []
    kinds = four + ([Kind.MARKING6] if shared.width6 else [])
    for kind in kinds:
        yield Row(kind, key, marking, comment(owner, SHARED, kind, key, ""))
    if not kinds:
        return
    tree = {
        "mark": key,
        "type": _type_name(shared, direction, owner),
        "priority": shared.speed.attrs().get("priority", ""),
    }
    yield Row(Kind.TREE, key, _said(tree), comment(owner, SHARED, Kind.TREE, key, ""))


def _network_queue(shared: Shared, owner: str) -> Row:
    key = f"{shared.profile} {shared.subnet}"
    attrs = {
        "target": _spelled(shared.subnet),
        "types": "/".join(_type_name(shared, direction, owner) for direction, _ in _DIRECTIONS),
        "priority": shared.speed.attrs().get("priority", ""),
    }
    return Row(Kind.QUEUE, key, _said(attrs), comment(owner, SHARED, Kind.QUEUE, key, ""))


_PLAN_ROWS: dict[Technology, Callable[[Shared, str], Iterator[Row]]] = {
    Technology.PPPOE: _ppp_profile,
    Technology.HOTSPOT: _hotspot_profile,
    Technology.PCQ: _pcq_rows,
}

# -- rows of services

Part = tuple[Kind, str, Attrs]


def _ppp_account(access: Access) -> Iterator[Part]:
    attrs = {
        "password": access.password,
        "profile": access.profile,
        "address": _canonical_or_none(access.address),
        "local_address": access.local_address,
        "mac": access.mac.upper(),
        "prefix": _canonical_or_none(access.prefix),
        # Without an address there is nothing to list: only a disabled account is sure.
        "enabled": "no" if access.suspended and not access.address else "",
    }
    yield Kind.ACCOUNT, access.name, _said(attrs)


def _hotspot_user(access: Access) -> Iterator[Part]:
    attrs = {
        "password": access.password,
        "address": _canonical_or_none(access.address),
        "mac": access.mac.upper(),
        "server": access.server,
        "enabled": "no" if access.suspended else "",
    }
    yield Kind.HOTSPOT_USER, access.name, _said(attrs)


def _queue(access: Access) -> Iterator[Part]:
    targets = [canonical(address) for address in (access.address, access.prefix) if address]
    under = _said({"parent": access.parent})
    yield Kind.QUEUE, access.name, {"target": ",".join(targets)} | under | access.speed.attrs()
    yield from _arp(access)


def _arp(access: Access) -> Iterator[Part]:
    if binds_mac(access):
        attrs = {"mac": access.mac.upper(), "interface": access.interface}
        yield Kind.ARP, canonical(access.address), attrs


def _member(access: Access) -> Iterator[Part]:
    yield Kind.MEMBER, member_key(canonical(access.address), access.profile), {}
    yield from _arp(access)


def _lease(access: Access) -> Iterator[Part]:
    server = _said({"server": access.server})
    attrs = {"mac": access.mac.upper()} | server | access.speed.attrs()
    yield Kind.LEASE, canonical(access.address), attrs
    if access.prefix:
        client = _said({"duid": access.duid, "iaid": access.iaid})
        yield Kind.BINDING6, canonical(access.prefix), client | access.speed.attrs()


def _login(access: Access) -> Iterator[Part]:
    named_by_device = access.name == access.mac
    attrs = {
        "password": access.password,
        "rate": rate_limit(access.speed.attrs()),
        "address": _canonical_or_none(access.address),
        "pool": access.pool,
        "prefix": _canonical_or_none(access.prefix),
        "mac": "" if named_by_device else access.mac.upper(),
        "enabled": "no" if access.suspended else "",
    }
    yield Kind.LOGIN, access.name, _said(attrs)


_SERVICE_ROWS: dict[Technology, Callable[[Access], Iterator[Part]]] = {
    Technology.PPPOE: _ppp_account,
    Technology.HOTSPOT: _hotspot_user,
    Technology.SIMPLE_QUEUE: _queue,
    Technology.STATIC: _queue,
    Technology.PCQ: _member,
    Technology.DHCP: _lease,
    Technology.RADIUS: _login,
}


def _canonical_or_none(address: str) -> str:
    return canonical(address) if address else ""


def _said(attrs: dict[str, str]) -> dict[str, str]:
    """Without what is empty: an attribute equal to the router's default is absent."""
    return {name: value for name, value in attrs.items() if value}

"""The neutral rows of network access: what services should hold, what a router holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

Attrs = Mapping[str, str]
UNREADABLE = "?"  # a found value the router does not show us, such as a masked password


class Technology(StrEnum):
    """How a customer reaches the network."""

    PPPOE = "pppoe"
    SIMPLE_QUEUE = "simple_queue"
    PCQ = "pcq"  # one queue type per plan divides the speed among the addresses of a list
    HOTSPOT = "hotspot"
    DHCP = "dhcp"  # a static lease carries address and speed
    STATIC = "static"  # a simple queue, and the address bound to a MAC by a static ARP entry
    RADIUS = "radius"  # whatever the router serves, a RADIUS server answers for it


class Kind(StrEnum):
    """Kinds of rows a router holds. The key of each is what the router itself keeps unique."""

    PROFILE = "profile"  # key: profile name
    ACCOUNT = "account"  # key: user name
    QUEUE = "queue"  # key: queue name
    BLOCK = "block"  # key: address, without /32
    BLOCK6 = "block6"  # key: IPv6 address or prefix
    SESSION = "session"  # key: user name; never wanted, only kicked
    HOTSPOT_PROFILE = "hotspot_profile"  # key: profile name with our mark in it
    HOTSPOT_USER = "hotspot_user"  # key: user name
    HOTSPOT_SESSION = "hotspot_session"  # key: user name; only kicked
    COOKIE = "cookie"  # key: user name; a way back in without password, only kicked
    LEASE = "lease"  # key: address
    BINDING6 = "binding6"  # key: delegated prefix
    ARP = "arp"  # key: address
    MEMBER = "member"  # key: address, space, name of the list
    MEMBER6 = "member6"  # key: IPv6 prefix, space, name of the list
    QUEUE_TYPE = "queue_type"  # key: type name with our mark in it
    MARKING = "marking"  # key: packet mark
    MARKING6 = "marking6"  # key: packet mark, of IPv6 packets
    TREE = "tree"  # key: queue name
    LOGIN = "login"  # key: user name; what a RADIUS server answers


BLOCKS = frozenset({Kind.BLOCK, Kind.BLOCK6})
MEMBERS = frozenset({Kind.MEMBER, Kind.MEMBER6})
LISTED = BLOCKS | MEMBERS
"""Entries of address lists."""
PROFILES = frozenset({Kind.PROFILE, Kind.HOTSPOT_PROFILE})
ACCOUNTS = frozenset({Kind.ACCOUNT, Kind.HOTSPOT_USER, Kind.LOGIN})
"""A customer signs in with these, and what signed in is closed apart."""
MARKINGS = frozenset({Kind.MARKING, Kind.MARKING6})
SHARED_KINDS = PROFILES | MARKINGS | {Kind.QUEUE_TYPE, Kind.TREE}
"""Rows of a plan, never of one service."""
SESSIONS = frozenset({Kind.SESSION, Kind.HOTSPOT_SESSION})
SESSION_OF = {
    Kind.ACCOUNT: Kind.SESSION,
    Kind.HOTSPOT_USER: Kind.HOTSPOT_SESSION,
    Kind.LOGIN: Kind.SESSION,
}


@dataclass(frozen=True, slots=True)
class Speed:
    """A plan's speed. Rates are bits per second from the customer's side; 0 means unlimited.

    Priority runs from 1 (first) to 8 (last).
    """

    up_bps: int = 0
    down_bps: int = 0
    burst_up_bps: int = 0
    burst_down_bps: int = 0
    threshold_up_bps: int = 0
    threshold_down_bps: int = 0
    burst_seconds: int = 0
    guaranteed_up_bps: int = 0
    guaranteed_down_bps: int = 0
    priority: int = 8

    def attrs(self) -> dict[str, str]:
        """Canonical attributes: `up/down` pairs in plain bits and seconds, absent when default."""
        return dict(_speed_attrs(self))


@cache
def _speed_attrs(speed: Speed) -> dict[str, str]:
    """Thousands of services share a few plans: their texts are made, and kept, once."""
    found = {
        "max": pair(speed.up_bps, speed.down_bps),
        "guaranteed": pair(speed.guaranteed_up_bps, speed.guaranteed_down_bps),
        "priority": "" if speed.priority == 8 else str(speed.priority),
    }
    if speed.burst_up_bps or speed.burst_down_bps:
        found |= burst_attrs(
            (speed.up_bps, speed.down_bps),
            (speed.burst_up_bps, speed.burst_down_bps),
            (speed.threshold_up_bps, speed.threshold_down_bps),
            (speed.burst_seconds, speed.burst_seconds),
        )
    return {name: value for name, value in found.items() if value}


Both = tuple[int, int]


def burst_attrs(limit: Both, burst: Both, threshold: Both, seconds: Both) -> dict[str, str]:
    """Canonical: without a burst, threshold and time of a direction mean nothing; with one they
    are filled as routers fill them, for without them it would do nothing."""
    up, down = (
        (burst[way], threshold[way] or limit[way], seconds[way] or 1) if burst[way] else (0, 0, 0)
        for way in (0, 1)
    )
    names = ("burst", "threshold", "burst_time")
    return {name: pair(up[at], down[at]) for at, name in enumerate(names)}


def pair(up: int, down: int) -> str:
    """`up/down`, or nothing when both are zero."""
    return f"{up}/{down}" if up or down else ""


@dataclass(frozen=True, slots=True)
class Access:
    """One customer service as it should be on a router.

    `service_id` is letters, digits, `-` or `_`. `profile` names the plan's profile on the router,
    for PCQ its address list. An empty `address` lets the router choose one (PPPoE from `pool`,
    HotSpot). `mac` is what the service is bound to, and whose the lease is. `server` is the one
    HotSpot or DHCP server it may come through, empty for all. `interface` is where its MAC is
    seen. `subnet` makes PCQ use one queue per network instead of a queue tree.

    `parent` is the queue of the router under which a simple queue stands.

    `reminded`: he browses, but plain http leads to the notice until he has read it (IC-72).

    IPv6: `prefix` is the customer's own; `pool6` is from where the router delegates one (PPPoE);
    `duid` and `iaid` tell the DHCPv6 client.
    """

    service_id: str
    kind: Technology
    name: str
    speed: Speed
    profile: str = ""
    password: str = ""
    address: str = ""
    local_address: str = ""
    mac: str = ""
    pool: str = ""
    suspended: bool = False
    reminded: bool = False
    label: str = ""
    server: str = ""
    interface: str = ""
    subnet: str = ""
    parent: str = ""
    prefix: str = ""
    pool6: str = ""
    duid: str = ""
    iaid: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One object on a router, in neutral words.

    `attrs` is canonical: an attribute equal to the router's default is absent. `comment` starts
    with our mark when the row is ours. `ref` is the router's own handle and means nothing
    elsewhere. `age_s` is counted on the router's clock, None when it does not tell. `whole` is
    what the router said of a row of somebody else before it was taken away, in its own words.

    Attributes by kind; `enabled` is `no` or absent on all that can be disabled, and "speeds" are
    max, guaranteed, priority, burst, threshold and burst_time:
    profile, hotspot_profile: speeds, pool, pool6. account: password, profile, address,
    local_address, mac, prefix. hotspot_user: password, profile, address, mac, server.
    queue: target (addresses, by commas), speeds, types, parent (a queue's name). lease: mac,
    server, speeds. binding6: duid, iaid, server, speeds. arp: mac, interface. queue_type:
    classifier, rate, burst, threshold, burst_time (one way, no pairs), mask and mask6 (how many
    leading bits of an address are one customer, absent for all). marking, marking6: list,
    direction. tree: mark, type, priority.
    login: password, rate (as RADIUS spells it), address, pool, prefix, mac.
    Conditions that somebody added by hand, and that nobody wants, go by the router's own names.
    """

    kind: Kind
    key: str
    attrs: Attrs = field(default_factory=dict)
    comment: str = ""
    ref: str = ""
    age_s: int | None = None
    whole: Attrs = field(default_factory=dict, compare=False)

    @property
    def enabled(self) -> bool:
        return self.attrs.get("enabled") != "no"


def member_key(address: str, list_name: str) -> str:
    """The key of a list entry."""
    return f"{address} {list_name}"


def networks_of(row: Row) -> tuple[str, ...]:
    """All that a row gives to its customer, IPv4 and IPv6."""
    if row.kind in (Kind.BINDING6, Kind.BLOCK6):
        return (row.key,)
    if row.kind is Kind.MEMBER6:
        return (row.key.partition(" ")[0],)
    if row.kind is Kind.QUEUE:
        return tuple(filter(None, row.attrs.get("target", "").split(",")))
    prefix = row.attrs.get("prefix", "") if row.kind in ACCOUNTS else ""
    return tuple(filter(None, (address_of(row), prefix)))


def address_of(row: Row) -> str:
    """The customer's address that a row serves, empty where it names none."""
    if row.kind in (Kind.LEASE, Kind.ARP, Kind.BLOCK, Kind.BLOCK6):
        return row.key
    if row.kind is Kind.MEMBER:
        return row.key.partition(" ")[0]
    if row.kind is Kind.QUEUE:
        return row.attrs.get("target", "").partition(",")[0]
    return row.attrs.get("address", "") if row.kind in ACCOUNTS else ""


@dataclass(frozen=True, slots=True)
class Session:
    """A live connection. `speed` is the `max` pair in force, empty when the router does not tell.

    `answer` is what a RADIUS server let it in with (see logins). Counters are bytes from the
    customer's side.
    """

    name: str
    address: str = ""
    mac: str = ""
    ref: str = ""
    age_s: int = 0
    speed: str = ""
    radius: bool = False
    up_bytes: int = 0
    down_bytes: int = 0
    kind: Kind = Kind.SESSION
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """Who answered. `addresses` are the router's own, with prefix; `facts` what probe() noticed."""

    identity: str = ""
    version: str = ""
    serial: str = ""
    board: str = ""
    uptime_s: int = 0
    addresses: tuple[str, ...] = ()
    facts: Attrs = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one reading found. `complete` only if every part was read to its end without error."""

    complete: bool
    device: Device = field(default_factory=Device)
    rows: tuple[Row, ...] = ()
    sessions: tuple[Session, ...] = ()
    problems: tuple[str, ...] = ()

"""The neutral rows of network access: what services should hold, what a router holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Attrs = Mapping[str, str]
UNREADABLE = "?"  # a found value the router does not show us, such as a masked password


class Technology(StrEnum):
    """How a customer reaches the network."""

    PPPOE = "pppoe"
    SIMPLE_QUEUE = "simple_queue"


class Kind(StrEnum):
    """Kinds of rows a router holds. The key of each is what the router itself keeps unique."""

    PROFILE = "profile"  # key: profile name
    ACCOUNT = "account"  # key: user name
    QUEUE = "queue"  # key: queue name
    BLOCK = "block"  # key: address, without /32
    SESSION = "session"  # key: user name; never wanted, only kicked


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
        found = {
            "max": pair(self.up_bps, self.down_bps),
            "guaranteed": pair(self.guaranteed_up_bps, self.guaranteed_down_bps),
            "priority": "" if self.priority == 8 else str(self.priority),
        }
        if self.burst_up_bps or self.burst_down_bps:
            # A burst without threshold or time does nothing on a router: fill both as routers do.
            found["burst"] = pair(self.burst_up_bps, self.burst_down_bps)
            found["threshold"] = pair(
                self.threshold_up_bps or self.up_bps, self.threshold_down_bps or self.down_bps
            )
            found["burst_time"] = pair(self.burst_seconds or 1, self.burst_seconds or 1)
        return {name: value for name, value in found.items() if value}


def pair(up: int, down: int) -> str:
    """`up/down`, or nothing when both are zero."""
    return f"{up}/{down}" if up or down else ""


@dataclass(frozen=True, slots=True)
class Access:
    """One customer service as it should be on a router.

    `service_id` is letters, digits, `-` or `_`. `profile` names the plan's profile on the router.
    An empty `address` lets the router choose one (PPPoE only, from `pool`).
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
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One object on a router, in neutral words.

    `attrs` is canonical: an attribute equal to the router's default is absent. `comment` starts
    with our mark when the row is ours. `ref` is the router's own handle and means nothing
    elsewhere. `age_s` is counted on the router's clock, None when it does not tell.

    Attributes by kind: profile: max, guaranteed, priority, burst, threshold, burst_time, pool.
    account: password, profile, address, local_address, mac, enabled (`no` or absent).
    queue: target, enabled and the speeds of a profile. block: enabled.
    """

    kind: Kind
    key: str
    attrs: Attrs = field(default_factory=dict)
    comment: str = ""
    ref: str = ""
    age_s: int | None = None

    @property
    def enabled(self) -> bool:
        return self.attrs.get("enabled") != "no"


@dataclass(frozen=True, slots=True)
class Session:
    """A live connection. `speed` is the `max` pair in force, empty when the router does not tell.

    Counters are bytes from the customer's side.
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

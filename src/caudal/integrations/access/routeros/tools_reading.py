"""What to ask a router for a person's tools, and what its answers mean; no I/O here."""

import re
from collections.abc import Iterable, Mapping, Sequence

from caudal.core.addressing import AddressError, canonical
from caudal.core.ports.tools import (
    Door,
    Hop,
    Lease,
    Neighbour,
    OnlineUser,
    Rate,
    Station,
    Vitals,
)
from caudal.integrations.access.routeros import values as v
from caudal.integrations.access.routeros.wire import Reply, Sentence, command

Rows = Sequence[Mapping[str, str]]

VITALS: dict[str, Sentence] = {
    "resource": command("/system/resource/print"),
    "identity": command("/system/identity/print"),
    "routerboard": command("/system/routerboard/print"),
    "clock": command("/system/clock/print"),
}
ARP = command(
    "/ip/arp/print", {".proplist": "address,mac-address,interface,dynamic,disabled,comment"}
)
LEASES: dict[str, Sentence] = {
    "leases": command(
        "/ip/dhcp-server/lease/print",
        {
            ".proplist": "address,mac-address,server,status,host-name,dynamic,disabled,"
            "expires-after,comment"
        },
    ),
    "counts": command("/queue/simple/print", {".proplist": "name,target,bytes"}, "?dynamic=true"),
}
ONLINE: dict[str, Sentence] = {
    "ppp": command(
        "/ppp/active/print", {".proplist": "name,service,caller-id,address,uptime,radius"}
    ),
    "counts": command("/interface/print", {".proplist": "name,rx-byte,tx-byte"}, "?dynamic=true"),
    "hotspot": command(
        "/ip/hotspot/active/print",
        {".proplist": "user,address,mac-address,uptime,server,radius,bytes-in,bytes-out"},
    ),
}
OPTIONAL = frozenset({"routerboard", "hotspot"})
RADIOS: dict[str, Sentence] = {
    path: command(f"/{path}/registration-table/print")
    for path in ("interface/wireless", "interface/wifi", "interface/wifiwave2", "caps-man")
}
"""Which of them there is depends on version and packages, so all are asked (network.md 4.4)."""
_DBM = re.compile(r"-\d+")


def is_missing(reply: Reply) -> bool:
    """This router does not have the menu at all."""
    return reply.trap is not None and reply.trap.startswith("no such command")


def vitals(replies: Mapping[str, Reply]) -> Vitals:
    resource, board = _only(replies["resource"]), _only(replies["routerboard"])
    clock = _only(replies["clock"])
    return Vitals(
        _only(replies["identity"]).get("name", ""),
        resource.get("version", ""),
        resource.get("board-name", ""),
        board.get("serial-number", ""),
        v.seconds(resource.get("uptime", "")),
        _number(resource.get("cpu-load", "")),
        _number(resource.get("free-memory", "")),
        _number(resource.get("total-memory", "")),
        f"{clock.get('date', '')} {clock.get('time', '')}".strip(),
    )


def neighbours(rows: Rows) -> list[Neighbour]:
    return [
        Neighbour(
            row.get("address", ""),
            row.get("mac-address", "").upper(),
            row.get("interface", ""),
            v.is_yes(row.get("dynamic", "")),
            row.get("comment", ""),
        )
        for row in _enabled(rows)
    ]


def leases(rows: Rows, queues: Rows) -> list[Lease]:
    """The queue that the speed of a lease makes counts for it."""
    moved = {
        queue_address(queue): v.both_bytes(queue.get("bytes", ""))
        for queue in queues
        if queue.get("name", "").startswith(LEASE_QUEUE)
    }
    return [
        Lease(
            row.get("address", ""),
            row.get("mac-address", "").upper(),
            row.get("server", "all"),
            row.get("status", ""),
            row.get("host-name", ""),
            v.is_yes(row.get("dynamic", "")),
            v.seconds(row["expires-after"]) if row.get("expires-after") else None,
            row.get("comment", ""),
            *moved.get(row.get("address", ""), (None, None)),
        )
        for row in _enabled(rows)
    ]


def online_users(ppp: Rows, counts: Rows, hotspot: Rows) -> list[OnlineUser]:
    """A router receives what a customer sends; a HotSpot counts from its own side alike."""
    by_interface = {row.get("name", ""): row for row in counts}
    found = [_dialled(row, by_interface) for row in ppp]
    found += [
        OnlineUser(
            Door.HOTSPOT,
            row.get("user", ""),
            row.get("address", ""),
            row.get("mac-address", "").upper(),
            v.seconds(row.get("uptime", "")),
            row.get("server", ""),
            v.is_yes(row.get("radius", "")),
            _number(row.get("bytes-in", "")),
            _number(row.get("bytes-out", "")),
        )
        for row in hotspot
    ]
    return found


def _dialled(row: Mapping[str, str], by_interface: Mapping[str, Mapping[str, str]]) -> OnlineUser:
    service, name = row.get("service", ""), row.get("name", "")
    counted = by_interface.get(f"<{service}-{name}>", {})
    return OnlineUser(
        Door.PPP,
        name,
        row.get("address", ""),
        row.get("caller-id", "").upper(),
        v.seconds(row.get("uptime", "")),
        service,
        v.is_yes(row.get("radius", "")),
        _number(counted.get("rx-byte", "")),
        _number(counted.get("tx-byte", "")),
    )


def stations(rows: Iterable[Mapping[str, str]]) -> list[Station]:
    """Rows of the older and of the newer tables alike; the weakest signal comes first."""
    found = [_station(row) for row in rows]
    return sorted(found, key=lambda each: (each.signal_dbm is None, each.signal_dbm or 0))


def _station(row: Mapping[str, str]) -> Station:
    heard = row.get("signal-strength") or row.get("signal") or row.get("rx-signal", "")
    dbm = _DBM.search(heard)  # "-65dBm@6Mbps", "-65dBm" or "-65"
    return Station(
        row.get("interface", ""),
        row.get("mac-address", "").upper(),
        int(dbm[0]) if dbm else None,
        v.seconds(row.get("uptime", "")),
        _number(row.get("signal-to-noise", "")),
        row.get("tx-ccq", ""),
        row.get("tx-rate", ""),
        row.get("rx-rate", ""),
        row.get("last-ip", ""),
        row.get("comment", ""),
    )


def hop(number: int, row: Mapping[str, str]) -> Hop:
    return Hop(
        number,
        row.get("address", ""),
        _decimal(row.get("loss", "").rstrip("%")),
        _decimal(row.get("avg", "")) or v.milliseconds(row.get("avg", "")),
        row.get("status", ""),
    )


LEASE_QUEUE = "dhcp"
"""How the names of queues begin that leases made: `dhcp-ds<MAC>`, with more or less before it."""


def queue_address(queue: Mapping[str, str]) -> str:
    """The IPv4 address of a lease's queue; that of a client with both families names both."""
    return queue.get("target", "").partition(",")[0].removesuffix("/32")


def lease_queues() -> Sentence:
    return command("/queue/simple/print", {".proplist": ".id,name,target"}, "?dynamic=true")


def rate_of_queue(ref: str) -> Sentence:
    return command("/queue/simple/print", {".proplist": "name,rate"}, f"?.id={ref}")


def is_address(name: str) -> bool:
    try:
        canonical(name)
    except AddressError:
        return False
    return True


def flow_questions(name: str) -> dict[str, Sentence]:
    """His PPPoE interface, or the queue of his name (or that his HotSpot login made)."""
    interface = command("/interface/monitor-traffic", {"interface": f"<pppoe-{name}>", "once": ""})
    queue = command(
        "/queue/simple/print",
        {".proplist": "name,rate"},
        f"?name={name}",
        f"?name=<hotspot-{name}>",
        "?#|",
    )
    return {"interface": interface, "queue": queue}


def flow(interface: Reply, queue: Reply) -> Rate | None:
    if interface.ok and interface.rows:
        row = interface.rows[0]
        up, down = row.get("rx-bits-per-second", ""), row.get("tx-bits-per-second", "")
        return Rate(_bits(up), _bits(down))
    return rate(queue.rows[0]) if queue.rows else None


def rate(queue: Mapping[str, str]) -> Rate:
    up, _, down = queue.get("rate", "0/0").partition("/")
    return Rate(_bits(up), _bits(down))


def _bits(text: str) -> int:
    """`12345`, `1.2Mbps` or `35kbps`: versions differ in how they write a rate."""
    plain = text.lower().removesuffix("bps")
    scale = {"k": 1e3, "m": 1e6, "g": 1e9}.get(plain[-1:], 1.0)
    return int((_decimal(plain.rstrip("kmg")) or 0) * scale)


def _only(reply: Reply) -> Mapping[str, str]:
    return reply.rows[0] if reply.rows else {}


def _enabled(rows: Rows) -> list[Mapping[str, str]]:
    return [row for row in rows if not v.is_yes(row.get("disabled", ""))]


def _number(text: str) -> int | None:
    return int(text) if text.lstrip("-").isdigit() else None


def _decimal(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

"""Customers guessed from a Linux router configured by hand. Reads answers, writes nothing."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

from caudal.core.access import Access, Speed, Technology, parse_mark
from caudal.core.ports.access import Candidate
from caudal.core.ports.tools import Lease, Neighbour
from caudal.integrations.access.linux import foreign, looking, reading
from caudal.integrations.access.linux.foreign import ROOT, Classes, Led, Ruleset
from caudal.integrations.access.linux.legacy import Iptables
from caudal.integrations.access.linux.reading import HAS_TABLE, PREAMBLE
from caudal.integrations.access.linux.state import TABLE

SCRIPT = (
    PREAMBLE
    + r"""
devices() { ip -o link show | sed 's/^[0-9]*: *\([^:@]*\).*/\1/'; }
echo '@@ links'; ip -j addr show
echo '@@ routes'; ip -j route show default
echo '@@ routes6'; ip -j -6 route show default 2>/dev/null || echo '[]'
echo '@@ seen'; ip -j neigh show
echo '@@ bound'
"""
    + f"{HAS_TABLE} $S nft -j list set inet {TABLE} bound4; fi\n"
    + r"""
echo '@@ ruleset'; $S nft -j list ruleset
echo '@@ iptables'
if [ -s /proc/net/ip_tables_names ]; then
  $S iptables-legacy-save 2>/dev/null || $S iptables-save 2>/dev/null || true
fi
$S iptables-nft-save 2>/dev/null || true
echo '@@ ipset'; $S ipset save 2>/dev/null || true
echo '@@ qdiscs'; tc qdisc show
echo '@@ classes'
for d in $(devices); do tc class show dev "$d" | sed "s/^/dev $d /"; done
echo '@@ filters'
for d in $(devices); do
  found=$(tc filter show dev "$d" 2>/dev/null || true)
  if [ -n "$found" ]; then echo "dev $d"; echo "$found"; fi
done
echo '@@ end'
"""
)
_UPWARDS = ("ifb", "imq")
"""Devices through which what customers send is led."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What rows say of one address or network."""

    speed: Speed = field(default_factory=Speed)
    is_unread: bool = False
    """He is led to something that limits him, and it was not understood."""
    is_blocked: bool = False
    comment: str = ""
    neighbour: Neighbour | None = None
    lease: Lease | None = None


def candidates(text: str, leases: Sequence[Lease]) -> list[Candidate]:
    """Whoever has a class, is on a list of rules, has a lease or was seen behind the router; each
    address once, in their order. Those in our own table are nobody's to adopt."""
    parts = reading.sections(text)
    listed = json.loads(parts["ruleset"] or "{}").get("nftables", [])
    ours = {
        value
        for name, held in reading.sets(listed).items()
        if name.startswith("active")
        for value, element in held.items()
        if parse_mark(element.comment)
    }
    found = _by_target(parts, Ruleset(listed), leases)
    targets = sorted(found, key=_order)
    return [_candidate(target, found[target]) for target in targets if target not in ours]


def _by_target(
    parts: Mapping[str, str], ruleset: Ruleset, leases: Sequence[Lease]
) -> dict[str, _Found]:
    links = list(reading.links(parts))
    outside = {link.name for link in links if link.gateway}
    own = {address.partition("/")[0] for link in links for address in link.addresses}
    tables = Iptables.read(parts.get("iptables", ""), parts.get("ipset", ""))
    blocked = tables.blocked() | ruleset.blocked()
    known = tables.known() | ruleset.known()
    led, marks = foreign.filters(parts["filters"])
    led += [*tables.led(marks), *ruleset.led(marks), *_dialled(parts)]
    led = _on_their_way(led, outside)
    speeds = _speeds(led, foreign.classes(parts["classes"], parts.get("qdiscs", "")), outside)
    unread = {each.target for each in led if each.classid != ROOT} - speeds.keys()
    said = {each.target: each.comment for each in led if each.comment}
    neighbours = _behind(looking.neighbours(_text(parts)), outside)
    held = {each.address: each for each in leases if each.status == "bound"}
    single = (target for target in blocked if "/" not in target)
    targets = {*speeds, *unread, *known, *single, *neighbours, *held} - own
    return {
        target: _Found(
            speeds.get(target, Speed()),
            target in unread,
            target in blocked,
            said.get(target) or known.get(target) or blocked.get(target, ""),
            neighbours.get(target),
            held.get(target),
        )
        for target in targets
    }


def _dialled(parts: Mapping[str, str]) -> Iterator[Led]:
    """Who is at the other end of a link that is his alone: a queue of that device is his."""
    for link in json.loads(parts["links"] or "[]"):
        for held in link.get("addr_info", []):
            if held.get("family") == "inet" and "address" in held:
                yield Led(held["address"], True, ROOT, link["ifname"])


def _text(parts: Mapping[str, str]) -> str:
    """The sections about neighbours, as their own script prints them."""
    return f"@@ seen\n{parts['seen']}\n@@ bound\n{parts['bound']}\n@@ end\n"


def _behind(seen: Iterable[Neighbour], outside: set[str]) -> dict[str, Neighbour]:
    """Equipment with an IPv4 address that is not towards the internet."""
    return {
        each.address: each
        for each in seen
        if each.mac and each.interface not in outside and ":" not in each.address
    }


def _on_their_way(led: Sequence[Led], outside: set[str]) -> list[Led]:
    """One mark may have a class on both sides: what goes to a customer does not leave by the side
    of the internet, unless there is no other."""

    def is_right(each: Led) -> bool:
        return not each.device or each.is_down != _is_upwards(each.device, outside)

    placed = {(each.target, each.is_down) for each in led if is_right(each)}
    return [each for each in led if is_right(each) or (each.target, each.is_down) not in placed]


def _is_upwards(device: str, outside: set[str]) -> bool:
    return device in outside or device.startswith(_UPWARDS)


def _speeds(led: Iterable[Led], classes: Classes, outside: set[str]) -> dict[str, Speed]:
    found: dict[str, Speed] = {}
    for each in led:
        limit = _limit(each, classes, outside)
        if limit is None:
            continue
        least = limit.rate_bps if limit.rate_bps < limit.ceil_bps else 0
        names = ("down_bps", "guaranteed_down_bps") if each.is_down else (
            "up_bps", "guaranteed_up_bps"
        )  # fmt: skip
        values = dict(zip(names, (limit.ceil_bps, least), strict=True))
        found[each.target] = replace(found.get(each.target, Speed()), **values)
    return found


def _limit(led: Led, classes: Classes, outside: set[str]) -> foreign.Limit | None:
    """The class on the device that is named; else on one that this direction leaves by."""
    if led.device:
        return classes.get((led.device, led.classid))
    devices = [device for device, classid in classes if classid == led.classid]
    upwards = [device for device in devices if _is_upwards(device, outside)]
    downwards = [d for d in devices if d not in upwards]
    chosen = (downwards if led.is_down else upwards) or devices
    return classes[chosen[0], led.classid] if chosen else None


def _candidate(target: str, found: _Found) -> Candidate:
    """An address is the only name that a customer has on such a router."""
    seen, lease = found.neighbour, found.lease
    is_bound = seen is not None and not seen.dynamic
    wide = "/" in target
    access = Access(
        "",
        Technology.STATIC if is_bound else Technology.SIMPLE_QUEUE,
        target,
        found.speed,
        address="" if wide else target,
        mac=seen.mac if seen else lease.mac if lease else "",
        interface=seen.interface if seen else "",
        suspended=found.is_blocked,
    )
    doubts = {
        "no-speed": not found.speed.down_bps,
        "unread-speed": found.is_unread,
        "wide-address": wide,
    }
    comment = found.comment or (lease.host if lease else "")
    told = tuple(name for name, there in doubts.items() if there)
    return Candidate(access, comment, "", seen is not None, told)


def _order(target: str) -> tuple[int, int, str]:
    host = ip_address(target.partition("/")[0])
    return host.version, int(host), target

"""Customers guessed from a Linux router configured by hand. Reads answers, writes nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

from caudal.core.access import Access, Speed, Technology, parse_mark
from caudal.core.ports.access import Candidate
from caudal.core.ports.tools import Lease, Neighbour
from caudal.integrations.access.linux import foreign, looking, reading
from caudal.integrations.access.linux.foreign import Classes, Led, Ruleset
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
    blocked, known = ruleset.blocked(), ruleset.known()
    led, marks = foreign.filters(parts["filters"])
    led += ruleset.led(marks)
    speeds = _speeds(led, foreign.classes(parts["classes"]), outside)
    said = {each.target: each.comment for each in led if each.comment}
    neighbours = _behind(looking.neighbours(_text(parts)), outside)
    held = {each.address: each for each in leases if each.status == "bound"}
    targets = {*speeds, *known, *(t for t in blocked if "/" not in t), *neighbours, *held} - own
    return {
        target: _Found(
            speeds.get(target, Speed()),
            target in blocked,
            said.get(target) or known.get(target) or blocked.get(target, ""),
            neighbours.get(target),
            held.get(target),
        )
        for target in targets
    }


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
    upwards = [d for d in devices if d in outside or d.startswith(_UPWARDS)]
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
    doubts = {"no-speed": not found.speed.down_bps, "wide-address": wide}
    comment = found.comment or (lease.host if lease else "")
    told = tuple(name for name, there in doubts.items() if there)
    return Candidate(access, comment, "", seen is not None, told)


def _order(target: str) -> tuple[int, int, str]:
    host = ip_address(target.partition("/")[0])
    return host.version, int(host), target

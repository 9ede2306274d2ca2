"""What people ask of a Linux router: the scripts, and what their answers mean."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence

from caudal.core.ports.tools import Hop, Neighbour, Rate, Vitals
from caudal.integrations.access.linux import reading
from caudal.integrations.access.linux.reading import HAS_TABLE, PREAMBLE, WHO
from caudal.integrations.access.linux.shaping import parse_sent
from caudal.integrations.access.linux.state import DEVICES, DOWN, MAJOR, TABLE, UP

VITALS = (
    PREAMBLE
    + WHO
    + """\
echo '@@ local'; date '+%Y-%m-%d %H:%M:%S %Z'
echo '@@ memory'; cat /proc/meminfo
echo '@@ before'; head -n 1 /proc/stat
sleep 0.5
echo '@@ after'; head -n 1 /proc/stat
echo '@@ end'
"""
)
NEIGHBOURS = (
    PREAMBLE
    + f"""\
echo '@@ seen'; ip -j neigh show
echo '@@ bound'
{HAS_TABLE} $S nft -j list set inet {TABLE} bound4; fi
echo '@@ end'
"""
)
EXPORT = (
    PREAMBLE
    + r"""
devices() { ip -o link show | sed 's/^[0-9]*: *\([^:@]*\).*/\1/'; }
echo '@@ text'
echo "# $(cat /proc/sys/kernel/hostname), $(date '+%Y-%m-%d %H:%M:%S %Z')"
echo '/system'
sed -n 's/^PRETTY_NAME=//p' /etc/os-release; uname -r
for name in net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv4.conf.all.rp_filter; do
  f=/proc/sys/$(echo $name | tr . /)
  if [ -e "$f" ]; then echo "$name = $(cat "$f")"; fi
done
echo '/ip link'
ip -o link show | sed -e 's/^[0-9]*: *//' -e 's/<[^>]*>//' -e 's/ state [A-Z]*//' \
  -e 's/@if[0-9]*//' -e 's/ link-netns.*//' -e '/^caudal-/s/link.ether.*//' \
  | tr '\\' ' ' | tr -s ' ' | sort
echo '/ip address'
ip -o addr show | sed -e 's/^[0-9]*: *//' -e 's/\\.*//' -e 's/ dynamic//' -e '/inet6 fe80:/d' \
  | tr -s ' ' | sort
echo '/ip route'
{ ip route show table all type unicast; ip -6 route show table all type unicast
} 2>/dev/null | sed -e 's/ expires [0-9]*sec//' -e 's/ linkdown//' -e 's/ dead//' \
  -e '/^fe80::/d' | sort
echo '/ip rule'
{ ip rule show; ip -6 rule show; } 2>/dev/null
echo '/ip neighbour'
ip neigh show nud permanent | sort
echo '/tc qdisc'
tc qdisc show | sed -e 's/ direct_packets_stat [0-9]*//' -e 's/ refcnt [0-9]*//'
echo '/tc class'
for d in $(devices); do
  tc class show dev "$d" | grep -v '^class fq_codel' | sed "s/^/dev $d /" | sort
done
echo '/tc filter'
for d in $(devices); do
  for where in root ingress egress; do
    found=$(tc filter show dev "$d" $where 2>/dev/null || true)
    if [ -n "$found" ]; then echo "dev $d $where"; echo "$found" | grep -v 'index [0-9]* ref'; fi
  done
done
echo '/nft list ruleset'
$S nft -s list ruleset
echo '@@ end'
"""
)
"""Everything that a person would write again: neither counters nor what is up right now. Headings
begin with a slash, as the menus of RouterOS do."""
_HOP = re.compile(r"^From ([0-9a-fA-F.:]+?)(?:%\S+)?:? icmp_seq=\d+ (?!Redirect)(.*)$", re.M)
_REPLY = re.compile(r"^\d+ bytes from ([0-9a-fA-F.:]+): .*?(?:time=([0-9.]+) ms)?$", re.M)
_TOO_FAR = ("time to live", "time exceeded", "hop limit")


def vitals(text: str) -> Vitals:
    parts = reading.sections(text)
    memory = dict(re.findall(r"^(\w+):\s+(\d+) kB", parts["memory"], re.M))
    free = memory.get("MemAvailable") or memory.get("MemFree")
    return Vitals(
        parts["host"].strip(),
        reading.version(parts),
        parts["board"].strip(),
        parts["machine"].strip(),
        int(float(parts["uptime"].split()[0])),
        _load(parts["before"], parts["after"]),
        int(free) * 1024 if free else None,
        int(memory["MemTotal"]) * 1024 if "MemTotal" in memory else None,
        parts["local"].strip(),
    )


def _load(before: str, after: str) -> int | None:
    """Per cent of the time between two looks that was not idle (proc(5), /proc/stat)."""
    one, two = ([int(word) for word in text.split()[1:9]] for text in (before, after))
    passed = [b - a for a, b in zip(one, two, strict=True)]
    whole, idle = sum(passed), sum(passed[3:5])
    return round(100 * (whole - idle) / whole) if whole > 0 else None


def neighbours(text: str) -> list[Neighbour]:
    """ARP and its like for IPv6; an address that our rules bind counts as static."""
    parts = reading.sections(text)
    bound = reading.held(parts["bound"]).get("bound4", {})
    rows = [row for row in json.loads(parts["seen"] or "[]") if _is_seen(row)]
    return [_neighbour(row, bound) for row in rows]


def _is_seen(row: Mapping[str, object]) -> bool:
    address, states = str(row.get("dst", "")), row.get("state", [])
    no_arp = isinstance(states, list) and "NOARP" in states
    return bool(address and row.get("dev")) and not no_arp and not address.startswith("fe80:")


def _neighbour(row: Mapping[str, object], bound: Mapping[str, object]) -> Neighbour:
    address, states = str(row["dst"]), row.get("state") or []
    assert isinstance(states, list)
    is_static = "PERMANENT" in states or address in bound
    mac = str(row.get("lladdr", "")).upper()
    return Neighbour(address, mac, str(row["dev"]), not is_static)


def roll_script(addresses: Sequence[str]) -> str:
    """All at once: one that nobody has costs a second, and so do sixteen."""
    calls = "".join(
        f"( ping -n -q -c 1 -W 1 {shlex.quote(each)} >/dev/null 2>&1 && echo {shlex.quote(each)} )"
        " || true &\n"
        for each in addresses
    )
    return f"{PREAMBLE}{calls}wait\n"


def hop_script(address: str, number: int) -> str:
    """A ping that dies after so many stations: whoever buries it tells his address."""
    return f"{PREAMBLE}ping -n -c 1 -W 1 -t {int(number)} {shlex.quote(address)} || true\n"


def hop(text: str, number: int) -> tuple[Hop, bool]:
    """Who answered, and whether the way ends there."""
    if reply := _REPLY.search(text):
        took = float(reply[2]) if reply[2] else None
        return Hop(number, reply[1], 0.0, took), True
    if buried := _HOP.search(text):
        words = buried[2].strip()
        goes_on = words.lower().startswith(_TOO_FAR)
        return Hop(number, buried[1], 0.0, None, "" if goes_on else words), not goes_on
    return Hop(number, "", 100.0, None, "timeout"), False


def flow_script(minor: int, *, twice: bool) -> str:
    """Bytes of one class in both directions, with the moment by the router's own clock."""
    look = "".join(
        [
            "echo '@@ at'; cut -d ' ' -f 1 /proc/uptime\n",
            *(
                f"echo '@@ {name}'; tc -s class show dev {name} classid {MAJOR}:{minor:x}\n"
                for name in DEVICES
            ),
            "echo '@@ end'\n",
        ]
    )
    return PREAMBLE + (f"{look}sleep 0.5\n{look}" if twice else look)


Sample = tuple[float, int, int]
"""Second of the router's clock, bytes from the customer, bytes to him."""


def samples(text: str, minor: int) -> list[Sample]:
    """Those in which the class was there."""
    found = []
    for look in text.split("@@ end\n")[:-1]:
        parts = reading.sections(f"{look}@@ end\n")
        up, down = (parse_sent(parts[name]).get(minor) for name in (UP, DOWN))
        if up is not None and down is not None:
            found.append((float(parts["at"]), up, down))
    return found


def rate(before: Sample, after: Sample) -> Rate:
    """A class that was made anew in between has begun to count again."""
    passed = max(after[0] - before[0], 0.01)
    up, down = after[1] - before[1], after[2] - before[2]
    return Rate(max(0, int(up * 8 / passed)), max(0, int(down * 8 / passed)))

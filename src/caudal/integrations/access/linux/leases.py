"""DHCP leases from the files of the servers that Linux routers run: dnsmasq, Kea, ISC."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address

from caudal.core.ports.tools import Lease
from caudal.integrations.access.linux.reading import PREAMBLE

SCRIPT = (
    PREAMBLE
    + r"""
echo '@@ now'; date +%s
show() {
  for f in "$@"; do if $S test -f "$f"; then echo "@@ $server"; $S cat "$f"; fi; done
}
server=dnsmasq
show $(cat /etc/dnsmasq.conf /etc/dnsmasq.d/* /var/etc/dnsmasq.conf* 2>/dev/null \
    | sed -n 's/^ *dhcp-leasefile *= *//p') /var/lib/misc/dnsmasq.leases \
  /var/lib/dnsmasq/dnsmasq.leases
server=Kea
for f in $($S cat /etc/kea/kea-dhcp4.conf 2>/dev/null \
    | sed -n 's/.*"name" *: *"\([^"]*\.csv\)".*/\1/p') /var/lib/kea/kea-leases4.csv; do
  show "$f.2" "$f.1" "$f.completed" "$f"
done
server=ISC
show /var/lib/dhcp/dhcpd.leases /var/lib/dhcpd/dhcpd.leases
echo '@@ end'
"""
)
"""Where Debian, Red Hat and OpenWrt keep them, and where their settings say. What Kea has put
aside to tidy up comes before what it writes now (administrator manual, "Lease File Cleanup")."""
_KEA_STATES = {"0": "bound", "1": "declined"}
_ISC_LEASE = re.compile(r"^lease (\S+) \{(.*?)^\}", re.M | re.S)
_ISC_ENDS = re.compile(r"^\s*ends (?:\d )?(?:epoch )?([^;#]+)", re.M)
_ISC_MAC = re.compile(r"^\s*hardware ethernet ([0-9a-fA-F:]+)", re.M)
_ISC_STATE = re.compile(r"^\s*binding state (\w+)", re.M)
_ISC_HOST = re.compile(r'^\s*client-hostname "([^"]*)"', re.M)


def leases(text: str) -> list[Lease] | None:
    """What the script printed, by address; None where no server keeps leases in a known place."""
    parts = re.split(r"(?m)^@@ (.*)\n", text)[1:]
    printed = list(zip(parts[::2], parts[1::2], strict=True))
    now = int(dict(printed)["now"])
    known = [(server, body) for server, body in printed if server in _READERS]
    if not known:
        return None
    found: dict[str, Lease] = {}
    for server, body in known:
        for address, lease in _READERS[server](body, now):
            found.pop(address, None)  # the last word of a journal counts
            if lease:
                found[address] = lease
    return sorted(found.values(), key=lambda each: (":" in each.address, _number(each.address)))


Found = Iterator[tuple[str, Lease | None]]


def _dnsmasq(text: str, now: int) -> Found:
    """`1700000000 aa:bb:cc:dd:ee:ff 10.0.0.5 phone 01:aa:...`; the end 0 means never."""
    for line in text.splitlines():
        words = line.split()
        if len(words) < 4 or not words[0].isdigit() or not _is_address(words[2]):
            continue
        end, mac, address, host = words[:4]
        host = "" if host == "*" else host
        yield address, _lease("dnsmasq", address, mac, host, int(end) or None, now)


def _kea(text: str, now: int) -> Found:
    names: list[str] = []
    for row in csv.reader(text.splitlines()):
        if row[:1] == ["address"]:
            names = row
            continue
        said = dict(zip(names, row, strict=False))
        address, status = said.get("address", ""), _KEA_STATES.get(said.get("state", "0"))
        if not _is_address(address):
            continue
        end = int(said["expire"]) if said.get("expire", "").isdigit() else None
        is_held = status and said.get("valid_lifetime") != "0"
        host, mac = said.get("hostname", "").rstrip("."), said.get("hwaddr", "")
        lease = _lease("Kea", address, mac, host, end, now, status or "") if is_held else None
        yield address, lease


def _isc(text: str, now: int) -> Found:
    for address, body in _ISC_LEASE.findall(text):
        state, mac = _said(_ISC_STATE, body), _said(_ISC_MAC, body)
        end = _isc_end(_said(_ISC_ENDS, body).strip())
        host = _said(_ISC_HOST, body)
        is_held = state in ("active", "") and _is_address(address)
        yield address, _lease("ISC", address, mac, host, end, now) if is_held else None


_READERS: Mapping[str, Callable[[str, int], Found]] = {
    "dnsmasq": _dnsmasq,
    "Kea": _kea,
    "ISC": _isc,
}


def _lease(
    server: str, address: str, mac: str, host: str, end: int | None, now: int, status: str = "bound"
) -> Lease:
    left = None if end is None else max(0, end - now)
    word = "expired" if left == 0 else status
    return Lease(address, mac.upper(), server, word, host, True, left)


def _isc_end(text: str) -> int | None:
    """`2026/07/05 18:00:00` in UTC, or seconds, or `never`."""
    if text.isdigit():
        return int(text)
    try:
        return int(datetime.strptime(text, "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _said(pattern: re.Pattern[str], body: str) -> str:
    found = pattern.search(body)
    return found[1] if found else ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _number(address: str) -> int:
    return int(ip_address(address))

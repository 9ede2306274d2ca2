"""One reading of a Linux router: the script that prints everything, and what it printed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from caudal.core.access import Device
from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.linux.shaping import parse_classes, parse_sent
from caudal.integrations.access.linux.state import (
    CLASS_MAPS,
    DEVICES,
    MAJOR,
    TABLE,
    Element,
    Link,
    State,
)
from caudal.integrations.access.linux.texts import unquoted

PREF = 51933
"""Of our redirecting filters; those of others have other numbers."""
PREAMBLE = """\
set -e
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
S=
[ "$(id -u)" = 0 ] || S='sudo -n'
"""
WHO = """\
echo '@@ machine'; cat /etc/machine-id
echo '@@ host'; cat /proc/sys/kernel/hostname
echo '@@ kernel'; uname -r
echo '@@ system'; sed -n 's/^PRETTY_NAME=//p' /etc/os-release
echo '@@ board'; cat /sys/class/dmi/id/product_name 2>/dev/null || true
echo '@@ uptime'; cat /proc/uptime
echo '@@ clock'; date -u +%Y-%m-%dT%H:%M:%S+00:00
"""
_STATE = """\
echo '@@ boot'; cat /proc/sys/kernel/random/boot_id
echo '@@ nft'; $S nft --version
echo '@@ links'; ip -j addr show
"""
HAS_TABLE = f"if $S nft list tables | grep -qx 'table inet {TABLE}'; then"
STANDS = (
    PREAMBLE
    + f"""\
echo '@@ boot'; cat /proc/sys/kernel/random/boot_id
echo '@@ table'
{HAS_TABLE} echo there; fi
echo '@@ end'
"""
)
"""The least that tells whether the router still holds what was written to it."""
READ = (
    PREAMBLE
    + WHO
    + _STATE
    + f"""\
echo '@@ routes'; ip -j route show default
echo '@@ routes6'; ip -j -6 route show default 2>/dev/null || echo '[]'
echo '@@ table'
{HAS_TABLE} $S nft -j list table inet {TABLE}; fi
echo '@@ qdiscs'; tc -j qdisc show
echo '@@ shaped'
for d in $(tc qdisc show | sed -n 's/^qdisc clsact .* dev \\([^ ]*\\) .*/\\1/p'); do
  found=$(tc filter show dev $d egress pref {PREF})
  echo "$d $(echo "$found" | sed -n 's/.*to device \\([^)]*\\)).*/\\1/p')"
done
for d in {" ".join(DEVICES)}; do
  echo "@@ $d"
  if ip link show dev $d >/dev/null 2>&1; then tc -s class show dev $d; fi
done
echo '@@ end'
"""
)


def whole(script: str) -> str:
    """The script so that a shell reads it to its end before it does anything: a connection that
    breaks off within it must not leave the half that had arrived to be carried out."""
    return f"caudal() {{\n{script}}}\ncaudal\n"


def sections(text: str) -> dict[str, str]:
    """The printed parts by title. Raises AccessError where the end is missing."""
    found: dict[str, str] = {}
    for part in ("\n" + text).split("\n@@ ")[1:]:
        title, _line, body = part.partition("\n")
        found[title] = body
    if "end" not in found:
        raise AccessError(AccessFault.CONNECTION_LOST, detail=text[-200:])
    return found


def life(parts: Mapping[str, str]) -> str:
    """One text as long as the machine runs and holds our table."""
    return f"{parts['boot'].strip()}{'' if parts['table'].strip() else ' without rules'}"


def device(parts: Mapping[str, str], facts: Mapping[str, str]) -> Device:
    """Who answers. The serial is systemd's machine id, drawn when the system was installed."""
    return Device(
        identity=parts["host"].strip(),
        version=version(parts),
        serial=parts["machine"].strip(),
        board=parts["board"].strip(),
        uptime_s=int(float(parts["uptime"].split()[0])),
        addresses=tuple(a for link in links(parts) for a in link.addresses),
        facts=facts,
    )


def version(parts: Mapping[str, str]) -> str:
    """`Debian GNU/Linux 12 (bookworm), 6.1.0-18-amd64`."""
    return f"{parts['system'].strip().strip(chr(34))}, {parts['kernel'].strip()}"


def held(text: str) -> dict[str, dict[str, Element]]:
    """The elements of the sets and maps that `nft -j` listed, by name; none where it did not."""
    listed = json.loads(text).get("nftables", []) if text.strip() else []
    return sets(listed)


def state(parts: Mapping[str, str]) -> State:
    """Everything of ours. Raises AccessError where a program printed what we cannot read."""
    try:
        return _state(parts)
    except (ValueError, KeyError, TypeError) as error:
        raise AccessError(AccessFault.PROTOCOL, detail=repr(error)[:200]) from error


def _state(parts: Mapping[str, str]) -> State:
    table = _json(parts["table"]).get("nftables", []) if parts["table"].strip() else []
    qdiscs = json.loads(parts["qdiscs"] or "[]")
    return State(
        elements=sets(table),
        rules=_rules(table),
        shapes={name: parse_classes(parts[name]) for name in DEVICES},
        sent_bytes={name: parse_sent(parts[name]) for name in DEVICES},
        links=tuple(links(parts)),
        roots=frozenset(
            q["dev"] for q in qdiscs if q.get("handle") == f"{MAJOR}:" and q["kind"] == "htb"
        ),
        clsact=frozenset(q["dev"] for q in qdiscs if q["kind"] == "clsact"),
        ingress=frozenset(q["dev"] for q in qdiscs if q["kind"] == "ingress"),
        shaped=dict(_shaped(parts["shaped"])),
    )


def _json(text: str) -> Any:
    return json.loads(text)


def links(parts: Mapping[str, str]) -> Iterator[Link]:
    """Network interfaces; a default route of either family leaves by those with `gateway`."""
    routes = [*_json(parts.get("routes") or "[]"), *_json(parts.get("routes6") or "[]")]
    gateways = {hop.get("dev") for r in routes for hop in r.get("nexthops", [r])}
    for link in _json(parts["links"]):
        held = (a for a in link.get("addr_info", []) if "local" in a)
        found = tuple(f"{a['local']}/{a['prefixlen']}" for a in held)
        name = link["ifname"]
        yield Link(name, link.get("link_type", ""), found, name in gateways)


def sets(listed: list[dict[str, Any]], table: str = TABLE) -> dict[str, dict[str, Element]]:
    """The elements of the sets and maps of one table, by name."""
    found = (item.get("set") or item.get("map") for item in listed)
    return {
        each["name"]: dict(_elements(each["name"], each.get("elem", [])))
        for each in found
        if each and each["table"] == table
    }


def _elements(name: str, items: list[Any]) -> Iterator[tuple[str, Element]]:
    for item in items:
        key, data = item if isinstance(item, list) and name in CLASS_MAPS else (item, "")
        comment = ""
        if isinstance(key, dict) and "elem" in key:
            comment = unquoted(key["elem"].get("comment", ""))
            key = key["elem"]["val"]
        minor = str(data).rpartition(":")[2]
        yield _value(key), Element(comment, int(minor, 16) if minor else 0)


def _value(key: Any) -> str:
    if isinstance(key, str):
        return key
    if "prefix" in key:
        return f"{key['prefix']['addr']}/{key['prefix']['len']}"
    if "range" in key:
        return "-".join(_value(end) for end in key["range"])
    return " . ".join(_value(part) for part in key["concat"])


def _rules(table: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for item in table:
        rule = item.get("rule")
        if rule:
            found.setdefault(rule["chain"], []).append(rule.get("comment", ""))
    return {chain: tuple(comments) for chain, comments in found.items()}


def _shaped(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        device, _space, target = line.partition(" ")
        if target:
            yield device, target

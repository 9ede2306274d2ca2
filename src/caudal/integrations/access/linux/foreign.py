"""What somebody else wrote on a Linux router: which class an address has, and who is blocked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from caudal.integrations.access.linux.shaping import bits
from caudal.integrations.access.linux.state import DEVICES, TABLE

Table = tuple[str, str]
"""Family and name."""
_CLASS = re.compile(r"^dev (\S+) class htb (\S+) .*?\brate (\S+) ceil (\S+)", re.M)
_CURVES = re.compile(r"^dev (\S+) class hfsc (\S+) (.*)", re.M)
_CURVE = re.compile(r"\b(sc|rt|ls|ul) m1 \S+ d \S+ m2 (\S+)")
_SHAPER = re.compile(
    r"^qdisc (?:tbf|cake) \S+ dev (\S+) (root|parent \S+).*? (?:rate|bandwidth) (\d\S*)", re.M
)
_FILTER = re.compile(r"^filter .*?(?:handle (0x[0-9a-f]+)[^\n]*? )?(?:flowid|classid) (\S+)")
_MATCH = re.compile(r"match ([0-9a-f]{8})/([0-9a-f]{8}) at (12|16)\b")
_FLOWER = re.compile(r"^\s*(dst|src)_ip (\S+)")
_STOPS = frozenset({"drop", "reject"})
_TURNS = frozenset({"redirect", "dnat"})
_HARMLESS = frozenset({"iif", "oif", "iifname", "oifname", "l4proto", "nfproto"})
"""Conditions on packets that do not tell one service of a customer from another."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A class: what it guarantees and what it may reach, in bits per second."""

    rate_bps: int
    ceil_bps: int


Classes = Mapping[tuple[str, str], Limit]
"""By device and class id."""
ROOT = "root"
"""In the place of a class id: the whole device."""


@dataclass(frozen=True, slots=True)
class Led:
    """An address or network that is led to a class; `device` is empty where any may hold it."""

    target: str
    is_down: bool
    classid: str
    device: str = ""
    comment: str = ""


def classes(text: str, qdiscs: str = "") -> Classes:
    """`dev eth1 class htb 1:10 ...`, one a line, or hfsc; and what a queue of tbf or cake gives a
    class, or under ROOT its whole device. Those that are ours are left out."""
    found = {
        (device, classid): Limit(_bits(rate), _bits(ceil))
        for device, classid, rate, ceil in _CLASS.findall(text)
    }
    for device, classid, curves in _CURVES.findall(text):
        found[device, classid] = _curved(dict(_CURVE.findall(curves)))
    for device, place, rate in _SHAPER.findall(qdiscs):
        found[device, place.removeprefix("parent ")] = Limit(_bits(rate), _bits(rate))
    return {place: limit for place, limit in found.items() if place[0] not in DEVICES}


def _curved(curves: Mapping[str, str]) -> Limit:
    """Of hfsc: what is promised, and the upper limit where there is one."""
    rate = next((_bits(curves[name]) for name in ("rt", "sc", "ls") if name in curves), 0)
    most = _bits(curves["ul"]) if "ul" in curves else rate
    return Limit(rate, most)


def _bits(text: str) -> int:
    """No limit where the unit is unknown."""
    try:
        return bits(text)
    except (KeyError, ValueError):
        return 0


def filters(text: str) -> tuple[list[Led], dict[tuple[str, int], str]]:
    """Of `tc filter show` under a line `dev eth1`: who is led where, and the class of each mark."""
    led: list[Led] = []
    marks: dict[tuple[str, int], str] = {}
    device = classid = ""
    for line in text.splitlines():
        if line.startswith("dev "):
            device, classid = line[4:].strip(), ""
        elif line.startswith("filter "):
            found = _FILTER.search(line)
            classid = found[2] if found else ""
            if found and found[1] and " fw " in line:
                marks[device, int(found[1], 16)] = classid
        elif classid and device not in DEVICES:
            led += [Led(target, down, classid, device) for target, down in _matched(line)]
    return led, marks


def _matched(line: str) -> Iterator[tuple[str, bool]]:
    """Bytes 12 and 16 of an IPv4 packet are its source and its destination."""
    for value, mask, place in _MATCH.findall(line):
        length = f"{int(mask, 16):032b}".count("1")
        address = ".".join(str(byte) for byte in bytes.fromhex(value))
        if length:
            yield plain(f"{address}/{length}"), place == "16"
    if found := _FLOWER.search(line):
        yield plain(found[2]), found[1] == "dst"


def plain(text: str) -> str:
    """A network, or the address alone where it has but one."""
    network = ip_network(text, strict=False)
    return str(network.network_address if network.num_addresses == 1 else network)


class Ruleset:
    """A ruleset as `nft -j` lists it, without our table."""

    def __init__(self, listed: Sequence[Mapping[str, Any]]) -> None:
        self._sets: dict[tuple[Table, str], list[Any]] = {}
        self._chains: dict[tuple[Table, str], list[Mapping[str, Any]]] = {}
        for item in listed:
            self._take(item)

    def _take(self, item: Mapping[str, Any]) -> None:
        for kind in ("set", "map", "rule"):
            found = item.get(kind)
            if not found or found["table"] == TABLE:
                continue
            table = (found["family"], found["table"])
            if kind == "rule":
                self._chains.setdefault((table, found["chain"]), []).append(found)
            else:
                self._sets[table, found["name"]] = found.get("elem", [])

    def led(self, marks: Mapping[tuple[str, int], str]) -> list[Led]:
        """Addresses that rules lead to a class, by priority or by a mark that a filter knows."""
        return [
            found
            for (table, _chain), rules in self._chains.items()
            for rule in rules
            for found in self._led_by(table, rule, marks)
        ]

    def blocked(self) -> dict[str, str]:
        """Addresses whose packets are refused or turned elsewhere, with their comments."""
        found: dict[str, str] = {}
        for table, rule in self._refusing():
            for key in _conditions(rule, "=="):
                found |= self._members(table, key, str(rule.get("comment", "")))
        return found

    def known(self) -> dict[str, str]:
        """Addresses on the lists of those who pass: rules refuse whoever is not on them."""
        found: dict[str, str] = {}
        for table, rule in self._refusing():
            for key in _conditions(rule, "!="):
                found |= self._members(table, key, "")
        return found

    def _refusing(self) -> Iterator[tuple[Table, Mapping[str, Any]]]:
        for (table, _chain), rules in self._chains.items():
            yield from ((table, rule) for rule in rules if self._refuses(table, rule))

    def _led_by(
        self, table: Table, rule: Mapping[str, Any], marks: Mapping[tuple[str, int], str]
    ) -> Iterator[Led]:
        comment = str(rule.get("comment", ""))
        for statement in rule["expr"]:
            mangle = statement.get("mangle", {})
            what = mangle.get("key", {}).get("meta", {}).get("key") if mangle else None
            if what not in ("priority", "mark"):
                continue
            for target, is_down, value, said in self._values(table, rule, mangle["value"]):
                for classid, device in _meant(what, value, marks):
                    yield Led(target, is_down, classid, device, said or comment)

    def _values(
        self, table: Table, rule: Mapping[str, Any], value: Any
    ) -> Iterator[tuple[str, bool, Any, str]]:
        """Address, direction, value and comment: by a map, or one value for the rule's address."""
        if isinstance(value, dict) and "map" in value:
            field = _field(value["map"]["key"])
            for element in self._elements(table, value["map"]["data"]) if field else ():
                if isinstance(element, list) and (parts := _element(element[0])):
                    yield parts[0], field == "daddr", element[1], parts[1]
            return
        for field, right in _addresses(rule, "=="):
            for target, said in self._members(table, right, "").items():
                yield target, field == "daddr", value, said

    def _members(self, table: Table, right: Any, comment: str) -> dict[str, str]:
        found = (_element(each) for each in self._elements(table, right))
        return {parts[0]: parts[1] or comment for parts in found if parts}

    def _elements(self, table: Table, right: Any) -> list[Any]:
        if isinstance(right, str) and right.startswith("@"):
            return self._sets.get((table, right[1:]), [])
        if isinstance(right, dict) and "set" in right:
            return list(right["set"])
        return [right]

    def _refuses(self, table: Table, rule: Mapping[str, Any]) -> bool:
        """Does this rule stop everything, or http, of whom it is about? Refusing port 25 alone, as
        many do for everybody, is no cut."""
        ends, narrow = _verdicts(rule), _narrow(rule)
        if ends & _TURNS:
            return all(_port(match) in (80, 443) for match in narrow)
        return not narrow and (bool(ends & _STOPS) or self._leads_to_end(table, rule))

    def _leads_to_end(self, table: Table, rule: Mapping[str, Any]) -> bool:
        jumps = (each.get("jump") or each.get("goto") for each in rule["expr"])
        names = [jump["target"] for jump in jumps if jump]
        rules = (each for name in names for each in self._chains.get((table, name), []))
        return any(_verdicts(each) & _STOPS and not _narrow(each) for each in rules)


def _field(left: Any) -> str:
    """`saddr` or `daddr` of what a rule compares, else nothing."""
    payload = left.get("payload", {}) if isinstance(left, dict) else {}
    is_ip = payload.get("protocol") in ("ip", "ip6")
    return payload["field"] if is_ip and payload.get("field") in ("saddr", "daddr") else ""


def _addresses(rule: Mapping[str, Any], op: str) -> Iterator[tuple[str, Any]]:
    same = ("==", "in") if op == "==" else (op,)
    compared = (statement.get("match") for statement in rule["expr"])
    for match in compared:
        if match and match["op"] in same and (field := _field(match["left"])):
            yield field, match["right"]


def _conditions(rule: Mapping[str, Any], op: str) -> Iterator[Any]:
    """What the customer is compared with; where packets are turned elsewhere only their source
    counts, or ports opened towards a server would look like cuts."""
    turns = bool(_verdicts(rule) & _TURNS)
    for field, right in _addresses(rule, op):
        if field == "saddr" or not turns:
            yield right


def _verdicts(rule: Mapping[str, Any]) -> set[str]:
    """The names of the statements of a rule."""
    return {name for statement in rule["expr"] for name in statement}


def _narrow(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Conditions by which a rule is about some of a customer's packets only."""
    compared = (statement["match"] for statement in rule["expr"] if "match" in statement)
    return [match for match in compared if _is_narrow(match)]


def _is_narrow(match: Mapping[str, Any]) -> bool:
    left = match["left"]
    if _field(left) or (isinstance(left, dict) and "ct" in left):
        return False
    meta = left.get("meta", {}).get("key") if isinstance(left, dict) else ""
    return meta not in _HARMLESS


def _port(match: Mapping[str, Any]) -> int:
    payload = match["left"].get("payload", {}) if isinstance(match["left"], dict) else {}
    right = match["right"]
    return right if payload.get("field") == "dport" and isinstance(right, int) else 0


def _element(item: Any) -> tuple[str, str] | None:
    """An address or network, and its comment; ranges, pairs and names are none."""
    comment = ""
    if isinstance(item, dict) and "elem" in item:
        comment, item = str(item["elem"].get("comment", "")), item["elem"]["val"]
    if isinstance(item, dict) and "prefix" in item:
        item = f"{item['prefix']['addr']}/{item['prefix']['len']}"
    try:
        return (plain(item), comment) if isinstance(item, str) else None
    except ValueError:
        return None


def _meant(
    what: str, value: Any, marks: Mapping[tuple[str, int], str]
) -> Iterator[tuple[str, str]]:
    """Class and device that a priority or a mark leads to."""
    if what == "mark":
        yield from ((c, device) for (device, mark), c in marks.items() if mark == value)
    elif isinstance(value, int):
        yield f"{value >> 16:x}:{value & 0xFFFF:x}", ""
    elif isinstance(value, str):
        yield value, ""

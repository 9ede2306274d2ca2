"""What the rules of filter, raw, nat and mangle do to a customer's packet."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from caudal.practice.routeros import values as v
from caudal.practice.routeros.plane.equipment import WAN
from caudal.practice.routeros.store import Item, Store

Rule = Mapping[str, str]
_SILENT = frozenset(
    {"chain", "action", "comment", "disabled", "log", "log-prefix", "jump-target", "reject-with"}
    | {"to-addresses", "to-address", "to-ports", "address-list", "address-list-timeout"}
    | {"hw-offload", "new-packet-mark", "new-connection-mark", "passthrough"}
)
_STOPS = {"accept": True, "fasttrack-connection": True, "drop": False, "reject": False}


@dataclass(frozen=True, slots=True)
class Packet:
    """From a customer towards the internet, or with `is_down` from there to him."""

    src: str
    interface: str
    state: str = "new"
    protocol: str = "tcp"
    port: str = "443"
    is_down: bool = False
    mark: str = ""
    connection: str = ""

    @property
    def family(self) -> str:
        return "/ipv6" if ":" in self.src else "/ip"


class Firewall:
    """Reads the rules as they stand at each packet."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listed: dict[str, tuple[int, Listed]] = {}

    def forwards(self, packet: Packet) -> bool:
        """Does the packet leave to the internet? The default of an empty chain is yes."""
        family = packet.family
        raw = self._verdict(f"{family}/firewall/raw", "prerouting", packet)
        return (
            raw is not False
            and self._verdict(f"{family}/firewall/filter", "forward", packet) is not False
        )

    def redirects(self, packet: Packet) -> bool:
        """Is the packet sent to another place, such as the page of notices?"""
        for rule in self._rules(f"{packet.family}/firewall/nat", "dstnat"):
            if self._matches(rule, packet):
                return rule.get("action") in ("redirect", "dst-nat")
        return False

    def mark(self, packet: Packet) -> str:
        """The packet mark with which it reaches the queues."""
        packet = replace(packet, connection=self._connection(packet))
        return self._through(packet).mark

    def _connection(self, packet: Packet) -> str:
        """Packets of both directions mark the connection that they belong to."""
        found = self._through(replace(packet, is_down=False)).connection
        return self._through(replace(packet, is_down=True, connection=found)).connection

    def _through(self, packet: Packet) -> Packet:
        path = f"{packet.family}/firewall/mangle"
        for chain in ("prerouting", "forward", "postrouting"):
            packet = self._marked(path, chain, packet)
        return packet

    def _marked(self, path: str, chain: str, packet: Packet) -> Packet:
        for rule in self._rules(path, chain):
            if not self._matches(rule, packet):
                continue
            if rule.get("action") == "mark-packet":
                packet = replace(packet, mark=rule.get("new-packet-mark", ""))
            if rule.get("action") == "mark-connection":
                packet = replace(packet, connection=rule.get("new-connection-mark", ""))
            if rule.get("action") == "jump":
                packet = self._marked(path, rule.get("jump-target", ""), packet)
            elif _ends(rule):
                break
        return packet

    def lists(self, address: str) -> set[str]:
        """Names of the enabled lists that hold an address."""
        family = "/ipv6" if ":" in address else "/ip"
        table = self._store.table(f"{family}/firewall/address-list")
        known = self._listed.get(family)
        if known is None or known[0] != table.changes:
            known = (table.changes, Listed([item for item in table.items.values() if on(item)]))
            self._listed[family] = known
        return known[1].of(address)

    def _verdict(self, path: str, chain: str, packet: Packet) -> bool | None:
        for rule in self._rules(path, chain):
            if not self._matches(rule, packet):
                continue
            action = rule.get("action", "accept")
            if action == "return":
                return None
            if action == "jump":
                verdict = self._verdict(path, rule.get("jump-target", ""), packet)
            else:
                verdict = _STOPS.get(action)
            if verdict is not None:
                return verdict
        return None

    def _rules(self, path: str, chain: str) -> list[Rule]:
        if not self._store.has(path):
            return []
        items = self._store.table(path).items.values()
        return [item.values for item in items if on(item) and item.values.get("chain") == chain]

    def _matches(self, rule: Rule, packet: Packet) -> bool:
        return all(
            self._matcher(name, value, packet)
            for name, value in rule.items()
            if name not in _SILENT and value != ""
        )

    def _matcher(self, name: str, value: str, packet: Packet) -> bool:
        test = _MATCHERS.get(name)
        if test is None:
            return False  # a rule about something this packet does not have
        negated = value.startswith("!")
        return test(self, value.lstrip("!"), packet) is not negated

    def in_interface_list(self, name: str, interface: str) -> bool:
        members = self._store.table("/interface/list/member").items.values()
        return name == "all" or any(
            on(m) and m.values.get("list") == name and m.values.get("interface") == interface
            for m in members
        )


class Listed:
    """The enabled entries of the address lists, found fast: there may be thousands."""

    def __init__(self, entries: list[Item]) -> None:
        self._single: dict[str, set[str]] = defaultdict(set)
        self._wide: list[tuple[str, str]] = []
        for entry in entries:
            held, name = entry.values["address"].removesuffix("/128"), entry.values["list"]
            if "/" in held or "-" in held:
                self._wide.append((held, name))
            else:
                self._single[held].add(name)

    def of(self, address: str) -> set[str]:
        wide = {name for held, name in self._wide if v.in_listed(address, held)}
        return wide | self._single.get(address, set())


Matcher = Callable[[Firewall, str, Packet], bool]


def _ends(rule: Rule) -> bool:
    """Does a rule of mangle leave the rest of its chain nothing?"""
    finished = rule.get("action", "accept") in ("accept", "return")
    return finished or rule.get("passthrough", "true") in ("no", "false")


def _interfaces_of(fw: Firewall, packet: Packet) -> tuple[str, str]:
    """The interfaces it comes in and goes out by."""
    ends = (packet.interface, WAN)
    return (ends[1], ends[0]) if packet.is_down else ends


def _address(own: bool) -> Matcher:
    return lambda fw, value, p: p.is_down is not own and v.in_listed(p.src, value)


def _listed(own: bool) -> Matcher:
    return lambda fw, value, p: p.is_down is not own and value in fw.lists(p.src)


def _interface(end: int) -> Matcher:
    def test(fw: Firewall, value: str, packet: Packet) -> bool:
        name = _interfaces_of(fw, packet)[end]
        return value == name or (value == "all-ppp" and name.startswith("<"))

    return test


def _interfaces(end: int) -> Matcher:
    return lambda fw, value, p: fw.in_interface_list(value, _interfaces_of(fw, p)[end])


_MATCHERS: dict[str, Matcher] = {
    "src-address": _address(True),
    "dst-address": _address(False),
    "src-address-list": _listed(True),
    "dst-address-list": _listed(False),
    "connection-state": lambda fw, value, p: p.state in value.split(","),
    "protocol": lambda fw, value, p: value == p.protocol,
    "dst-port": lambda fw, value, p: p.port in value.split(","),
    "connection-mark": lambda fw, value, p: value == (p.connection or "no-mark"),
    "packet-mark": lambda fw, value, p: value == (p.mark or "no-mark"),
    "in-interface": _interface(0),
    "out-interface": _interface(1),
    "in-interface-list": _interfaces(0),
    "out-interface-list": _interfaces(1),
}


def on(item: Item) -> bool:
    return item.values.get("disabled") != "true"

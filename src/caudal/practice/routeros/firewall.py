"""What the filter and nat rules do to a customer's packet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from caudal.practice.routeros import values as v
from caudal.practice.routeros.store import Item, Store

Rule = Mapping[str, str]
WAN = "ether1"
_SILENT = frozenset(
    {"chain", "action", "comment", "disabled", "log", "log-prefix", "jump-target", "reject-with"}
    | {"to-addresses", "to-ports", "address-list", "address-list-timeout", "hw-offload"}
)
_STOPS = {"accept": True, "fasttrack-connection": True, "drop": False, "reject": False}


@dataclass(frozen=True, slots=True)
class Packet:
    """From a customer towards the internet."""

    src: str
    interface: str
    state: str = "new"
    protocol: str = "tcp"
    port: str = "443"


class Firewall:
    """Reads the rules as they stand at each packet."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def forwards(self, packet: Packet) -> bool:
        """Does the packet leave to the internet? The default of an empty chain is yes."""
        raw = self._verdict("/ip/firewall/raw", "prerouting", packet)
        return (
            raw is not False
            and self._verdict("/ip/firewall/filter", "forward", packet) is not False
        )

    def redirects(self, packet: Packet) -> bool:
        """Is the packet sent to another place, such as the page of notices?"""
        for rule in self._rules("/ip/firewall/nat", "dstnat"):
            if self._matches(rule, packet):
                return rule.get("action") in ("redirect", "dst-nat")
        return False

    def lists(self, address: str) -> set[str]:
        """Names of the enabled lists that hold an address."""
        entries = self._store.table("/ip/firewall/address-list").items.values()
        return {entry.values["list"] for entry in entries if on(entry) and _holds(entry, address)}

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
        return any(
            m.values.get("list") == name and m.values.get("interface") == interface for m in members
        )


Matcher = Callable[[Firewall, str, Packet], bool]
_MATCHERS: dict[str, Matcher] = {
    "src-address": lambda fw, value, p: v.in_listed(p.src, value),
    "src-address-list": lambda fw, value, p: value in fw.lists(p.src),
    "connection-state": lambda fw, value, p: p.state in value.split(","),
    "protocol": lambda fw, value, p: value == p.protocol,
    "dst-port": lambda fw, value, p: p.port in value.split(","),
    "in-interface": lambda fw, value, p: value in (p.interface, "all-ppp"),
    "out-interface": lambda fw, value, p: value == WAN,
    "in-interface-list": lambda fw, value, p: fw.in_interface_list(value, p.interface),
    "out-interface-list": lambda fw, value, p: fw.in_interface_list(value, WAN),
}


def on(item: Item) -> bool:
    return item.values.get("disabled") != "true"


def _holds(entry: Item, address: str) -> bool:
    held = entry.values["address"]
    if "/" in held or "-" in held:
        return v.in_listed(address, held)
    return held == address  # by far the most common, and there may be thousands

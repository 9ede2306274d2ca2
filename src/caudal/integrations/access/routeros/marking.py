"""The mangle table: what the marks of others stand for, and where ours are reached; no I/O here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from caudal.core.access import parse_mark
from caudal.core.access.rows import Attrs
from caudal.core.addressing import AddressError, Network, parse_network
from caudal.integrations.access.routeros import values as v

Rule = Mapping[str, str]
SIDES = {"up": "src-address", "down": "dst-address"}
"""The end of a packet at which the customer is, by its direction."""
CHAIN = "forward"
_NARROW = (
    "connection-bytes,connection-limit,connection-nat-state,connection-rate,connection-type,"
    "content,dscp,dst-address-type,dst-limit,dst-port,fragment,headers,hop-limit,hotspot,"
    "icmp-options,in-bridge-port,in-bridge-port-list,ingress-priority,ipsec-policy,ipv4-options,"
    "layer7-protocol,limit,nth,out-bridge-port,out-bridge-port-list,p2p,packet-size,"
    "per-connection-classifier,port,priority,protocol,psd,random,realm,route-dst,routing-mark,"
    "src-address-type,src-mac-address,src-port,tcp-flags,tcp-mss,time,tls-host,tos,ttl"
)
"""What leaves only a part of a customer's packets: such a rule is an exception made on purpose."""
_PLACES = "in-interface,in-interface-list,out-interface,out-interface-list,connection-state"
_WIDE = frozenset(_PLACES.split(","))
_ENDS = ("src-address", "dst-address", "src-address-list", "dst-address-list")
_MARKS = ("connection-mark", "packet-mark")
CONDITIONS = f"{','.join(_ENDS)},{','.join(_MARKS)},{_PLACES},{_NARROW}"
_NAMES = tuple(CONDITIONS.split(","))
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Mangle:
    """One family's rules in their order. `members` are the networks on each address list."""

    rules: Sequence[Rule]
    members: Mapping[str, Sequence[Network]] = field(default_factory=dict)

    def behind(self, rule: Rule) -> Attrs:
        """The lists whose connections a rule marks the packets of, where it names none itself."""
        name = rule.get("connection-mark", "")
        if not name or any(rule.get(f"{side}-list") for side in SIDES.values()):
            return {}
        lists = sorted(self._feeding(name))
        return {"list": ",".join(lists), "direction": "both"} if lists else {}

    def stopper(self, marking: Attrs) -> str:
        """The handle of the first rule that leaves nothing for a mark of this list and direction
        that came after it; "" where none does."""
        found = (rule for rule in self._chain(CHAIN) if self._stops(rule, marking))
        return next((rule.get(".id", "") for rule in found), "")

    def is_reached(self, rule: Rule, marking: Attrs) -> bool:
        order = [each.get(".id", "") for each in self.rules]
        stopper = self.stopper(marking)
        return stopper not in order or order.index(rule.get(".id", "")) < order.index(stopper)

    def _chain(self, name: str) -> list[Rule]:
        """Rules that do something and are not ours; what the router made itself has its place."""
        return [
            rule
            for rule in self.rules
            if rule.get("chain") == name
            and not v.is_yes(rule.get("disabled", ""))
            and not v.is_yes(rule.get("dynamic", ""))
            and parse_mark(rule.get("comment", "")) is None
        ]

    def _stops(self, rule: Rule, marking: Attrs, depth: int = 0) -> bool:
        if not self._takes(rule, marking):
            return False
        if rule.get("action") == "jump":
            inner = self._chain(rule.get("jump-target", "")) if depth < DEEPEST else []
            return any(self._stops(each, marking, depth + 1) for each in inner)
        ends = rule.get("action") == "accept" or (rule.get("action") == "return" and not depth)
        return ends or rule.get("passthrough", "true") in ("no", "false")

    def _takes(self, rule: Rule, marking: Attrs) -> bool:
        """Does it match all that a customer of the list sends, or gets?"""
        return all(self._is_wide(name, rule[name], marking) for name in _NAMES if rule.get(name))

    def _is_wide(self, name: str, value: str, marking: Attrs) -> bool:
        own = SIDES[marking["direction"]]
        if name == f"{own}-list":
            return value == marking["list"] or (
                value.startswith("!") and value != f"!{marking['list']}"
            )
        if name == own:
            return self._holds_some(value, marking["list"])
        if name == "connection-mark":
            return value == "no-mark" or marking["list"] in self._feeding(value)
        return name in _WIDE or (name == "packet-mark" and value == "no-mark")

    def _holds_some(self, text: str, name: str) -> bool:
        """Is a member of the list in a network?"""
        try:
            network = parse_network(text)
        except AddressError:
            return False
        return any(network.overlaps(each) for each in self.members.get(name, ()))

    def _feeding(self, mark: str) -> set[str]:
        """The lists whose connections have the mark. A list that a rule excepts has it not."""
        names = (
            rule.get(f"{side}-list", "")
            for rule in self.rules
            for side in SIDES.values()
            if rule.get("action") == "mark-connection"
            and rule.get("new-connection-mark") == mark
            and not v.is_yes(rule.get("disabled", ""))
        )
        return {name for name in names if name and not name.startswith("!")}


def members_of(entries: Sequence[Rule]) -> dict[str, list[Network]]:
    """The networks on each address list; names and ranges say nothing here."""
    found: dict[str, list[Network]] = defaultdict(list)
    for entry in entries:
        try:
            network = parse_network(entry.get("address", ""))
        except AddressError:
            continue
        if not v.is_yes(entry.get("disabled", "")):
            found[entry.get("list", "")].append(network)
    return found

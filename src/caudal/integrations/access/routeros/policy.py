"""The rules that make a cut real on RouterOS, as rows of its menus; no I/O here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from caudal.core.access import NOTICE_LIST, parse_mark
from caudal.core.ports.blocking import CutPolicy
from caudal.integrations.access.routeros.marking import CONDITIONS

FILTER, NAT, LISTED = "/ip/firewall/filter", "/ip/firewall/nat", "/ip/firewall/address-list"
FILTER6, LISTED6 = "/ipv6/firewall/filter", "/ipv6/firewall/address-list"
INTERFACE_LIST, MEMBER = "/interface/list", "/interface/list/member"
TABLES = (FILTER, NAT, LISTED, INTERFACE_LIST, MEMBER, FILTER6, LISTED6)
OPTIONAL = frozenset({FILTER6, LISTED6})
"""Menus that a router without the IPv6 package lacks."""
CHAINS = {FILTER: "forward", FILTER6: "forward", NAT: "dstnat"}
SERVICE = "rules"
Rule = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row: its menu, what it is called in our marks, and its values without the comment."""

    path: str
    name: str
    values: Mapping[str, str]
    label: str
    owner: str

    @property
    def comment(self) -> str:
        text = "\n".join((self.owner, self.path, self.name))
        return f"caudal:{SERVICE}:{sha256(text.encode()).hexdigest()[:8]} {self.label}"

    def is_same(self, found: Rule) -> bool:
        """No condition besides: one that somebody added would let a part of the cut through."""
        more = CONDITIONS.split(",") if self.path in CHAINS else ("timeout",)
        names = {*self.values, *more}
        return (
            found.get("comment", "") == self.comment
            and found.get("disabled", "false") in ("false", "no")
            and all(found.get(name, "") == self.values.get(name, "") for name in names)
        )


def allowed_list(block_list: str) -> str:
    return f"{block_list}-permitidos"


def wanted_rows(policy: CutPolicy, block_list: str, with_ipv6: bool) -> list[Wanted]:
    """In the order in which they are written; rules of one chain in the order they stand."""
    rows = [*_entries(policy, block_list, LISTED, ipv6=False)]
    if with_ipv6:
        rows += _entries(policy, block_list, LISTED6, ipv6=True)
    if policy.notice_address:
        rows += _notices(policy, block_list)
    rows += _filters(policy, block_list, FILTER)
    if with_ipv6:
        rows += _filters(policy, block_list, FILTER6)
    return rows


def is_ours(found: Rule, policy: CutPolicy, path: str, names: Sequence[str]) -> bool:
    """Made by this installation: one of the rules it makes, or an entry of its allowed list."""
    mark = parse_mark(found.get("comment", ""))
    if mark is None or mark.service_id != SERVICE:
        return False
    known = [*names, f"allow {found.get('address', '')}"]
    return any(mark.check == _check(policy.owner, path, name) for name in known)


def _check(owner: str, path: str, name: str) -> str:
    return sha256("\n".join((owner, path, name)).encode()).hexdigest()[:8]


NAMES = ("dns-udp", "dns-tcp", "allowed", "tcp", "rest", "notice", "reminder")


def _entries(policy: CutPolicy, block_list: str, path: str, *, ipv6: bool) -> Iterator[Wanted]:
    texts = dict.fromkeys([*policy.allowed, *filter(None, [policy.notice_address])])
    for text in texts:
        if _is_ipv6(text) is ipv6:
            values = {"list": allowed_list(block_list), "address": text}
            yield Wanted(path, f"allow {text}", values, "lo que ven los cortados", policy.owner)


def _is_ipv6(text: str) -> bool:
    """Host names go to the IPv4 list, which every router has."""
    return ":" in text


def _notices(policy: CutPolicy, block_list: str) -> Iterator[Wanted]:
    """Plain http of who is cut, and of who is reminded (IC-72), goes to the notice page."""
    lists = (("notice", block_list, "aviso de corte"), ("reminder", NOTICE_LIST, "preaviso"))
    for name, listed, label in lists:
        values = {
            "chain": "dstnat",
            "action": "dst-nat",
            "protocol": "tcp",
            "dst-port": "80",
            "src-address-list": listed,
            "dst-address-list": f"!{allowed_list(block_list)}",
            "to-addresses": policy.notice_address,
            "to-ports": str(policy.notice_port),
        }
        yield Wanted(NAT, name, values, label, policy.owner)


def _filters(policy: CutPolicy, block_list: str, path: str) -> Iterator[Wanted]:
    """A cut customer asks names and opens what is allowed; all else is refused at once, so that
    programs do not hang. Https cannot be redirected: its connections are reset."""
    cut = {"chain": "forward", "src-address-list": block_list}
    out = {"out-interface-list": policy.wan_list}
    unreachable = "icmp-no-route" if path == FILTER6 else "icmp-network-unreachable"
    rules = {
        "dns-udp": {"action": "accept", "protocol": "udp", "dst-port": "53"},
        "dns-tcp": {"action": "accept", "protocol": "tcp", "dst-port": "53"},
        "allowed": {"action": "accept", "dst-address-list": allowed_list(block_list)},
        "tcp": {"action": "reject", "reject-with": "tcp-reset", "protocol": "tcp", **out},
        "rest": {"action": "reject", "reject-with": unreachable, **out},
    }
    for name, values in rules.items():
        yield Wanted(path, name, {**cut, **values}, "corte de morosos", policy.owner)

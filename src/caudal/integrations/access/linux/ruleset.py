"""What stands once on a router, whoever its customers are: rules, devices, redirections."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from caudal.core.access import Kind
from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.linux.reading import PREF
from caudal.integrations.access.linux.state import (
    CLASS_MAPS,
    DEVICES,
    DOWN,
    MAJOR,
    PAIRS,
    PLAIN_SETS,
    TABLE,
    UP,
    Link,
    State,
)

FAMILIES = (("ip", PREF), ("ipv6", PREF + 1))


@dataclass(frozen=True, slots=True)
class Rules:
    """How one router is to treat its customers.

    `lan` and `wan` name interfaces; empty ones are found out (see `sides`). `notice` is
    `address:port` to which http of the cut goes, `allowed` what they may open all the same,
    addresses or networks. `strict`: who is not a customer does not pass.
    """

    lan: tuple[str, ...] = ()
    wan: tuple[str, ...] = ()
    notice: str = ""
    allowed: tuple[str, ...] = ()
    strict: bool = False

    @property
    def reachable(self) -> tuple[str, ...]:
        """What the cut may open: the notice page too, or nobody would see it."""
        page = self.notice.rpartition(":")[0]
        return tuple(sorted({*self.allowed, *([page] if page else [])}))


def sides(rules: Rules, state: State) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Interfaces towards the customers and towards the internet.

    Not named: the internet is where a default route leaves, customers are behind every other
    Ethernet that has an address. Raises AccessError where there is none, or one named is not there.
    """
    wan = rules.wan or tuple(link.name for link in state.links if link.gateway)
    own = {"lo", *DEVICES, *wan}
    lan = rules.lan or tuple(
        link.name
        for link in state.links
        if link.kind == "ether" and _is_routed(link) and link.name not in own
    )
    lost = sorted({*lan, *wan} - state.devices)
    if lost or not lan or not wan:
        detail = f"no interface {', '.join(lost)}" if lost else "no interface of customers or WAN"
        raise AccessError(AccessFault.BAD_CONFIG, permanent=True, detail=detail)
    return lan, wan


def _is_routed(link: Link) -> bool:
    return any(not address.startswith("fe80:") for address in link.addresses)


def nft_words(rules: Rules, lan: Sequence[str]) -> Iterator[str]:
    """Lines for `nft -f` that put sets, chains and rules in place; sets keep their elements."""
    yield f"add table inet {TABLE}"
    for name, kind in PLAIN_SETS.items():
        yield f"add set inet {TABLE} {name} {{ type {kind}; flags interval; }}"
    for name, kind in CLASS_MAPS.items():
        yield f"add map inet {TABLE} {name} {{ type {kind} : classid; flags interval; }}"
    yield f"add set inet {TABLE} {PAIRS} {{ type ipv4_addr . ether_addr; }}"
    yield from _settings(rules, lan)
    for chain, head, _lines in _chains(rules):
        yield f"add chain inet {TABLE} {chain}{head}"
        yield f"flush chain inet {TABLE} {chain}"
    for chain, _head, lines in _chains(rules):
        for line, tag in zip(lines, _tags(chain, lines), strict=True):
            yield f'add rule inet {TABLE} {chain} {line} comment "{tag}"'


def _settings(rules: Rules, lan: Sequence[str]) -> Iterator[str]:
    """Sets filled from the settings: emptied and filled anew each time."""
    ends = {name: [a for a in rules.reachable if (":" in a) == (name == "6")] for name in "46"}
    filled = {
        "lan": ("ifname", "", [f'"{name}"' for name in lan]),
        "reach4": ("ipv4_addr", " flags interval; auto-merge;", ends["4"]),
        "reach6": ("ipv6_addr", " flags interval; auto-merge;", ends["6"]),
    }
    for name, (kind, flags, values) in filled.items():
        yield f"add set inet {TABLE} {name} {{ type {kind};{flags} }}"
        yield f"flush set inet {TABLE} {name}"
        if values:
            yield f"add element inet {TABLE} {name} {{ {', '.join(values)} }}"


def _chains(rules: Rules) -> list[tuple[str, str, list[str]]]:
    """Chains in an order in which each is there before it is jumped to."""
    stranger = [
        f"iifname @lan {ip} saddr != @active{end} reject with icmpx admin-prohibited"
        for ip, end in (("ip", "4"), ("ip6", "6"))
    ]
    page = [
        f"iifname @lan ip saddr @{name} tcp dport 80 dnat ip to {rules.notice}"
        for name in ("cut4", "remind4")
    ]
    cut = [
        "ip daddr @reach4 accept",
        "ip6 daddr @reach6 accept",
        "udp dport 53 accept",
        "tcp dport 53 accept",
        "meta l4proto tcp reject with tcp reset",
        "reject with icmpx admin-prohibited",
    ]
    back = [
        "ip saddr @reach4 accept",
        "ip6 saddr @reach6 accept",
        "udp sport 53 accept",
        "tcp sport 53 accept",
        "drop",
    ]
    # Before the chains of the operator: what these let pass, theirs may still refuse.
    limits = [
        "iifname @lan ip saddr @bound4 ip saddr . ether saddr != @pairs4 counter drop",
        "ip saddr @cut4 counter jump cut",
        "ip6 saddr @cut6 counter jump cut",
        "ip daddr @cut4 jump back",
        "ip6 daddr @cut6 jump back",
        *(stranger if rules.strict else []),
        "meta priority set ip daddr map @down4",
        "meta priority set ip6 daddr map @down6",
        "meta priority set ip saddr map @up4",
        "meta priority set ip6 saddr map @up6",
    ]
    notice = ["ip daddr @reach4 return", *(page if rules.notice else [])]
    return [
        ("cut", "", cut),
        ("back", "", back),
        ("limits", " { type filter hook forward priority filter - 10; policy accept; }", limits),
        ("notice", " { type nat hook prerouting priority dstnat - 5; policy accept; }", notice),
    ]


def _tags(chain: str, lines: Sequence[str]) -> list[str]:
    """The comment of each rule: its chain, its place and a check of its text."""
    return [
        f"caudal:{chain}:{n}:{hashlib.sha256(line.encode()).hexdigest()[:8]}"
        for n, line in enumerate(lines)
    ]


def in_place(rules: Rules, state: State) -> bool:
    """Do the rules stand exactly as they should?"""
    return all(state.rules.get(c) == tuple(_tags(c, lines)) for c, _head, lines in _chains(rules))


def in_force(state: State, kind: Kind) -> bool:
    """Does a row of this kind do anything? An entry of a list whose rule is gone does not."""
    if kind is Kind.QUEUE:
        return state.roots >= set(DEVICES) and set(state.shaped.values()) >= set(DEVICES)
    found = state.rules.get("limits", ())
    return found[: len(_FIRST)] == _FIRST and all(_whole(state, c) for c in ("cut", "back"))


def _whole(state: State, chain: str) -> bool:
    return state.rules.get(chain, ()) == _tagged(chain)


def _tagged(chain: str) -> tuple[str, ...]:
    """The comments of a chain that no setting changes."""
    lines = next(lines for name, _head, lines in _chains(Rules()) if name == chain)
    return tuple(_tags(chain, lines))


_FIRST = _tagged("limits")[:5]
"""The rules that bind and cut; whatever stood above them would let packets pass."""


def link_words(state: State) -> Iterator[str]:
    """Shell lines that make our devices."""
    for name in DEVICES:
        if name not in state.devices:
            yield f"$S ip link add {name} type ifb"
            yield f"$S ip link set {name} txqueuelen 1000 up"


def tc_words(state: State, lan: Sequence[str], wan: Sequence[str]) -> Iterator[str]:
    """Lines for `tc -batch` that send packets through our devices. Raises AccessError."""
    for name in DEVICES:
        if name not in state.roots:
            yield f"qdisc replace dev {name} root handle {MAJOR}: htb direct_qlen 1000"
    wanted = {name: DOWN for name in lan} | {name: UP for name in wan}
    for name, target in sorted(state.shaped.items()):
        if wanted.get(name) != target:
            for _ip, pref in FAMILIES:
                yield f"filter del dev {name} egress pref {pref}"
    for name, target in sorted(wanted.items()):
        if state.shaped.get(name) != target:
            yield from _redirection(state, name, target)


def _redirection(state: State, name: str, target: str) -> Iterator[str]:
    if name in state.ingress:
        detail = f"{name} has an ingress queue of others"
        raise AccessError(AccessFault.BAD_CONFIG, permanent=True, detail=detail)
    if name not in state.clsact:
        yield f"qdisc add dev {name} clsact"
    for ip, pref in FAMILIES:
        yield (
            f"filter add dev {name} egress protocol {ip} pref {pref} u32 match u32 0 0"
            f" action mirred egress redirect dev {target}"
        )

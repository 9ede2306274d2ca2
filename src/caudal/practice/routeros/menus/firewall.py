"""Address lists and the tables of firewall rules, of both versions of the protocol."""

from collections.abc import Iterator, Mapping

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.menu import INTERFACE, Field, Menu, Unique
from caudal.practice.routeros.version import Version

Values = Mapping[str, str]
_COMMON = ("accept", "add-dst-to-address-list", "add-src-to-address-list", "drop", "jump", "log")
_PASS = ("passthrough", "return")
_ACTIONS = {
    "filter": (*_COMMON, *_PASS, "fasttrack-connection", "reject", "tarpit"),
    "nat": (*_COMMON[:3], "dst-nat", "jump", "log", "masquerade", "netmap", *_PASS, "redirect",
            "same", "src-nat", "endpoint-independent-nat"),
    "raw": (*_COMMON, *_PASS, "notrack"),
    "mangle": (*_COMMON[:3], "change-dscp", "change-mss", "change-ttl", "clear-df",
               "fasttrack-connection", "jump", "log", "mark-connection", "mark-packet",
               "mark-routing", *_PASS, "route", "set-priority", "sniff-pc", "sniff-tzsp",
               "strip-ipv4-options"),
}  # fmt: skip
_INTERFACES = Field(refs=INTERFACE, words=("all-ethernet", "all-ppp", "all-vlan", "all-wireless"))
_LISTS = Field(refs=("/interface/list",))
_REASONS = (
    "icmp-admin-prohibited",
    "icmp-host-prohibited",
    "icmp-host-unreachable",
    "icmp-net-prohibited",
    "icmp-network-unreachable",
    "icmp-port-unreachable",
    "icmp-protocol-unreachable",
    "tcp-reset",
    "icmp-no-route",
    "icmp-address-unreachable",
    "icmp-reject-route",
)


def of(version: Version) -> Iterator[Menu]:
    yield _lists("/ip", v.listed)
    yield _lists("/ipv6", v.listed6)
    for family in ("/ip", "/ipv6"):
        for table, actions in _ACTIONS.items():
            yield _rules(f"{family}/firewall/{table}", actions)
    yield Menu("/ip/firewall/connection", flags=(), handle="")


def _lists(family: str, address: v.Type) -> Menu:
    return Menu(
        f"{family}/firewall/address-list",
        {"list": Field(v.name), "address": Field(address), "timeout": Field(v.time)},
        (Unique(_enabled_entry, "failure: already have such entry"),),
        needs=("list", "address"),
        handle="",
    )


def _enabled_entry(row: Values) -> object | None:
    is_on = row.get("disabled") != "true"
    return (row.get("list"), row.get("address")) if is_on else None


def _rules(path: str, actions: tuple[str, ...]) -> Menu:
    fields = {
        "chain": Field(v.name),
        "action": Field(v.one_of(*actions), "accept"),
        "in-interface": _INTERFACES,
        "out-interface": _INTERFACES,
        "in-interface-list": _LISTS,
        "out-interface-list": _LISTS,
    }
    if "reject" in actions:
        fields["reject-with"] = Field(v.one_of(*_REASONS))
    return Menu(path, fields, flags=(), needs=("chain",), handle="")

"""Pools, addresses, ARP, routes and DNS, of both versions of the protocol."""

from collections.abc import Mapping

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.menu import (
    INTERFACE,
    NO,
    SAME_NAME,
    YES,
    Field,
    Menu,
    Unique,
    by,
    empty,
)
from caudal.practice.routeros.version import Version

Values = Mapping[str, str]
LEASED = "/ipv6/dhcp-server"


def of(version: Version) -> tuple[Menu, ...]:
    return (*_v4(), *_v6())


def _v4() -> tuple[Menu, ...]:
    return (
        Menu(
            "/ip/pool",
            {
                "name": Field(v.name),
                "ranges": Field(v.ranges),
                "next-pool": Field(refs=("/ip/pool",), words=("none",)),
            },
            (SAME_NAME,),
            flags=(),
            prefix="pool",
            needs=("ranges",),
        ),
        Menu("/ip/pool/used", flags=(), handle=""),
        Menu(
            "/ip/address",
            {"address": Field(v.interface_address), "interface": Field(refs=INTERFACE)},
            (Unique(by("address", "interface"), "failure: already have such address"),),
            needs=("address", "interface"),
        ),
        Menu(
            "/ip/arp",
            {
                "address": Field(v.address),
                "mac-address": Field(v.mac),
                "interface": Field(refs=INTERFACE),
                "published": NO,
            },
            (Unique(by("address", "interface"), "failure: already have such address", True),),
            needs=("address", "interface"),
            handle="",
            hides=("learned",),
        ),
        Menu(
            "/ip/route",
            {
                "dst-address": Field(v.network, "0.0.0.0/0"),
                "gateway": empty(),
                "distance": Field(v.number, "1"),
                "scope": Field(v.number, "30"),
                "target-scope": Field(v.number, "10"),
            },
        ),
        Menu(
            "/ip/dns",
            {
                "servers": empty(),
                "allow-remote-requests": NO,
                "max-udp-packet-size": Field(v.number, "4096"),
                "query-server-timeout": Field(v.time, "2s"),
                "query-total-timeout": Field(v.time, "10s"),
                "cache-size": Field(default="2048KiB"),
                "cache-max-ttl": Field(v.time, "1w"),
            },
            singleton=True,
            flags=(),
        ),
        Menu(
            "/ip/dns/static",
            {"name": Field(v.name), "address": Field(v.address), "ttl": Field(v.time, "1d")},
        ),
    )


def _v6() -> tuple[Menu, ...]:
    return (
        Menu(
            "/ipv6/pool",
            {
                "name": Field(v.name),
                "prefix": Field(v.prefix),
                "prefix-length": Field(v.number),
            },
            (SAME_NAME,),
            flags=(),
            needs=("name", "prefix", "prefix-length"),
        ),
        Menu(
            "/ipv6/address",
            {
                "address": Field(v.interface_address),
                "from-pool": Field(default="", refs=("/ipv6/pool",), words=("",)),
                "interface": Field(refs=INTERFACE),
                "eui-64": NO,
                "advertise": YES,
                "no-dad": NO,
            },
            (Unique(by("address", "interface"), "failure: already have such address"),),
            needs=("interface",),
        ),
        Menu(
            LEASED,
            {
                "name": Field(v.name),
                "interface": Field(refs=INTERFACE),
                "address-pool": Field(refs=("/ipv6/pool",), words=("static-only",)),
                "lease-time": Field(v.time, "3d"),
            },
            (SAME_NAME,),
            prefix="server",
        ),
        Menu(
            f"{LEASED}/binding",
            {
                "address": Field(v.prefix),
                "duid": empty(),
                "iaid": Field(v.number),
                "server": Field(refs=(LEASED,), words=("all",)),
                "life-time": Field(v.time, "3d"),
                "prefix-pool": Field(refs=("/ipv6/pool",), words=("",)),
                "rate-limit": Field(),
                "address-lists": empty(),
            },
            (Unique(_held_prefix, "failure: already have such address", is_static=True),),
            handle="",
            dynamic_refusal="failure: can not change dynamic binding",
        ),
    )


def _held_prefix(row: Values) -> object | None:
    return row.get("address")

"""DHCP servers, their networks and their leases."""

from collections.abc import Mapping

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.menu import (
    INTERFACE,
    SAME_NAME,
    SWITCH,
    Field,
    Menu,
    Unique,
    by,
    empty,
)
from caudal.practice.routeros.version import Version

SERVERS = ("/ip/dhcp-server",)


def of(version: Version) -> tuple[Menu, ...]:
    return (
        Menu(
            "/ip/dhcp-server",
            {
                "name": Field(v.name),
                "interface": Field(refs=INTERFACE),
                "lease-time": Field(v.time, "30m" if version.is_from("7") else "10m"),
                "address-pool": Field(
                    default="static-only", refs=("/ip/pool",), words=("static-only",)
                ),
                "add-arp": SWITCH,
                "authoritative": Field(default="yes"),
                "use-radius": Field(default="no"),
                "lease-script": empty(),
            },
            (SAME_NAME,),
            prefix="dhcp",
            needs=("interface",),
        ),
        Menu(
            "/ip/dhcp-server/network",
            {"address": Field(v.network), "gateway": empty(), "dns-server": empty()},
            (Unique(by("address"), "failure: already have such network"),),
            flags=(),
            needs=("address",),
            handle="",
        ),
        Menu(
            "/ip/dhcp-server/lease",
            {
                "address": Field(v.address, refs=("/ip/pool",)),
                "mac-address": Field(v.mac),
                "client-id": Field(),
                "server": Field(refs=SERVERS, words=("all",)),
                "address-lists": empty(),
                "dhcp-option": empty(),
                "rate-limit": Field(v.rate_limit),
                "block-access": SWITCH,
                "lease-time": Field(v.time),
            },
            (
                Unique(_client, "failure: already have static lease for this client", True),
                Unique(
                    by("address"), "failure: already have static lease with this IP address", True
                ),
            ),
            needs=("address",),
            handle="",
            dynamic_refusal="failure: can not change dynamic lease",
        ),
    )


def _client(row: Mapping[str, str]) -> object | None:
    mac = row.get("mac-address")
    return (row.get("server", "all"), mac) if mac else None

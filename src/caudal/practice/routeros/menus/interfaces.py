"""Interfaces, their lists, and who is registered on the wireless ones."""

from collections.abc import Iterator

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.menu import INTERFACE, SAME_NAME, Field, Menu, Unique, by
from caudal.practice.routeros.version import Version

ARP = Field(
    v.one_of("disabled", "enabled", "local-proxy-arp", "proxy-arp", "reply-only"), "enabled"
)
_NAME = Field(v.name)
_TAKEN = (Unique(by("name"), "failure: already have interface with such name"),)


def of(version: Version) -> Iterator[Menu]:
    yield Menu("/interface", {"name": _NAME}, _TAKEN, hides=("arp", "interface", "vlan-id"))
    yield _part("ethernet", "ether", {"name": _NAME, "arp": ARP, "mac-address": Field(v.mac)})
    yield _part("bridge", "bridge", {"name": _NAME, "arp": ARP}, prefix="bridge")
    vlan = {
        "name": _NAME,
        "vlan-id": Field(v.number),
        "arp": ARP,
        "interface": Field(refs=INTERFACE),
    }
    yield _part("vlan", "vlan", vlan, prefix="vlan", needs=("interface", "vlan-id"))
    yield _part("pppoe-server", "pppoe-in", {"name": _NAME})
    yield Menu(
        "/interface/bridge/port",
        {"interface": Field(refs=INTERFACE), "bridge": Field(refs=("/interface/bridge",))},
        (Unique(by("interface"), "failure: device already added as bridge port"),),
        needs=("interface", "bridge"),
        handle="",
    )
    yield Menu("/interface/list", {"name": Field(v.name)}, (SAME_NAME,), flags=())
    yield Menu(
        "/interface/list/member",
        {"interface": Field(refs=INTERFACE), "list": Field(refs=("/interface/list",))},
        (Unique(by("interface", "list"), "failure: already have such member"),),
        needs=("interface", "list"),
        handle="",
    )
    for kind in ("wireless", "wifi", "wifiwave2"):
        yield Menu(f"/interface/{kind}/registration-table", flags=(), handle="")


def _part(
    path: str, kind: str, fields: dict[str, Field], *, prefix: str = "", needs: tuple[str, ...] = ()
) -> Menu:
    return Menu(
        f"/interface/{path}",
        fields,
        _TAKEN,
        prefix=prefix,
        needs=needs,
        part_of="/interface",
        kind=kind,
    )

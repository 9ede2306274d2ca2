"""The menus of a router: which values are typed, defaulted, unique, or name a row elsewhere.

Which arguments a menu takes at all comes from arguments.json: lists read from RouterOS 7.16.2 and
7.23.3. Arguments that are in no Field here are kept as the text they were given.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from caudal.practice.routeros import values as v
from caudal.practice.routeros.values import Type
from caudal.practice.routeros.version import Version

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """`default` is printed when nothing was given; None prints nothing. `ref` is the menu whose
    names are allowed, checked when written; `words` are allowed beside them."""

    type: Type = v.text
    default: str | None = None
    ref: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unique:
    """Rows that give the same key exclude each other; a key of None excludes nobody."""

    key: Callable[[Values], object | None]
    taken: str


@dataclass(frozen=True, slots=True)
class Menu:
    path: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    unique: tuple[Unique, ...] = ()
    singleton: bool = False
    handle: str = "name"  # what may stand in place of .id
    flags: tuple[str, ...] = ("disabled",)  # switches that every row prints
    prefix: str = ""  # rows without a name are called after it, with a number
    needs: tuple[str, ...] = ()
    verbs: frozenset[str] = frozenset()
    arguments: frozenset[str] = frozenset()
    print_words: frozenset[str] = frozenset()


def _by(*names: str) -> Callable[[Values], object]:
    return lambda row: tuple(row.get(name, "") for name in names)


def _live_entry(row: Values) -> object | None:
    enabled = row.get("disabled") != "true"
    return (row.get("list"), row.get("address")) if enabled else None


def _lease_client(row: Values) -> object | None:
    mac = row.get("mac-address")
    return (row.get("server", "all"), mac) if mac else None


SAME_NAME = Unique(_by("name"), "failure: already have such name")
PROFILES = "/ppp/profile"
POOL_OR_ADDRESS = Field(v.address, ref="/ip/pool")
ZERO = Field(v.rates, "0/0")

_MENUS = (
    Menu(
        "/ppp/secret",
        {
            "name": Field(v.name),
            "service": Field(
                v.one_of("any", "async", "l2tp", "ovpn", "pppoe", "pptp", "sstp"), "any"
            ),
            "caller-id": Field(default=""),
            "password": Field(default=""),
            "profile": Field(default="default", ref=PROFILES),
            "local-address": POOL_OR_ADDRESS,
            "remote-address": POOL_OR_ADDRESS,
            "routes": Field(default=""),
            "ipv6-routes": Field(default=""),
            "limit-bytes-in": Field(v.number, "0"),
            "limit-bytes-out": Field(v.number, "0"),
        },
        (Unique(_by("name"), "failure: secret with the same name already exists"),),
        needs=("name",),
    ),
    Menu(
        PROFILES,
        {
            "name": Field(v.name),
            "local-address": POOL_OR_ADDRESS,
            "remote-address": POOL_OR_ADDRESS,
            "use-mpls": Field(default="default"),
            "use-compression": Field(default="default"),
            "use-encryption": Field(default="default"),
            "only-one": Field(default="default"),
            "change-tcp-mss": Field(default="default"),
            "address-list": Field(default=""),
            "on-up": Field(default=""),
            "on-down": Field(default=""),
        },
        (Unique(_by("name"), "failure: profile with the same name already exists"),),
        flags=(),
        needs=("name",),
    ),
    Menu("/ppp/active", {"name": Field()}, flags=()),
    Menu(
        "/queue/simple",
        {
            "name": Field(v.name),
            "target": Field(v.targets, ""),
            "parent": Field(default="none", ref="/queue/simple", words=("none",)),
            "packet-marks": Field(default=""),
            "priority": Field(v.priorities, "8/8"),
            "queue": Field(default="default-small/default-small"),
            "limit-at": ZERO,
            "max-limit": ZERO,
            "burst-limit": ZERO,
            "burst-threshold": ZERO,
            "burst-time": Field(v.times, "0s/0s"),
            "bucket-size": Field(default="0.1/0.1"),
        },
        (SAME_NAME,),
        prefix="queue",
    ),
    Menu("/queue/type", {"name": Field(v.name)}, (SAME_NAME,), flags=(), needs=("name", "kind")),
    Menu("/queue/tree", {"name": Field(v.name)}, (SAME_NAME,), prefix="queue"),
    Menu(
        "/ip/firewall/address-list",
        {
            "list": Field(v.name),
            "address": Field(v.listed),
            "timeout": Field(v.time),
        },
        (Unique(_live_entry, "failure: already have such entry"),),
        needs=("list", "address"),
    ),
    *(
        Menu(
            f"/ip/firewall/{part}",
            {"chain": Field(v.name), "action": Field(default="accept")},
            flags=(),
            needs=("chain",),
        )
        for part in ("filter", "nat", "raw", "mangle")
    ),
    Menu(
        "/ip/pool",
        {"name": Field(v.name), "ranges": Field(v.ranges)},
        (SAME_NAME,),
        flags=(),
        needs=("name", "ranges"),
    ),
    Menu(
        "/ip/address",
        {"address": Field(v.interface_address), "interface": Field(ref="/interface")},
        (Unique(_by("address", "interface"), "failure: already have such address"),),
        needs=("address", "interface"),
    ),
    Menu(
        "/ip/arp",
        {
            "address": Field(v.address),
            "mac-address": Field(v.mac),
            "interface": Field(ref="/interface"),
            "published": Field(v.switch, "false"),
        },
        needs=("address", "interface"),
    ),
    Menu(
        "/ip/dhcp-server/lease",
        {
            "address": Field(v.address),
            "mac-address": Field(v.mac),
            "server": Field(ref="/ip/dhcp-server", words=("all",)),
            "address-lists": Field(default=""),
            "dhcp-option": Field(default=""),
        },
        (
            Unique(_lease_client, "failure: already have static lease for this client"),
            Unique(_by("address"), "failure: already have static lease with this IP address"),
        ),
        needs=("address",),
    ),
    Menu(
        "/ip/dhcp-server",
        {"name": Field(v.name), "interface": Field(ref="/interface")},
        (SAME_NAME,),
        prefix="dhcp",
    ),
    Menu(
        "/ip/hotspot/user",
        {
            "name": Field(v.name),
            "server": Field(default="all", ref="/ip/hotspot", words=("all",)),
            "profile": Field(default="default", ref="/ip/hotspot/user/profile"),
            "address": Field(v.address),
            "mac-address": Field(v.mac),
        },
        (
            Unique(
                lambda row: (row.get("name"), row.get("server", "all")),
                "failure: already have user with this name for this server",
            ),
        ),
        needs=("name",),
    ),
    Menu("/ip/hotspot/user/profile", {"name": Field(v.name)}, (SAME_NAME,), flags=()),
    Menu(
        "/interface",
        {"name": Field(v.name)},
        (Unique(_by("name"), "failure: already have interface with such name"),),
    ),
    Menu("/interface/list", {"name": Field(v.name)}, (SAME_NAME,), flags=()),
    Menu(
        "/interface/list/member",
        {"interface": Field(ref="/interface"), "list": Field(ref="/interface/list")},
    ),
    Menu(
        "/interface/pppoe-server/server",
        {"interface": Field(ref="/interface"), "default-profile": Field(ref=PROFILES)},
        handle="service-name",
    ),
    Menu("/user", {"name": Field(v.name), "group": Field(v.name)}, (SAME_NAME,)),
    Menu("/log", flags=()),
    *(
        Menu(path, singleton=True, flags=())
        for path in (
            "/ip/dns",
            "/ppp/aaa",
            "/radius/incoming",
            "/system/clock",
            "/system/identity",
            "/system/resource",
            "/system/routerboard",
        )
    ),
)
_BY_PATH = {menu.path: menu for menu in _MENUS}


@cache
def _lists() -> dict[str, dict[str, str]]:
    data = files("caudal.practice.routeros").joinpath("arguments.json").read_text("utf-8")
    loaded: dict[str, dict[str, str]] = json.loads(data)
    return loaded


def menus(version: Version) -> dict[str, Menu]:
    """Every menu this version has, with the verbs and arguments it takes."""
    found = {}
    for path, lists in _lists().items():
        if "menu_since_7.23" in lists and not version.newest_arguments:
            continue
        arguments = lists.get("arguments", "").split()
        if version.newest_arguments:
            arguments += lists.get("since_7.23", "").split()
        words = [*lists.get("print", "").split(), "proplist", ".proplist", "stats"]
        menu = _BY_PATH.get(path) or Menu(
            path, flags=("disabled",) if "disabled" in arguments else ()
        )
        found[path] = replace(
            menu,
            verbs=frozenset(lists["verbs"].split()),
            arguments=frozenset(arguments),
            print_words=frozenset(words),
        )
    return found

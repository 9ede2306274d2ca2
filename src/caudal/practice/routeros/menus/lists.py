"""Which menus, verbs and arguments a version has.

They come from arguments.json, lists read from RouterOS 7.16.2 and 7.23.3, and for the menus that
those leave out from arguments_by_hand.json. Arguments without a Field are kept as they were given.
"""

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files

from caudal.practice.routeros.menus import (
    addresses,
    dhcp,
    firewall,
    hotspot,
    interfaces,
    ppp,
    queues,
    system,
)
from caudal.practice.routeros.menus.menu import Menu
from caudal.practice.routeros.version import Version

_ROOMS = (addresses, dhcp, firewall, hotspot, interfaces, ppp, queues, system)
_FILES = ("arguments.json", "arguments_by_hand.json")
_ALWAYS = ("proplist", ".proplist", "stats")
# Over the lists: menus that came, or went, with a version other than those read.
_SINCE = {"/interface/wifi/registration-table": "7.13", "/safe-mode": "7.18"}
_BEFORE = {"/interface/wireless/registration-table": "7.13"}

Lists = dict[str, str]


@cache
def _lists() -> dict[str, Lists]:
    folder = files("caudal.practice.routeros")
    found: dict[str, Lists] = {}
    for name in _FILES:
        found |= json.loads(folder.joinpath(name).read_text("utf-8"))
    return found


def menus(version: Version) -> dict[str, Menu]:
    """Every menu this version has, with the verbs and arguments it takes."""
    known = {menu.path: menu for room in _ROOMS for menu in room.of(version)}
    return {
        path: _menu(path, lists, known.get(path), version)
        for path, lists in _lists().items()
        if _is_there(path, lists, version)
    }


def _is_there(path: str, lists: Lists, version: Version) -> bool:
    since = lists.get("since", _SINCE.get(path, "0"))
    before = lists.get("before", _BEFORE.get(path, "99"))
    return version.is_from(since) and not version.is_from(before)


def _menu(path: str, lists: Lists, menu: Menu | None, version: Version) -> Menu:
    arguments = lists.get("arguments", "").split()
    if version.newest_arguments:
        arguments += lists.get("since_7.23", "").split()
    menu = menu or Menu(path, flags=("disabled",) if "disabled" in arguments else ())
    return replace(
        menu,
        verbs=frozenset(lists["verbs"].split()),
        arguments=frozenset(arguments),
        print_words=frozenset([*lists.get("print", "").split(), *_ALWAYS]),
    )

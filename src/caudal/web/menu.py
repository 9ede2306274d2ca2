"""The menu: one item per screen that rooms register, in groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.web.verbs import person_of

GROUPS: dict[str, str | Promise] = {
    "": "",
    "customers": _("Customers"),
    "billing": _("Billing"),
    "payments": _("Money in"),
    "network": _("Network"),
    "messages": _("Messages"),
    "catalog": _("Catalog"),
    "reports": _("Reports"),
    "system": _("System"),
}
"""Key -> heading, in the order of the menu; the items of "" stand on top without a heading."""


@dataclass(frozen=True)
class Item:
    label: str | Promise
    url_name: str
    icon: str
    """Name of a Tabler icon without its prefix, e.g. "users"."""
    verb: str
    """Who may not do this does not see the item; "" is for everybody who is signed in."""
    order: int = 100
    group: str = ""
    on_phone: bool = False
    """Whether it also stands in the bar at the foot of a phone, which holds four."""


@dataclass(frozen=True, eq=False)
class Entry:
    """An item as shown on one page."""

    item: Item
    url: str
    is_current: bool

    @property
    def keys(self) -> str:
        """The keys that lead there, e.g. "g c"."""
        return _keys.get(self.item.url_name, "")


@dataclass(frozen=True, eq=False)
class Group:
    key: str
    label: str | Promise
    entries: tuple[Entry, ...]


@dataclass(frozen=True, eq=False)
class Menu:
    groups: tuple[Group, ...]

    @property
    def current(self) -> Entry | None:
        """The entry that the present page is of, or under."""
        entries = (entry for group in self.groups for entry in group.entries)
        return next((entry for entry in entries if entry.is_current), None)

    @property
    def phone(self) -> list[Entry]:
        """The first four entries that asked to stand at the foot of a phone."""
        entries = [entry for group in self.groups for entry in group.entries]
        wanted = [entry for entry in entries if entry.item.on_phone]
        return sorted(wanted, key=lambda entry: entry.item.order)[:4]


_items: dict[str, Item] = {}
_keys: dict[str, str] = {}


def register(item: Item) -> None:
    if item.group not in GROUPS:
        raise ValueError(f"the menu has no group {item.group!r}")
    _items[item.url_name] = item
    _menu.cache_clear()


def give_keys(url_name: str, keys: str) -> None:
    """Let keys lead to an item; two of the same keys would hide one of them."""
    if any(other == keys and name != url_name for name, other in _keys.items()):
        raise ValueError(f"the keys {keys!r} lead elsewhere already")
    _keys[url_name] = keys
    _menu.cache_clear()


def items() -> list[Item]:
    return list(_items.values())


def menu_of(request: HttpRequest) -> Menu:
    """What the person may open, with the entry of the present page marked."""
    person = person_of(request)
    shown = tuple(name for name, item in _items.items() if not item.verb or person.may(item.verb))
    return _menu(shown, _current(shown, request.path))


@lru_cache(maxsize=512)
def _menu(shown: tuple[str, ...], current: str) -> Menu:
    """The same object for the same menu, so that it is drawn once; the labels are lazy."""
    items = sorted((_items[name] for name in shown), key=lambda each: (each.order, each.url_name))
    entries = [Entry(item, _address(item.url_name), item.url_name == current) for item in items]
    groups = (
        Group(key, label, tuple(entry for entry in entries if entry.item.group == key))
        for key, label in GROUPS.items()
    )
    return Menu(tuple(group for group in groups if group.entries))


@cache
def _address(url_name: str) -> str:
    """Kept, because a menu has many and every page shows it; addresses stay while we run."""
    return reverse(url_name)


def _current(shown: Iterable[str], path: str) -> str:
    """The entry whose address is the longest beginning of the path; "/" only fits itself."""
    fitting = [
        (url, name)
        for name in shown
        if (url := _address(name)) == path or (url != "/" and path.startswith(url))
    ]
    return max(fitting, key=lambda found: len(found[0]))[1] if fitting else ""

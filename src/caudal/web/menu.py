"""The menu: one item per screen that rooms register, in groups."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

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


@dataclass
class Entry:
    """An item as shown to one person on one page."""

    item: Item
    url: str
    is_current: bool = False

    @property
    def keys(self) -> str:
        """The keys that lead there, e.g. "g c"."""
        return _keys.get(self.item.url_name, "")


@dataclass
class Group:
    key: str
    label: str | Promise
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Menu:
    groups: list[Group]

    @property
    def phone(self) -> list[Entry]:
        """The first four entries that asked to stand at the foot of a phone."""
        wanted = [entry for entry in _entries(self.groups) if entry.item.on_phone]
        return sorted(wanted, key=lambda entry: entry.item.order)[:4]


_items: dict[str, Item] = {}
_keys: dict[str, str] = {}


def register(item: Item) -> None:
    if item.group not in GROUPS:
        raise ValueError(f"the menu has no group {item.group!r}")
    _items[item.url_name] = item


def give_keys(url_name: str, keys: str) -> None:
    """Let keys lead to an item; two of the same keys would hide one of them."""
    if any(other == keys and name != url_name for name, other in _keys.items()):
        raise ValueError(f"the keys {keys!r} lead elsewhere already")
    _keys[url_name] = keys


def items() -> list[Item]:
    return list(_items.values())


def menu_of(request: HttpRequest) -> Menu:
    """What the person may open, with the entry of the present page marked."""
    person = person_of(request)
    groups = {key: Group(key, label) for key, label in GROUPS.items()}
    for item in sorted(_items.values(), key=lambda each: (each.order, each.url_name)):
        if not item.verb or person.may(item.verb):
            groups[item.group].entries.append(Entry(item, _address(item.url_name)))
    shown = [group for group in groups.values() if group.entries]
    _mark_current(list(_entries(shown)), request.path)
    return Menu(shown)


@cache
def _address(url_name: str) -> str:
    """Kept, because a menu has many and every page shows it; addresses stay while we run."""
    return reverse(url_name)


def _mark_current(entries: list[Entry], path: str) -> None:
    """The entry whose address is the longest beginning of the path; "/" only fits itself."""
    fitting = [
        entry
        for entry in entries
        if path == entry.url or (entry.url != "/" and path.startswith(entry.url))
    ]
    if fitting:
        max(fitting, key=lambda entry: len(entry.url)).is_current = True


def _entries(groups: Iterable[Group]) -> Iterable[Entry]:
    return (entry for group in groups for entry in group.entries)

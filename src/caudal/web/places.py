"""Places: the acts and screens that people call by name, and the keys that lead to them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from caudal.core.text import fold
from caudal.web.menu import GROUPS, give_keys, items
from caudal.web.verbs import Person

Text = str | Promise


@dataclass(frozen=True)
class Place:
    """An act ("register a payment") or a screen ("invoices") that somebody may go to."""

    label: Text
    url_name: str
    icon: str
    verb: str
    """Who may not do this does not find it; "" is for everybody who is signed in."""
    words: Text = ""
    """What else people call it, e.g. "charge collect receipt"; translated like the label."""
    keys: str = ""
    """The keys that lead to it, e.g. "g c"; see `caudal/keys.js`."""
    is_act: bool = True
    group: Text = ""
    order: int = 100

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def is_called(self, words: list[str]) -> bool:
        """Whether every folded word stands somewhere in its names."""
        names = fold(f"{self.label} {self.words} {self.group}")
        return all(word in names for word in words)


_places: dict[str, Place] = {}


def register(*places: Place) -> None:
    for place in places:
        _places[place.url_name] = place
        if place.keys:
            give_keys(place.url_name, place.keys)


def places_of(person: Person) -> list[Place]:
    """What this person may go to: registered acts and screens, and the rest of the menu."""
    found = [each for each in _all() if not each.verb or person.may(each.verb)]
    return sorted(found, key=lambda each: (each.order, str(each.label)))


def _all() -> Iterator[Place]:
    yield from _places.values()
    for item in items():
        if item.url_name not in _places:
            yield Place(
                item.label, item.url_name, item.icon, item.verb, is_act=False,
                group=GROUPS[item.group],
            )  # fmt: skip

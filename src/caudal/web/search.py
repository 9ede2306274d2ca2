"""The search everywhere: rooms register what of theirs it finds, and it asks them all at once.

A searcher answers with at most as many hits as it is asked for, by a fixed number of queries, and
only with rows that the person may see: it narrows them with the one scope function. What a person
looked at last comes as addresses and is looked up anew, so that names are fresh and nothing is
shown that he may no longer see.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.core.text import fold
from caudal.web.places import Place, places_of
from caudal.web.verbs import Person

Row = TypeVar("Row")
Text = str | Promise
LONGEST = 100
"""Letters of a search that are looked at."""
EACH = 6
"""Hits of one room."""
REMEMBERED = 8
"""Rows that a person looked at last."""


@dataclass(frozen=True)
class Hit:
    """One row as the search shows it."""

    label: str
    url: str
    detail: str = ""
    icon: str = ""
    """Instead of the searcher's own."""
    state: str = ""
    state_label: Text = ""
    keys: str = ""
    """Keys that lead there without searching."""


Find = Callable[[Any, str, int], Iterable[Hit]]
"""(person, what he typed, how many at most) -> hits, the best first."""
Recall = Callable[[Any, Sequence[int]], dict[int, Hit]]
"""(person, keys of rows) -> the hits of those that he may see."""


@dataclass(frozen=True)
class Searcher:
    """What a room lets one search."""

    key: str
    title: Text
    icon: str
    verb: str
    """Who may not do this is not shown any; "" is for everybody who is signed in."""
    find: Find
    order: int = 100
    url_name: str = ""
    """The page of one row, whose argument is `pk`: the rows of `recall`."""
    recall: Recall | None = None
    list_name: str = ""
    """The list that finds the same words in `?q=`; it shows those beyond the first few."""


@dataclass
class Section:
    """The hits of one kind; `all_url` leads to the rest of them."""

    key: str
    title: Text
    icon: str
    hits: list[Hit] = field(default_factory=list)
    all_url: str = ""


_searchers: dict[str, Searcher] = {}


def register(searcher: Searcher) -> None:
    _searchers[searcher.key] = searcher


def search(person: Person, typed: str, recent: Sequence[str] = ()) -> list[Section]:
    """What fits, in sections; `recent` are addresses that the person was at, the last one first."""
    typed = typed.strip()[:LONGEST]
    searchers = searchers_of(person)
    recalled = _recalled(person, searchers, recent[:REMEMBERED])
    if not typed:
        seen = [hit for path in recent for hit in [recalled.get(path)] if hit is not None]
        return _filled([Section("recent", _("Recent"), "history", seen), *_places(person, "")])
    found = [_section(person, each, typed, recalled) for each in searchers]
    return _filled([*_places(person, typed), *found])


def by_words(
    rows: Iterable[Row], typed: str, limit: int, text: Callable[[Row], str] = str
) -> list[Row]:
    """The first rows in whose text every word is found, accents and case apart: for small tables,
    where that beats an index that knows no accents.
    """
    words = fold(typed).split()
    fitting = (row for row in rows if all(word in fold(text(row)) for word in words))
    return list(islice(fitting, limit))


def searchers_of(person: Person) -> list[Searcher]:
    found = [each for each in _searchers.values() if not each.verb or person.may(each.verb)]
    return sorted(found, key=lambda each: (each.order, each.key))


def _section(person: Person, searcher: Searcher, typed: str, recalled: dict[str, Hit]) -> Section:
    """Those that he looked at last come first."""
    hits = list(searcher.find(person, typed, EACH + 1))
    remembered = [hit for hit in hits if hit.url in recalled]
    ordered = remembered + [hit for hit in hits if hit.url not in recalled]
    section = Section(searcher.key, searcher.title, searcher.icon, ordered[:EACH])
    if searcher.list_name and len(hits) > EACH:
        section.all_url = f"{reverse(searcher.list_name)}?{urlencode({'q': typed})}"
    return section


def _places(person: Person, typed: str) -> list[Section]:
    """Acts and screens; without words, the acts that have keys or stand first."""
    words = fold(typed).split()
    fitting = [each for each in places_of(person) if each.is_called(words)]
    acts = [_hit(each) for each in fitting if each.is_act]
    screens = [_hit(each) for each in fitting if not each.is_act] if typed else []
    return [
        Section("acts", _("Actions"), "bolt", acts[:EACH]),
        Section("screens", _("Screens"), "layout", screens[:EACH]),
    ]


def _hit(place: Place) -> Hit:
    return Hit(str(place.label), place.url, str(place.group), place.icon, keys=place.keys)


def _recalled(
    person: Person, searchers: Iterable[Searcher], recent: Sequence[str]
) -> dict[str, Hit]:
    """Address -> its row, for those that are rows of a searcher and that the person may see."""
    rows = [row for row in map(_row, recent) if row is not None]
    found: dict[str, Hit] = {}
    for searcher in searchers:
        keys = [key for name, key in rows if name == searcher.url_name]
        if keys and searcher.recall is not None:
            found |= {hit.url: hit for hit in searcher.recall(person, keys).values()}
    return found


def _row(path: str) -> tuple[str, int] | None:
    """(name of the address, key) of a page that is one row's."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    key = match.kwargs.get("pk")
    return (match.view_name, key) if isinstance(key, int) else None


def _filled(sections: Iterable[Section]) -> list[Section]:
    return [section for section in sections if section.hits]

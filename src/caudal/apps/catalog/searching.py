"""What the search everywhere finds of the catalog: plans, products and companies."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.shelves import COMPANIES, PLANS, PRODUCTS, Shelf
from caudal.apps.staff.verbs import Verb
from caudal.web import places, search
from caudal.web.money import format_money
from caudal.web.places import Place
from caudal.web.search import Hit, Searcher, by_words


def find_items(user: Any, typed: str, limit: int) -> list[Hit]:
    """By part of the name."""
    shelves = (PLANS, PRODUCTS, COMPANIES)
    found = [hit for shelf in shelves for hit in _found(shelf, typed, limit)]
    return found[:limit]


def _found(shelf: Shelf, typed: str, limit: int) -> list[Hit]:
    rows = shelf.model._default_manager.order_by("name")
    return [
        Hit(
            str(row),
            reverse(f"catalog:edit-{shelf.key}", args=[row.pk]),
            _detail(shelf, row),
            shelf.icon,
        )
        for row in by_words(rows, typed, limit)
    ]


def _detail(shelf: Shelf, row: Any) -> str:
    price = getattr(row, "price", None)
    return " · ".join(
        [str(shelf.title), *([] if price is None else [format_money(price, row.currency)])]
    )


def _places() -> Iterable[Place]:
    edit = Verb.EDIT_CATALOG
    yield Place(
        _("Plans"), "catalog:plans", "gauge", Verb.SEE_CATALOG,
        _("speeds prices internet"), "g l", is_act=False,
    )  # fmt: skip
    for shelf, words in ((PLANS, _("add speed price")), (PRODUCTS, _("add item equipment"))):
        yield Place(
            shelf.new_title, f"catalog:new-{shelf.key}", shelf.icon, edit, words, order=50
        )  # fmt: skip


search.register(
    Searcher("catalog", _("Plans and products"), "package", Verb.SEE_CATALOG, find_items, order=60)
)
places.register(*_places())

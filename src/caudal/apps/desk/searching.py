"""What the search everywhere finds of the desk: customers by anything known of them, and acts."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer
from caudal.apps.customers.search import matching
from caudal.apps.desk.list.rows import Listed, listed, tuples
from caudal.apps.desk.list.words import Words
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.text import fold, key
from caudal.web import places, search
from caudal.web.places import Place
from caudal.web.search import Hit, Searcher

FIELDS = ("code", "name", "zone__name", "search_text", "access_text")
LOOKED_AT = 40
"""Of those who fit, the first by name, of whom who has the words in his name comes first."""
SHORTEST = 2
"""Fewer letters stand in nearly everybody's words: they only find who is called exactly so."""


def find_customers(user: User, typed: str, limit: int) -> list[Hit]:
    """Whom a code or document names first, then all in whom every word is found, by name."""
    rows = visible(user, Customer.objects.filter(archived_at=None))
    found: dict[int, Any] = {row.id: row for row in _read(rows.filter(_named(typed)), limit)}
    if len(typed) >= SHORTEST:
        fitting = _read(rows.filter(matching(typed)), LOOKED_AT)
        for row in sorted(fitting, key=lambda row: not _is_called(row, typed)):
            found.setdefault(row.id, row)
    return list(_hits(list(found.values())[:limit], typed).values())


def recall_customers(user: User, keys: Sequence[int]) -> dict[int, Hit]:
    return _hits(_read(visible(user, Customer.objects.filter(pk__in=keys)), len(keys)))


def _read(rows: QuerySet[Customer], limit: int) -> list[Any]:
    return list(tuples(rows.order_by("name", "id"), FIELDS)[:limit])


def _named(typed: str) -> Q:
    code = typed.zfill(6) if typed.isdecimal() else typed
    named = Q(code__in={typed, typed.upper(), code})
    document = key(typed)
    return named | Q(document_key=document) if document else named


def _is_called(row: Any, typed: str) -> bool:
    name = fold(row.name)
    return all(word in name for word in fold(typed).split())


def _hits(rows: Sequence[Any], typed: str = "") -> dict[int, Hit]:
    words = Words.in_readers_language()
    found = listed(rows, ("services", "balances"))
    return {row.customer.id: _hit(row, words, typed) for row in found}


def _hit(row: Listed, words: Words, typed: str) -> Hit:
    customer, service = row.customer, row.service
    parts = [customer.code, customer.zone__name, service.access if service else ""]
    parts += _unseen(customer, typed, fold(" ".join([customer.name, *parts])))
    if row.debt > 0:
        parts.append(now_in_language("owes %(debt)s") % {"debt": row.debt_label})
    return Hit(
        label=customer.name,
        url=reverse("desk:customer", args=[customer.id]),
        detail=" · ".join(part for part in parts if part),
        state=row.state,
        state_label=words.states.get(row.state, ""),
    )


def _unseen(customer: Any, typed: str, shown: str) -> list[str]:
    """What holds the typed words and is not shown yet, such as an e-mail: why he was found."""
    kept = f"{customer.search_text} {customer.access_text}".split()
    missing = (word for word in fold(typed).split() if word not in shown)
    return list(dict.fromkeys(token for word in missing for token in kept if word in token))[:2]


def _places() -> Iterable[Place]:
    see = Verb.SEE_CUSTOMERS
    yield Place(
        _("New customer"), "desk:register", "user-plus", Verb.REGISTER_CUSTOMERS,
        _("register sign up add subscriber client"), "g a", order=10,
    )  # fmt: skip
    yield Place(
        _("Summary"), "desk:dashboard", "layout-dashboard", "",
        _("home start first page dashboard"), "g s", is_act=False,
    )  # fmt: skip
    yield Place(
        _("Customers"), "desk:customers", "users", see,
        _("list subscribers clients"), "g c", is_act=False,
    )  # fmt: skip
    yield Place(
        _("Choose by codes"), "desk:by_codes", "list-check", see,
        _("paste codes many bulk"), order=80,
    )  # fmt: skip


search.register(
    Searcher(
        "customers", _("Customers"), "user", Verb.SEE_CUSTOMERS, find_customers, order=10,
        url_name="desk:customer", recall=recall_customers, list_name="desk:customers",
    )
)  # fmt: skip
places.register(*_places())

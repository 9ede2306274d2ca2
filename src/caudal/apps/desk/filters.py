"""Filters of the customers list that look into other rooms, and the chips that show them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.filters import ANY, Condition, CustomerFilter
from caudal.apps.ledger.models import Balance
from caudal.apps.network.models import Connection, Router
from caudal.store.money import money


@dataclass(frozen=True)
class Chip:
    """One filter in force; `without` is the query string that takes it away."""

    label: str
    value: str
    without: str


class DeskFilter(CustomerFilter):
    """The customers list's filters."""

    router = forms.ModelChoiceField(
        Router.objects.all(), label=_("Router"), required=False, empty_label=_("Any")
    )
    debt = forms.ChoiceField(
        label=_("Debt"),
        required=False,
        choices=[ANY, ("yes", _("With debt")), ("no", _("Without debt"))],
    )

    def conditions(self) -> dict[str, Condition]:
        return {**super().conditions(), "router": _on_router, "debt": _with_debt}

    def chips(self, query: QueryDict) -> list[Chip]:
        """The filters in force, the search apart, each removable by itself."""
        chips = []
        for name, value in self.given().items():
            if name == "q":
                continue
            rest = query.copy()
            for gone in (name, "cursor", "new"):
                rest.pop(gone, None)
            field: Any = self.fields[name]
            shown = dict(field.choices)[value] if isinstance(value, str) else value
            chips.append(Chip(str(field.label), str(shown), rest.urlencode()))
        return chips


def _on_router(router: Router) -> Exists:
    live = Connection.objects.live().filter(router=router)
    return Exists(live.filter(service__customer=OuterRef("pk")))


def _with_debt(which: str) -> Q:
    owes = Q(Exists(Balance.objects.filter(customer=OuterRef("pk"), amount__gt=money())))
    return owes if which == "yes" else ~owes

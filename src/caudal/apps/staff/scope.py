"""Whose customers a person sees: the one function that every list, page, export and API uses."""

from typing import Any, TypeVar

from django.apps import apps
from django.db.models import Model, QuerySet

from caudal.apps.staff.models import JournalEntry, User

Row = TypeVar("Row", bound=Model)

_paths: dict[str, str] = {
    "customers.customer": "",
    "customers.contact": "customer",
    "customers.service": "customer",
    "customers.suspension": "service__customer",
    "network.connection": "service__customer",
    "billing.invoice": "customer",
    "billing.credit": "customer",
    "payments.payment": "customer",
    "ledger.balance": "customer",
    "ledger.entry": "customer",
}
"""Table -> how its rows lead to their customer; "" is the customer himself."""


def visible_journal(user: User, queryset: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """Entries name their customer by number, not by key: a collector sees those about his own."""
    if not user.role.only_own_customers:
        return queryset
    customers = apps.get_model("customers.customer")._default_manager.all()
    return queryset.filter(customer_id__in=visible(user, customers).values("pk"))


def register(label: str, path: str) -> None:
    """Give the path of another table, e.g. register("helpdesk.ticket", "customer")."""
    _paths[label] = path


def visible(user: User, queryset: QuerySet[Row]) -> QuerySet[Row]:
    """The rows this person may see: all, or for a collector those of his own customers.

    A table without a registered path is refused to him, so that a new one cannot leak by oversight.
    """
    if not user.role.only_own_customers:
        return queryset
    path = _paths[queryset.model._meta.label_lower]
    owner: dict[str, Any] = {f"{path}__collector" if path else "collector": user}
    return queryset.filter(**owner)

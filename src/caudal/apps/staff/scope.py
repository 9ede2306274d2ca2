"""Whose customers a person sees: the one function that every list, page, export and API uses."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from rest_framework.exceptions import ValidationError

from caudal.apps.staff.models import Branch, JournalEntry, User

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


_branches: dict[str, tuple[str, ...]] = {
    "customers.zone": ("branch",),
    "network.router": ("zones__branch",),
    "payments.cashbox": ("branch",),
    "staff.branch": ("pk",),
}
"""Table that customers share -> how its rows lead to their branches; none there: of all of them."""


def visible_journal(user: User, queryset: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """Who sees a part of the customers sees the entries about it."""
    return visible_by_number(user, queryset)


def visible_by_number(user: User, queryset: QuerySet[Row]) -> QuerySet[Row]:
    """As `visible`, for tables below customers: `customer_id` is a number there, and not a key."""
    if not user.is_limited:
        return queryset
    customers = apps.get_model("customers.customer")._default_manager.all()
    return queryset.filter(customer_id__in=visible(user, customers).values("pk"))


def register(label: str, path: str) -> None:
    """Give the path of another table, e.g. register("helpdesk.ticket", "customer")."""
    _paths[label] = path


def register_shared(label: str, *paths: str) -> None:
    """The same to the branch, of a table that customers share, e.g. ("network.pool", "...").

    What several paths lead to is of all the branches found.
    """
    _branches[label] = paths


def offer_visible(user: User, form: Any) -> None:
    """Let a form or serializer offer and take only rows that this person may see.

    Fields of tables without a registered path stay as they are: plans, companies and the like.
    What the edited row leads to already may stay.
    """
    if not user.is_limited:
        return
    edited = getattr(form, "instance", None)
    for name, field in form.fields.items():
        choice = getattr(field, "child_relation", field)
        rows = getattr(choice, "queryset", None)
        if rows is not None and rows.model._meta.label_lower in _paths | _branches:
            seen = Q(pk__in=visible(user, rows.model._default_manager.all()).values("pk"))
            choice.queryset = rows.filter(seen | Q(pk=getattr(edited, f"{name}_id", None)))


def require_visible(user: User, **rows: Model) -> None:
    """Refuse, as what was sent wrongly under its name, a row that this person may not see."""
    for name, row in rows.items():
        if not visible(user, type(row)._default_manager.filter(pk=row.pk)).exists():
            raise ValidationError({name: f"Unknown {name}."})


def visible(user: User, queryset: QuerySet[Row], branch: Branch | None = None) -> QuerySet[Row]:
    """The rows this person may see: all; or for a collector those of his own customers, and for
    who is limited to branches those of their customers, and what belongs to them or to all.

    With `branch` only those of that branch itself: what belongs to none is left out then.
    A table without a registered path is refused to him, so that a new one cannot leak by oversight.
    """
    rows = _his(user, queryset) if user.is_limited else queryset
    return rows if branch is None else _of_branch(rows, branch)


def with_unseen(user: User, chosen: Iterable[Row], has: QuerySet[Row]) -> list[Row]:
    """What was chosen, and of what there is already all that this person does not see.

    Who is offered a part of the rows takes none of the others away by saving.
    """
    seen = visible(user, has.model._default_manager.all()) if user.is_limited else has
    return [*chosen, *has.exclude(pk__in=seen.values("pk"))]


def branches_for(user: User) -> QuerySet[Branch]:
    """Those that he may narrow a report to: his own where he is limited to some."""
    rows = Branch.objects.all()
    return rows.filter(pk__in=user.branch_ids) if user.branch_ids else rows


def _his(user: User, queryset: QuerySet[Row]) -> QuerySet[Row]:
    label = queryset.model._meta.label_lower
    if label in _branches:
        return _of_branches(user, queryset, _branches[label])
    before = f"{_paths[label]}__" if _paths[label] else ""
    wanted: dict[str, Any] = {}
    if user.role.only_own_customers:
        wanted[f"{before}collector"] = user
    if user.branch_ids:
        zones = apps.get_model("customers.zone")._default_manager.all()
        wanted[f"{before}zone__in"] = visible(user, zones).values("pk")
    return queryset.filter(**wanted)


def _of_branch(queryset: QuerySet[Row], branch: Branch) -> QuerySet[Row]:
    label = queryset.model._meta.label_lower
    if label not in _branches:
        before = f"{_paths[label]}__" if _paths[label] else ""
        return queryset.filter(**{f"{before}zone__branch": branch})
    theirs = Q()
    for path in _branches[label]:
        theirs |= Q(**{path: branch})
    return queryset.filter(pk__in=queryset.model._default_manager.filter(theirs).values("pk"))


def _of_branches(user: User, queryset: QuerySet[Row], paths: tuple[str, ...]) -> QuerySet[Row]:
    if not user.branch_ids:
        return queryset
    theirs = Q(**dict.fromkeys(paths))
    for path in paths:
        theirs |= Q(**{f"{path}__in": user.branch_ids})
    return queryset.filter(pk__in=queryset.model._default_manager.filter(theirs).values("pk"))

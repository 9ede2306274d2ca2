"""What rooms know of many customers, each as one query with a row per customer, to be joined."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import (
    Contact,
    Customer,
    FieldKind,
    FieldValue,
    Service,
    Suspension,
    SuspensionReason,
)
from caudal.apps.desk.list.columns import ListColumn
from caudal.apps.ledger.models import Balance
from caudal.store.money import MoneyField

Rows = QuerySet[Any, Any]
Keys = QuerySet[Any, Any]
PLAIN_KINDS = frozenset({FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE})
_COLUMN = {
    FieldKind.NUMBER: "number",
    FieldKind.MONEY: "number",
    FieldKind.DATE: "day",
    FieldKind.YES_NO: "is_yes",
    FieldKind.CHOICE: "choice__name",
}


def of(parts: Iterable[str], columns: Iterable[ListColumn], keys: Keys) -> dict[str, Rows]:
    """Table -> its query, for these parts; the first column is the customer.

    `keys` is the query of the customers that are asked for.
    """
    wanted = sorted(part for part in parts if part in _QUERIES)
    found = {part: _QUERIES[part](keys) for part in wanted}
    for column in columns:
        if column.key == "services":
            found["many"] = _counted(keys)
        if column.custom is not None:
            found[name_of(column)] = _own(column.custom, keys)
    return found


def name_of(column: ListColumn) -> str:
    """What the table of an operator's own field is called."""
    return f"own_{column.custom.pk}"


def _services(keys: Keys) -> Rows:
    """The foremost service: the first that is not cancelled, else the last he had."""
    is_over = Case(When(state="cancelled", then=Value(1)), default=Value(0))
    number = Case(
        When(state="cancelled", then=-F("number")),
        default=F("number"),
        output_field=IntegerField(),
    )
    rows = Service.objects.filter(customer__in=keys).order_by("customer_id", is_over, number)
    price = Coalesce("price", "plan__price", output_field=MoneyField())
    return rows.distinct("customer_id").values_list(
        "customer_id", "state", "started_on", "cancelled_on", "cancel_reason", price,
        "plan__name", "plan__technology", "connection__router__name", "connection__username",
        "connection__address", "connection__mac", "connection__released_at",
        "connection__online_since",
    )  # fmt: skip


def _counted(keys: Keys) -> Rows:
    rows = Service.objects.filter(customer__in=keys).order_by()
    return rows.values_list("customer_id").annotate(many=Count("id"))


def _contacts(keys: Keys) -> Rows:
    rows = Contact.objects.filter(customer__in=keys).order_by().values_list("customer_id")
    return rows.annotate(
        phones=_listed("value", "id", "; ", Q(kind=Contact.Kind.PHONE)),
        emails=_listed("value", "id", "; ", Q(kind=Contact.Kind.EMAIL)),
    )


def _listed(name: Any, order: str, mark: str, which: Q | None = None) -> StringAgg:
    return StringAgg(name, mark, ordering=order, filter=which, output_field=CharField())


def _balances(keys: Keys) -> Rows:
    rows = Balance.objects.filter(customer__in=keys).exclude(amount=0).order_by()
    return rows.values_list("customer_id").annotate(sum=Sum("amount", output_field=MoneyField()))


def _unpaid(keys: Keys) -> Rows:
    rows = Invoice.objects.filter(customer__in=keys, state__in=("open", "partial")).order_by()
    rest = Sum("remaining", output_field=MoneyField())
    return rows.values_list("customer_id").annotate(many=Count("id"), rest=rest)


def _reasons(keys: Keys) -> Rows:
    """In the reader's words, from the oldest."""
    words = [When(reason=code, then=Value(str(word))) for code, word in SuspensionReason.choices]
    word = Case(*words, default=F("reason"), output_field=CharField())
    rows = Suspension.objects.filter(service__customer__in=keys, closed_at=None).order_by()
    return rows.values_list("service__customer_id").annotate(said=_listed(word, "opened_at", ", "))


def _tags(keys: Keys) -> Rows:
    rows = Customer.tags.through._default_manager.filter(customer__in=keys).order_by()
    names = _listed("tag__name", "tag__name", "; ")
    return rows.values_list("customer_id").annotate(names=names)


def _own(own: Any, keys: Keys) -> Rows:
    rows = FieldValue.objects.filter(field=own, customer__in=keys).order_by()
    if own.kind == FieldKind.CHOICES:
        names = StringAgg("choice__name", "; ", ordering=("choice__position", "id"))
        return rows.values_list("customer_id").annotate(names=names)
    return rows.values_list("customer_id", _COLUMN.get(own.kind, "text"))


_QUERIES: dict[str, Callable[[Keys], Rows]] = {
    "services": _services,
    "balances": _balances,
    "contacts": _contacts,
    "unpaid": _unpaid,
    "reasons": _reasons,
    "tags": _tags,
}

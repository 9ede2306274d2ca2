"""In which order the customers list stands: by its columns, his debt, or a field of the operator's.

The name of a key says all that its query must know ("cf12_number": the number of field 12), so an
order is only names, wherever it goes: pages, files, bulk acts.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import (
    Case,
    F,
    FilteredRelation,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import QueryDict

from caudal.apps.customers.models import Customer, CustomField, FieldKind, FieldValue
from caudal.apps.ledger.models import Balance
from caudal.store.money import MoneyField, money, total
from caudal.web.table import Column, Sorting

SORTED_BY = {
    FieldKind.NUMBER: "number",
    FieldKind.MONEY: "number",
    FieldKind.DATE: "day",
    FieldKind.YES_NO: "is_yes",
    FieldKind.CHOICE: "answer",
    FieldKind.CHOICES: "first",
}
"""Kind -> what is compared; of all others the text without accents and case. Answers stand as
the operator ordered them, several by the first one."""
LACKS = "lacks"
_KEY = re.compile(r"cf(\d+)_(number|day|is_yes|answer|first|folded|lacks)")


def keys_of(field: CustomField) -> tuple[str, ...]:
    """What sorts by that field; who has none of it comes last, however it is turned."""
    return (f"cf{field.pk}_{SORTED_BY.get(FieldKind(field.kind), 'folded')}", "name")


def sorting_in(query: QueryDict, columns: Iterable[Column]) -> Sorting:
    """What the address asks for among these columns; else by name."""
    sorting = Sorting.read(query, columns, default="name")
    key = sorting.order[0].removeprefix("-")
    if not (own := _KEY.fullmatch(key)):
        return sorting
    return replace(sorting, order=(f"cf{own[1]}_{LACKS}", *sorting.order))


def with_keys(customers: QuerySet[Customer], names: Iterable[str]) -> QuerySet[Customer]:
    """With those of `names` that are no columns of the customer: debt, and fields' keys."""
    wanted = [name.removeprefix("-") for name in names]
    if "debt" in wanted:
        customers = with_debt(customers)
    for pk, what in dict.fromkeys(own.groups() for own in map(_KEY.fullmatch, wanted) if own):
        if what != LACKS:
            customers = _with_own(customers, int(pk), what)
    return customers


def in_order(customers: QuerySet[Customer], order: Sequence[str]) -> QuerySet[Customer]:
    """The customers so sorted, each in one place."""
    return with_keys(customers, order).order_by(*order, "id")


def with_debt(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """With the sum of his balances as `debt`."""
    sums = Balance.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
    debt = Subquery(sums.annotate(sum=total("amount")).values("sum"), output_field=MoneyField())
    return customers.annotate(debt=Coalesce(debt, money(), output_field=MoneyField()))


def _with_own(customers: QuerySet[Customer], pk: int, what: str) -> QuerySet[Customer]:
    """Joined, as there is one value at most; of several answers the first is looked up."""
    name, lacks = f"cf{pk}_{what}", f"cf{pk}_{LACKS}"
    if what == "first":
        answers = FieldValue.objects.filter(customer=OuterRef("pk"), field=pk).order_by()
        first = answers.values("customer").annotate(first=Min("choice__position"))
        value: Any = Subquery(first.values("first"), output_field=IntegerField())
    else:
        column = "choice__position" if what == "answer" else what
        join = FilteredRelation("field_values", condition=Q(field_values__field=pk))
        customers, value = customers.annotate(**{f"cf{pk}": join}), F(f"cf{pk}__{column}")
    flag = Case(When(**{f"{name}__isnull": True}, then=Value(1)), default=Value(0))
    return customers.annotate(**{name: value}).annotate(**{lacks: flag})

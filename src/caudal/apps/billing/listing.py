"""The columns of the list of invoices, on the screen and in files."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.store.money import total
from caudal.web.table import Column

PAGE = 50
NUMBER = "number"

COLUMNS = (
    Column("pk", _("Choose"), css="pick", template="billing/_pick.html"),
    Column("label", _("Number"), template="billing/_number.html"),
    Column("customer.name", _("Customer"), sort=("customer__name", "id"),
           template="billing/_customer.html"),
    Column("emission", _("Emission"), sort=("emission", "id"), template="billing/_day.html"),
    Column("due", _("Due"), sort=("due", "id"), template="billing/_day.html"),
    Column("total", _("Total"), sort=("total", "id"), css=NUMBER, template="billing/_amount.html"),
    Column("remaining", _("To pay"), sort=("remaining", "id"), css=NUMBER,
           template="billing/_amount.html"),
    Column("state", _("State"), template="billing/_state.html"),
)  # fmt: skip

HEADER = (
    _("Number"), _("Kind"), _("Customer code"), _("Customer"), _("Zone"), _("Emission"), _("Due"),
    _("Cut"), _("Net"), _("Tax"), _("Total"), _("To pay"), _("Currency"), _("State"),
)  # fmt: skip


def export_rows(found: QuerySet[Invoice]) -> Iterator[tuple[Any, ...]]:
    """One line per invoice, read while it is sent."""
    for row in found.select_related("customer__zone").iterator(chunk_size=1000):
        yield (
            row.label,
            row.get_kind_display(),
            row.customer.code,
            row.customer_name,
            row.customer.zone.name,
            row.emission,
            row.due,
            row.cut,
            row.net,
            row.tax,
            row.total,
            row.remaining,
            row.currency,
            row.get_state_display(),
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """What the invoices of a filter come to, in one currency."""

    currency: str
    count: int
    total: Decimal
    remaining: Decimal


def sums_of(found: QuerySet[Invoice]) -> list[Sum]:
    """By currency, in one query, void and merged ones left out."""
    live = found.order_by().exclude(state__in=(Invoice.State.VOID, Invoice.State.MERGED))
    rows = live.values("currency").annotate(
        count=Count("pk"), sum=total("total"), owed=total("remaining")
    )
    return [
        Sum(row["currency"], row["count"], row["sum"], row["owed"])
        for row in rows.order_by("currency")
    ]

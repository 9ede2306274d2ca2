"""The columns of the list of invoices, on the screen and in files."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.web.table import Column

PAGE = 50
NUMBER = "number"

COLUMNS = (
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

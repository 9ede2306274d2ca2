"""What the search everywhere finds of billing: invoices by their number."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.filters import by_number
from caudal.apps.billing.models import Invoice
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web import places, search
from caudal.web.money import format_money
from caudal.web.places import Place
from caudal.web.search import Hit, Searcher


def find_invoices(user: User, typed: str, limit: int) -> list[Hit]:
    """Those of that number, the newest first; customers are another searcher's."""
    rows = visible(user, Invoice.objects.filter(by_number(typed)))
    return list(_hits(rows.order_by("-emission", "-id")[:limit]).values())


def recall_invoices(user: User, keys: Sequence[int]) -> dict[int, Hit]:
    return _hits(visible(user, Invoice.objects.filter(pk__in=keys)))


def _hits(rows: QuerySet[Invoice]) -> dict[int, Hit]:
    return {row.pk: _hit(row) for row in rows}


def _hit(invoice: Invoice) -> Hit:
    parts = (
        invoice.customer_name,
        f"{invoice.emission:%d/%m/%Y}",
        format_money(invoice.total, invoice.currency),
    )
    return Hit(
        label=f"{_('Invoice')} {invoice.label}",
        url=reverse("billing:invoice", args=[invoice.pk]),
        detail=" · ".join(parts),
        state=invoice.state,
        state_label=invoice.get_state_display(),
    )


def _places() -> Iterable[Place]:
    yield Place(
        _("Invoices"), "billing:invoices", "file-invoice", Verb.SEE_BILLING,
        _("bills documents unpaid overdue"), "g f", is_act=False,
    )  # fmt: skip


search.register(
    Searcher(
        "invoices", _("Invoices"), "file-invoice", Verb.SEE_BILLING, find_invoices, order=20,
        url_name="billing:invoice", recall=recall_invoices, list_name="billing:invoices",
    )
)  # fmt: skip
places.register(*_places())

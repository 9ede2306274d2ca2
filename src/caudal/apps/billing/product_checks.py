"""Proving products and discounts: their counters and prices against the turns on invoices."""

from collections.abc import Iterator

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caudal.apps.billing.models import (
    CustomerProduct,
    Discount,
    DiscountUse,
    Invoice,
    ProductCharge,
)
from caudal.apps.ledger.verify import Finding, register
from caudal.store.compare import differing


def products_count_their_charges() -> Iterator[Finding]:
    """PRD-3: what a product says it was charged is on so many invoices that stand."""
    live = Count("charges", filter=Q(charges__is_void=False))
    for row in CustomerProduct.objects.annotate(live=live).exclude(billed=F("live")).iterator():
        yield Finding(_product(row), str(row.live), str(row.billed), _told(row))


def products_cost_their_price() -> Iterator[Finding]:
    """I12: once all of a product is billed, its charges add up to its price."""
    whole = CustomerProduct.objects.exclude(completed_at=None)
    charged = ProductCharge.objects.filter(is_void=False, customer_product__in=whole)
    prices = whole.values_list("pk", "price")
    amounts = charged.values_list("customer_product_id", "amount")
    for (key,), expected, found in differing([prices], [amounts]):
        row = CustomerProduct.objects.get(pk=key)
        yield Finding(_product(row), str(expected), str(found), _told(row))


def discounts_count_their_uses() -> Iterator[Finding]:
    live = Count("uses", filter=Q(uses__is_void=False))
    for row in Discount.objects.annotate(live=live).exclude(used=F("live")).iterator():
        label = _("discount %(name)s (%(id)s)") % {"name": row, "id": row.pk}
        yield Finding(label, str(row.live), str(row.used))


def void_invoices_hold_no_turns() -> Iterator[Finding]:
    """What a void invoice had charged can be charged again."""
    void = Invoice.objects.filter(state=Invoice.State.VOID)
    for model in (ProductCharge, DiscountUse):
        rows = model._default_manager.filter(is_void=False, invoice__in=void)
        for row in rows.select_related("invoice").order_by("id").iterator():
            label = _("invoice %(number)s (%(id)s)") % {
                "number": row.invoice,
                "id": row.invoice_id,
            }
            yield Finding(label, "0", str(row.amount))


def _product(row: CustomerProduct) -> str:
    return _("product %(name)s (%(id)s)") % {"name": row, "id": row.pk}


def _told(row: CustomerProduct) -> tuple[str, ...]:
    return tuple(
        f"{charge.number}: {charge.invoice} {charge.amount}" + (" void" if charge.is_void else "")
        for charge in row.charges.select_related("invoice").order_by("id")
    )


register(gettext_lazy("Products count their charges"), products_count_their_charges)
register(gettext_lazy("Products cost their price"), products_cost_their_price)
register(gettext_lazy("Discounts count their uses"), discounts_count_their_uses)
register(gettext_lazy("Void invoices hold no turns"), void_invoices_hold_no_turns)

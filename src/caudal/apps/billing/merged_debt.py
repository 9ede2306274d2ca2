"""What a merged invoice asks for: the rests of those it was made of, line by line (MRG-1)."""

from decimal import Decimal

from caudal.apps.billing.models import Invoice
from caudal.core.settlement import invoice_state


def originals_of(invoice: Invoice) -> list[Invoice]:
    """The invoices that it was made of, in the order of its lines."""
    return list(invoice.merged_from.order_by("due", "id"))


def grow(original: Invoice, amount: Decimal) -> None:
    """`amount` more (< 0: less) is left of an original: the merged invoice asks for it.

    The original goes on asking for nothing.
    """
    merged = Invoice.objects.select_for_update().get(merged_from=original)
    position = [row.pk for row in originals_of(merged)].index(original.pk) + 1
    line = merged.lines.get(position=position)
    line.net += amount
    line.unit_price += amount
    line.save(update_fields=["net", "unit_price"])
    merged.net += amount
    merged.total += amount
    merged.remaining += amount
    merged.state = invoice_state(merged.asked, merged.remaining).value
    merged.save(update_fields=["net", "total", "remaining", "state"])

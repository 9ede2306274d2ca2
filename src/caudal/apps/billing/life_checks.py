"""Proving merges: the merged invoice asks for what its originals have left."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.merged_debt import originals_of
from caudal.apps.billing.models import Invoice
from caudal.apps.ledger.verify import Finding, register
from caudal.core.money import ZERO


def merged_invoices_ask_for_the_rests() -> Iterator[Finding]:
    """MRG-1, I17."""
    merged = Invoice.objects.filter(origin=Invoice.Origin.MERGE).exclude(state=Invoice.State.VOID)
    for row in merged.order_by("id").iterator():
        rests = ZERO
        for original in originals_of(row):
            applied = original.applications.filter(undone_at=None)
            rests += original.asked - sum((part.amount for part in applied), ZERO)
        if rests != row.total:
            yield Finding(f"invoice {row} ({row.pk})", str(rests), str(row.total))


register(_("Merged invoices ask for what their originals left"), merged_invoices_ask_for_the_rests)

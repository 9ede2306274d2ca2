"""Voiding an invoice: its number stays, everything that it moved goes back (RD-25)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.landing import give_back
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.posting import document_of
from caudal.apps.billing.settling import release, settle_free_credit
from caudal.apps.ledger.actions import reverse
from caudal.apps.ledger.models import Transaction
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError
from caudal.core.money import ZERO


@transaction.atomic
def void_invoice(
    *, actor: Actor, now: datetime, today: date, invoice: Invoice, reason: str
) -> Invoice:
    """The invoice asks for nothing any more and its period can be billed again.

    What had paid it becomes credit, which goes to other unpaid service invoices or waits; debit
    notes, late fees and reconnections that it charged wait for the next one. The ledger gets a
    reversal dated `today`. Raises RuleError "already-void".
    """
    lock_customers([invoice.customer_id])
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.state in (Invoice.State.VOID, Invoice.State.MERGED):
        raise RuleError("already-void", number=invoice.label)
    before = _shown(invoice)
    release(invoice, now=now)
    _give_back(invoice)
    for posted in Transaction.objects.filter(document=document_of(invoice), reversed_by=None):
        reverse(posted, on=today, now=now, actor=actor)
    invoice.state, invoice.remaining, invoice.debits = Invoice.State.VOID, ZERO, ZERO
    invoice.voided_at, invoice.void_reason = now, reason[:200]
    invoice.save()
    settle_free_credit(customer_id=invoice.customer_id, now=now)
    record(
        actor,
        "billing.void_invoice",
        invoice,
        now=now,
        customer_id=invoice.customer_id,
        before=before,
        after=_shown(invoice),
        note=reason,
    )
    return invoice


def _shown(invoice: Invoice) -> dict[str, str]:
    return {"state": str(invoice.state), "remaining": f"{Decimal(invoice.remaining):.2f}"}


def _give_back(invoice: Invoice) -> None:
    invoice.periods.update(is_void=True)
    invoice.late_fees_charged.update(is_void=True)
    invoice.reconnection_charges.update(invoice=None)
    invoice.adjustments.update(invoice=None)
    invoice.owed_days.update(invoice=None)
    give_back(invoice)

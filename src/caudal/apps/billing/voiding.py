"""Voiding an invoice: its number stays, everything that it moved goes back (RD-25)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from caudal.apps.billing.adjustments import adjust
from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.corrections import Act, with_tax
from caudal.apps.billing.landing import give_back
from caudal.apps.billing.leaving import is_last, settle_left, sum_of, waiting_items
from caudal.apps.billing.merged_debt import originals_of
from caudal.apps.billing.merging import unmerge
from caudal.apps.billing.models import Adjustment, DayCorrection, Invoice, PendingItem
from caudal.apps.billing.pending import leave_item
from caudal.apps.billing.posting import document_of
from caudal.apps.billing.settling import release, settle_free_credit
from caudal.apps.billing.writing import SERIES
from caudal.apps.catalog.actions import give_back_number
from caudal.apps.customers.models import ServiceState
from caudal.apps.ledger.actions import reverse
from caudal.apps.ledger.models import Transaction
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError
from caudal.core.money import ZERO

UNDONE = ":undone"


@transaction.atomic
def void_invoice(
    *, actor: Actor, now: datetime, today: date, invoice: Invoice, reason: str
) -> Invoice:
    """The invoice asks for nothing any more and its period can be billed again.

    What had paid it becomes credit, which goes to other unpaid service invoices or waits; what
    it had taken along (debit notes, fees, items, products, days owed) waits for the next one, and
    corrections of its days are undone. The ledger gets a reversal dated `today`. Voiding a merged
    invoice voids those that it was made of. The number is used again where the company wants so,
    it was the last and it is not fiscal (RD-25).

    Raises RuleError "already-void", or "invoice-is-merged" for one that another merged.
    """
    lock_customers([invoice.customer_id])
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if invoice.state == Invoice.State.VOID:
        raise RuleError("already-void", number=invoice.label)
    if invoice.merged_into is not None:
        raise RuleError("invoice-is-merged", number=invoice.label, merged=invoice.merged_into.label)
    act = Act(actor, now, today)
    before = _shown(invoice)
    if originals_of(invoice):
        _void_merged(act, invoice, reason)
    else:
        _void(act, invoice, reason)
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


def _void(act: Act, invoice: Invoice, reason: str) -> None:
    release(invoice, now=act.now)
    _give_back(invoice)
    for posted in Transaction.objects.filter(
        document=document_of(invoice), reversed_by=None, reverses=None
    ):
        reverse(posted, on=act.on, now=act.now, actor=act.actor)
    invoice.state, invoice.remaining, invoice.debits = Invoice.State.VOID, ZERO, ZERO
    invoice.voided_at, invoice.void_reason = act.now, reason[:200]
    invoice.gave_number_back = _gives_number_back(invoice)
    invoice.save()
    _undo_corrections(act, invoice)  # now that no money it frees can pay this invoice


def _void_merged(act: Act, merged: Invoice, reason: str) -> None:
    for row in unmerge(actor=act.actor, now=act.now, invoice=merged):
        void_invoice(actor=act.actor, now=act.now, today=act.on, invoice=row, reason=reason)
    merged.refresh_from_db()
    merged.void_reason = reason[:200]
    merged.save(update_fields=["void_reason"])


def _shown(invoice: Invoice) -> dict[str, str]:
    return {"state": str(invoice.state), "remaining": f"{Decimal(invoice.remaining):.2f}"}


def _give_back(invoice: Invoice) -> None:
    invoice.periods.update(is_void=True)
    invoice.late_fees_charged.update(is_void=True)
    invoice.reconnection_charges.update(invoice=None)
    invoice.adjustments.update(invoice=None)
    invoice.owed_days.update(invoice=None)
    give_back(invoice)


def _undo_corrections(act: Act, invoice: Invoice) -> None:
    """Days that are not billed any more need no correction: what it gave or took goes back."""
    found = DayCorrection.objects.filter(period__invoice=invoice, is_void=False)
    rows = list(found.select_related("adjustment__customer__company", "invoice", "period__service"))
    for row in rows:
        if row.invoice is not None and row.invoice.state != Invoice.State.VOID:
            _void_after(act, row.invoice, invoice)
        for item in _items_of(row).exclude(origin_key__endswith=UNDONE):
            _undo_item(act, item, invoice)
    _take_credits_back(act, rows)
    DayCorrection.objects.filter(pk__in=[row.pk for row in rows]).update(is_void=True)
    for service in {row.period.service for row in rows}:
        if service.state == ServiceState.CANCELLED:
            settle_left(act, service, waiting_items(service))


def _items_of(row: DayCorrection) -> QuerySet[PendingItem]:
    return PendingItem.objects.filter(origin_key__startswith=f"days:{row.pk}:")


def _void_after(act: Act, invoice: Invoice, first: Invoice) -> None:
    """An invoice that asked only for what corrections of the first one's days cost."""
    why = str(first.label)
    void_invoice(actor=act.actor, now=act.now, today=act.on, invoice=invoice, reason=why)


def _take_credits_back(act: Act, rows: Sequence[DayCorrection]) -> None:
    """What a cancellation had turned into credit at once, note by note."""
    notes: dict[Adjustment, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.adjustment is not None:
            notes[row.adjustment] += _credited(row, row.adjustment)
    for note, net in notes.items():
        if amount := -with_tax(note.customer, net, note.currency):
            adjust(
                actor=act.actor,
                now=act.now,
                customer=note.customer,
                amount=amount,
                currency=note.currency,
                on=act.on,
                reason=str(note),
            )


def _credited(row: DayCorrection, note: Adjustment) -> Decimal:
    """What of the correction is in the note: the items that it ended, else all of it."""
    items = _items_of(row)
    if not items:
        return row.net
    booked = Transaction.objects.get(pk=note.transaction_id)
    return sum_of(items.filter(cancelled_at=booked.posted_at))


def _undo_item(act: Act, item: PendingItem, first: Invoice) -> None:
    """Not landed: it never will. Landed: the next invoice takes the opposite.

    A last invoice is voided, and what else it had asked for is asked for anew.
    """
    if item.cancelled_at is not None:
        return
    if item.invoice is not None and is_last(item.invoice):
        _void_after(act, item.invoice, first)
        item.refresh_from_db()
    if item.invoice is None:
        item.cancelled_at = act.now
        item.save(update_fields=["cancelled_at"])
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _("Undone: %(what)s") % {"what": item.description}
    leave_item(
        actor=act.actor,
        now=act.now,
        customer=item.customer,
        service=item.service,
        amount=-item.amount,
        currency=item.currency,
        on=act.on,
        description=text,
        kind=item.kind,
        origin_key=item.origin_key + UNDONE,
    )


def _gives_number_back(invoice: Invoice) -> bool:
    """RD-25: the last number of its series, of an invoice that no tax office knows."""
    if invoice.fiscal_date is not None or not invoice.company.rules.reuse_last_number:
        return False
    kind = SERIES[Invoice.Kind(invoice.kind)]
    return give_back_number(invoice.company, kind, invoice.prefix, invoice.number)

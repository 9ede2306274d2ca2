"""One invoice for the rests of several, and back again (MRG): nothing is booked, no debt moves."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.merged_debt import originals_of
from caudal.apps.billing.models import Credit, Invoice, InvoiceLine, LateFee
from caudal.apps.billing.settling import release, settle
from caudal.apps.billing.writing import SERIES
from caudal.apps.catalog.actions import take_number
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.errors import RuleError
from caudal.core.money import ZERO
from caudal.core.records import Reason, ReasonCode, Value
from caudal.core.settlement import invoice_state

MERGED = Invoice.State.MERGED
SAME = ("customer_id", "company_id", "currency", "kind")
"""What the invoices of one merge have in common (MRG-1)."""


@transaction.atomic
def merge_invoices(*, actor: Actor, now: datetime, invoices: Sequence[Invoice]) -> Invoice:
    """One invoice that asks for what is left of all, with the dates of the newest.

    The originals owe nothing and count for nothing while they are merged, but the days that they
    bill stay billed. The ledger, fiscal documents and what was paid stay as they are. Where one of
    them has borne a late fee, the new one has. Raises RuleError: "merge-needs-two",
    "merge-different", "merge-settled".
    """
    rows = _locked(invoices)
    newest = max(rows, key=lambda row: (row.due, row.emission, row.pk))
    merged = _merged(rows, newest, now, actor)
    with translation.override(settings.LANGUAGE_CODE):
        InvoiceLine.objects.bulk_create(_line(merged, row, at) for at, row in enumerate(rows, 1))
    for row in rows:
        row.merged_into, row.state, row.remaining = merged, MERGED, ZERO
        row.save(update_fields=["merged_into", "state", "remaining"])
    _inherit_late_fee(LateFee.objects.filter(overdue__in=rows), [merged])
    record(
        actor,
        "billing.merge",
        merged,
        now=now,
        customer_id=merged.customer_id,
        after={"total": f"{merged.total:.2f}", "merged": [row.label for row in rows]},
    )
    return merged


@transaction.atomic
def unmerge(*, actor: Actor, now: datetime, invoice: Invoice) -> list[Invoice]:
    """The originals as they were. What was paid on the merged invoice pays them, oldest first.

    Raises RuleError "not-merged" for an invoice that merges none, and "invoice-is-merged" for one
    that another has merged since: that one is undone first.
    """
    lock_customers([invoice.customer_id])
    merged = Invoice.objects.select_for_update().get(pk=invoice.pk)
    rows = originals_of(merged)
    if not rows or merged.state == Invoice.State.VOID:
        raise RuleError("not-merged", number=merged.label)
    if merged.merged_into is not None:
        raise RuleError("invoice-is-merged", number=merged.label, merged=merged.merged_into.label)
    credits = list(Credit.objects.filter(pk__in=_paying(merged)).order_by("on", "id"))
    release(merged, now=now)
    for row in rows:
        _reopen(row)
    _inherit_late_fee(merged.late_fees.filter(amount__gt=0), rows)
    _close(merged, now)
    _pay(credits, rows, now)
    record(
        actor,
        "billing.unmerge",
        merged,
        now=now,
        customer_id=merged.customer_id,
        before={"merged": [row.label for row in rows]},
        after={},
    )
    return rows


def may_merge(invoices: Sequence[Invoice]) -> RuleError | None:
    """Why these cannot be merged; None where they can."""
    if len({row.pk for row in invoices}) < 2:
        return RuleError("merge-needs-two")
    for row in invoices:
        if row.remaining <= 0:
            return RuleError("merge-settled", number=row.label)
    if len({tuple(getattr(row, name) for name in SAME) for row in invoices}) > 1:
        return RuleError("merge-different")
    return None


def _locked(invoices: Sequence[Invoice]) -> list[Invoice]:
    lock_customers({row.customer_id for row in invoices})
    ids = [row.pk for row in invoices]
    rows = Invoice.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    found = list(rows.select_related("company", "customer").order_by("due", "id"))
    if (error := may_merge(found)) is not None:
        raise error
    return found


def _merged(rows: Sequence[Invoice], newest: Invoice, now: datetime, actor: Actor) -> Invoice:
    left = sum((row.remaining for row in rows), ZERO)
    services = {row.service_id for row in rows}
    prefix, number = take_number(newest.company, SERIES[Invoice.Kind(newest.kind)])
    merged = Invoice(
        company=newest.company,
        customer=newest.customer,
        service_id=services.pop() if len(services) == 1 else None,
        kind=newest.kind,
        origin=Invoice.Origin.MERGE,
        prefix=prefix,
        number=number,
        created_at=now,
        created_by=actor.name,
        currency=newest.currency,
        net=left,
        total=left,
        remaining=left,
    )
    for name in ("emission", "notice", "due", "cut"):
        setattr(merged, name, getattr(newest, name))
    for name in ("customer_name", "customer_document", "customer_address"):
        setattr(merged, name, getattr(newest, name))
    merged.save()
    return merged


def _line(merged: Invoice, row: Invoice, position: int) -> InvoiceLine:
    values: dict[str, Value] = {"number": row.label, "due": row.due, "remaining": row.remaining}
    return InvoiceLine(
        invoice=merged,
        position=position,
        kind=InvoiceLine.Kind.MERGED,
        service_id=row.service_id,
        description=_("What was left of invoice %(number)s") % {"number": row.label},
        unit_price=row.remaining,
        net=row.remaining,
        trace=[Reason("MRG-1", ReasonCode.INVOICE_MERGED, values).to_plain()],
    )


def _inherit_late_fee(borne: QuerySet[LateFee], heirs: Sequence[Invoice]) -> None:
    """Who takes over a debt that has borne its late fee bears no other for it (FEE-1)."""
    known = borne.filter(is_void=False).order_by("id").first()
    if known is None:
        return
    bearing = set(
        LateFee.objects.filter(overdue__in=heirs, is_void=False).values_list("overdue", flat=True)
    )
    LateFee.objects.bulk_create(
        LateFee(overdue=row, invoice_id=known.invoice_id, amount=ZERO)
        for row in heirs
        if row.pk not in bearing
    )


def _reopen(row: Invoice) -> None:
    applied = sum((part.amount for part in row.applications.filter(undone_at=None)), ZERO)
    row.merged_into, row.remaining = None, row.asked - applied
    row.state = invoice_state(row.asked, row.remaining).value
    row.save(update_fields=["merged_into", "remaining", "state"])


def _close(merged: Invoice, now: datetime) -> None:
    merged.late_fees.filter(amount=ZERO).update(is_void=True)
    merged.state, merged.remaining = Invoice.State.VOID, ZERO
    merged.voided_at = now
    with translation.override(settings.LANGUAGE_CODE):
        merged.void_reason = _("The merge was undone")
    merged.save(update_fields=["state", "remaining", "voided_at", "void_reason"])


def _paying(merged: Invoice) -> list[int]:
    return list(merged.applications.filter(undone_at=None).values_list("credit", flat=True))


def _pay(credits: Sequence[Credit], rows: Sequence[Invoice], now: datetime) -> None:
    """What had paid the whole pays its parts."""
    for credit in credits:
        credit.refresh_from_db()
        still_open = Invoice.objects.unpaid().filter(pk__in=[row.pk for row in rows])
        if credit.remaining > 0 and still_open:
            settle(credit, now=now, chosen=list(still_open))
    for row in rows:
        row.refresh_from_db()

"""Editing an unpaid invoice that is not fiscal: same number, what it booked is reversed (MW-27)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.drafts import Draft, Line, Taxation, taxations
from caudal.apps.billing.landing import give_back_line
from caudal.apps.billing.models import Invoice, InvoiceLine, InvoiceTax
from caudal.apps.billing.posting import rebook
from caudal.apps.catalog.models import Product
from caudal.apps.customers.models import Customer
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.errors import RuleError
from caudal.core.money import EXACT, minor_digits, require_scale, round_half_up
from caudal.core.records import Reason
from caudal.core.settlement import invoice_state
from caudal.core.taxes import TaxMode, TaxRate, TaxRounding

SHOWN = ["emission", "due", "cut", "note"]


@dataclass(frozen=True, slots=True)
class EditedLine:
    """A line as it shall be. `position` is that of the line it was, None for a new one."""

    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    position: int | None = None
    product: Product | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """The whole invoice as it shall be; lines that are not named are gone."""

    lines: Sequence[EditedLine]
    emission: date
    due: date
    cut: date | None = None
    note: str = ""


def refusal(invoice: Invoice) -> RuleError | None:
    """Why the invoice cannot be edited, which says what to do instead; None where it can."""
    if invoice.state == Invoice.State.VOID:
        return RuleError("edit-void", number=invoice.label)
    if invoice.merged_into is not None:
        return RuleError("edit-merged", number=invoice.label, merged=invoice.merged_into.label)
    if invoice.origin == Invoice.Origin.MERGE:
        return RuleError("edit-merge", number=invoice.label)
    if invoice.fiscal_date is not None or invoice.company.is_fiscal:
        return RuleError("edit-fiscal", number=invoice.label)
    if invoice.remaining != invoice.asked or not invoice.asked:
        return RuleError("edit-paid", number=invoice.label)
    return None


@transaction.atomic
def edit_invoice(
    *, actor: Actor, now: datetime, today: date, invoice: Invoice, edit: Edit
) -> Invoice:
    """Write the invoice anew under its number; the days that it bills stay billed.

    Ledger entries never change: what it had booked is reversed today, and what it says now is
    booked today. An instalment, a discount or an item whose line is taken off waits for another
    invoice, as when the invoice is void. Raises RuleError "edit-paid", "edit-merged", "edit-merge",
    "edit-void", "edit-fiscal", "dates-out-of-order", "nothing-to-charge" or "total-negative".
    """
    lock_customers([invoice.customer_id])
    rows = Invoice.objects.select_for_update(of=("self",))
    invoice = rows.select_related("company", "customer__company", "merged_into").get(pk=invoice.pk)
    if (error := refusal(invoice)) is not None:
        raise error
    before = _shown(invoice)
    draft = edited_draft(invoice, edit)
    kept = {line.position for line in edit.lines if line.position is not None}
    for line in invoice.lines.exclude(position__in=kept):
        give_back_line(invoice, line)
    _write(invoice, draft)
    rebook(draft, invoice, on=today, now=now, actor=actor)
    record(
        actor,
        "billing.edit_invoice",
        invoice,
        now=now,
        customer_id=invoice.customer_id,
        before=before,
        after=_shown(invoice),
    )
    return invoice


def edited_draft(invoice: Invoice, edit: Edit) -> Draft:
    """What the edit would make of the invoice, for the totals that follow the typing."""
    kept = {line.position: line for line in invoice.lines.all()}
    lines = [_line(invoice, line, kept.get(line.position or 0)) for line in edit.lines]
    if not lines:
        raise RuleError("nothing-to-charge")
    is_service = invoice.kind == Invoice.Kind.SERVICE
    draft = Draft(
        customer=invoice.customer,
        currency=invoice.currency,
        taxation=_taxation(invoice, invoice.customer),
        emission=edit.emission,
        notice=invoice.notice,
        due=edit.due,
        cut=(edit.cut or invoice.cut) if is_service else None,
        kind=invoice.kind,
        lines=lines,
        note=edit.note,
    )
    if draft.due < draft.emission or (draft.cut is not None and draft.cut <= draft.due):
        raise RuleError("dates-out-of-order", emission=draft.emission, due=draft.due, cut=draft.cut)
    return draft


def _line(invoice: Invoice, edited: EditedLine, kept: InvoiceLine | None) -> Line:
    """A line that kept its price and quantity keeps its amount and its reasons to the cent."""
    digits = minor_digits(invoice.currency)
    line = Line(
        kind=_new_kind(edited),
        description=edited.description,
        amount=round_half_up(EXACT.multiply(edited.unit_price, edited.quantity), digits),
        unit_price=require_scale(edited.unit_price, digits),
        quantity=edited.quantity,
        product_id=None if edited.product is None else edited.product.pk,
    )
    if kept is None:
        return line
    line = replace(
        line,
        kind=kept.kind,
        service_id=kept.service_id,
        product_id=line.product_id or kept.product_id,
    )
    if (edited.unit_price, edited.quantity) != (kept.unit_price, kept.quantity):
        return line
    included = invoice.tax_mode == TaxMode.INCLUDED
    amount = kept.net + kept.tax if included else kept.net
    trace = tuple(Reason.from_plain(plain) for plain in kept.trace)
    return replace(line, amount=amount, trace=trace)


def _new_kind(edited: EditedLine) -> str:
    if edited.unit_price < 0:
        return InvoiceLine.Kind.DISCOUNT
    return InvoiceLine.Kind.OTHER if edited.product is None else InvoiceLine.Kind.PRODUCT


def _taxation(invoice: Invoice, customer: Customer) -> Taxation:
    """The taxes that it was issued with; the customer's where it had none to show."""
    rates = tuple(TaxRate.percent(row.name, row.rate) for row in invoice.taxes.order_by("id"))
    if not rates:
        rates = taxations([customer])[customer.pk].rates
    rounding = TaxRounding(invoice.company.tax_rounding)
    return Taxation(TaxMode(invoice.tax_mode), rates, rounding)


def _write(invoice: Invoice, draft: Draft) -> None:
    taxed = draft.taxed
    invoice.lines.all().delete()
    invoice.taxes.all().delete()
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            position=at,
            kind=line.kind,
            service_id=line.service_id,
            product_id=line.product_id,
            description=line.description[:250],
            quantity=line.quantity,
            unit_price=line.unit_price,
            net=amounts.net,
            tax=amounts.tax,
            trace=[reason.to_plain() for reason in line.trace],
        )
        for at, (line, amounts) in enumerate(zip(draft.lines, taxed.lines, strict=True), start=1)
    )
    InvoiceTax.objects.bulk_create(
        InvoiceTax(
            invoice=invoice,
            name=row.rate.code,
            rate=row.rate.rate.scaleb(2),
            base=row.base,
            amount=row.tax,
        )
        for row in taxed.rows
    )
    invoice.emission, invoice.due, invoice.cut = draft.emission, draft.due, draft.cut
    invoice.net, invoice.tax, invoice.total = taxed.net, taxed.tax, taxed.total
    invoice.remaining, invoice.note = taxed.total + invoice.debits, draft.note
    invoice.state = invoice_state(invoice.asked, invoice.remaining).value
    if invoice.notice is not None and invoice.notice > invoice.due:
        invoice.notice = invoice.due
    invoice.save()


def _shown(invoice: Invoice) -> dict[str, Any]:
    """For the journal: the dates and sums, and every line in words."""
    lines = [
        f"{line.description}: {line.quantity.normalize():f} × {line.unit_price:.2f}"
        for line in invoice.lines.order_by("position")
    ]
    sums = {name: f"{getattr(invoice, name):.2f}" for name in ("net", "tax", "total")}
    return snapshot(invoice, SHOWN) | sums | {"lines": lines}

"""Money in favour meeting invoices: used, taken back, and used again. The customer is locked."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from caudal.apps.billing.merged_debt import grow
from caudal.apps.billing.models import Application, Credit, Invoice
from caudal.core.errors import RuleError
from caudal.core.money import ZERO
from caudal.core.settlement import (
    ExcessStyle,
    InvoiceKind,
    OpenInvoice,
    apply_payment,
    invoice_state,
)


def open_credit(
    *, customer_id: int, company_id: int, currency: str, origin: str, on: date, amount: Decimal
) -> Credit:
    """Money in favour that nothing has used yet."""
    return Credit.objects.create(
        customer_id=customer_id,
        company_id=company_id,
        currency=currency,
        origin=origin,
        on=on,
        amount=amount,
        remaining=amount,
    )


def settle(
    credit: Credit,
    *,
    now: datetime,
    first: Invoice | None = None,
    chosen: Sequence[Invoice] = (),
) -> list[Application]:
    """PAY-1..3, RD-12: use a payment's credit on open invoices; what they do not take stays in it.

    `first` or `chosen` are the invoices it was meant for; none is the account. Returns what it
    settled. An invoice that was meant and has nothing left to pay takes nothing.
    """
    invoices = _open_invoices(credit)
    known = {row.pk for row in invoices}
    meant = ([] if first is None else [first]) + list(chosen)
    invoices += Invoice.objects.filter(pk__in={row.pk for row in meant} - known)
    excess = ExcessStyle(credit.company.rules.excess_style)
    return _apply(credit, invoices, now, {row.pk for row in meant}, excess)


def settle_free_credit(*, customer_id: int, now: datetime) -> None:
    """Payments' money that was set free goes to unpaid service invoices, both oldest first.

    Credit adjustments wait for the next service invoice (ADJ-1), and free invoices take no credit.
    Where credit waits for the next invoice (RD-12), it goes to none that was there before it.
    """
    credits = Credit.objects.filter(
        customer_id=customer_id, origin=Credit.Origin.PAYMENT, remaining__gt=ZERO
    )
    for credit in credits.select_related("company__rules").order_by("on", "id"):
        invoices = [row for row in _open_invoices(credit) if row.kind == Invoice.Kind.SERVICE]
        if ExcessStyle(credit.company.rules.excess_style) is ExcessStyle.CREDIT_WAITS:
            invoices = [row for row in invoices if row.emission > credit.on]
        _apply(credit, invoices, now)


def take_back(credit: Credit, amount: Decimal, *, now: datetime) -> None:
    """PAY-7: `amount` leaves the credit for good; what it had settled opens again, newest first.

    Raises RuleError "more-than-credit" where the credit never held as much.
    """
    if amount > credit.amount - credit.returned:
        raise RuleError("more-than-credit", field="amount")
    missing = max(amount - credit.remaining, ZERO)
    for row in credit.applications.filter(undone_at=None).order_by("-id"):
        if missing <= ZERO:
            break
        missing -= _take_off(row, missing, now)
    credit.remaining = max(credit.remaining - amount, ZERO)
    credit.returned += amount
    credit.save(update_fields=["remaining", "returned"])


def give_again(credit: Credit, amount: Decimal) -> None:
    """What was taken back comes back as money that nothing has used."""
    credit.remaining += amount
    credit.returned -= amount
    credit.save(update_fields=["remaining", "returned"])


def withdraw(credit: Credit, *, now: datetime) -> None:
    """PAY-4: take the credit back from every invoice that it reached, and close it."""
    _undo(credit.applications.filter(undone_at=None), now)
    Credit.objects.filter(pk=credit.pk).update(remaining=ZERO, withdrawn_at=now)
    credit.refresh_from_db()


def release(invoice: Invoice, *, now: datetime) -> None:
    """Give what settled an invoice back to the credits it came from; then nothing settles it."""
    applications = list(invoice.applications.filter(undone_at=None))
    _undo(invoice.applications.filter(undone_at=None), now)
    for credit in Credit.objects.filter(pk__in=[row.credit_id for row in applications]):
        credit.remaining += sum(
            (row.amount for row in applications if row.credit_id == credit.pk), ZERO
        )
        credit.save(update_fields=["remaining"])
    invoice.refresh_from_db()


def _open_invoices(credit: Credit) -> list[Invoice]:
    rows = Invoice.objects.unpaid().filter(
        customer=credit.customer_id, company=credit.company_id, currency=credit.currency
    )
    return list(rows)


def _take_off(row: Application, most: Decimal, now: datetime) -> Decimal:
    """Undo up to `most` of what it settled; what stays settled is a new row. Returns how much."""
    taken = min(row.amount, most)
    _undo([row], now)
    if row.amount > taken:
        invoice = Invoice.objects.get(pk=row.invoice_id)
        _set_remaining(invoice, invoice.remaining - (row.amount - taken))
        Application.objects.create(
            credit_id=row.credit_id, invoice=invoice, amount=row.amount - taken, at=row.at
        )
    return taken


def _apply(
    credit: Credit,
    invoices: Iterable[Invoice],
    now: datetime,
    chosen: Collection[Hashable] = (),
    excess: ExcessStyle = ExcessStyle.OLDEST_FIRST,
) -> list[Application]:
    by_id: dict[Hashable, Invoice] = {row.pk: row for row in invoices}
    opened = [_open(row) for row in by_id.values()]
    done = apply_payment(credit.remaining, opened, excess=excess, chosen=chosen)
    applications = []
    for part in done.applications:
        invoice = by_id[part.invoice_id]
        _set_remaining(invoice, part.remaining)
        applications.append(Application(credit=credit, invoice=invoice, amount=part.amount, at=now))
    Application.objects.bulk_create(applications)
    credit.remaining = done.excess
    credit.save(update_fields=["remaining"])
    return applications


def _undo(applications: Iterable[Application], now: datetime) -> None:
    rows = list(applications)
    for row in rows:
        invoice = Invoice.objects.get(pk=row.invoice_id)
        _set_remaining(invoice, invoice.remaining + row.amount)
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(undone_at=now)


def _set_remaining(invoice: Invoice, remaining: Decimal) -> None:
    if invoice.merged_into_id is not None:
        grow(invoice, remaining - invoice.remaining)
        return
    invoice.remaining = remaining
    invoice.state = invoice_state(invoice.asked, remaining).value
    invoice.save(update_fields=["remaining", "state"])


def _open(invoice: Invoice) -> OpenInvoice:
    return OpenInvoice(
        id=invoice.pk,
        kind=InvoiceKind(invoice.kind),
        due=invoice.due,
        number=invoice.number,
        remaining=invoice.remaining,
    )

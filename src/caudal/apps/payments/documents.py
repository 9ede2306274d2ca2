"""Receipts as files: a page, or a ticket of 58 or 80 mm."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.documents import day, file_name, in_words, party_facts
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.documents import verification
from caudal.apps.documents.printing import render
from caudal.apps.documents.sheets import Amount, Column, Fact, Row, Sheet
from caudal.apps.documents.styles import Kind, Paper
from caudal.apps.ledger.reads import balance_of
from caudal.apps.messaging import attachments
from caudal.apps.payments.models import Payment, PaymentPart, Refund
from caudal.core.money import ZERO
from caudal.web.money import format_money

LETTER, REFUND_LETTER = "p", "r"


def receipt_pdf(payment: Payment, *, ticket: bool = False, paper: str = "") -> bytes:
    """The receipt with what the payment settles now; marked across once it was deleted."""
    wanted = paper or (Paper.TICKET80 if ticket else "")
    return render(Kind.RECEIPT, payment.company, receipt_sheet(payment), paper=wanted)


def receipt_ticket(payment: Payment, paper: str) -> bytes:
    """The receipt as an HTML page of a roll's width, for the browser's own printing."""
    sheet = receipt_sheet(payment)
    return render(Kind.RECEIPT, payment.company, sheet, format="html", paper=paper)


def receipt_sheet(payment: Payment) -> Sheet:
    """What the receipt says, in the language of the installation."""
    with translation.override(settings.LANGUAGE_CODE):
        return _sheet(payment)


def _sheet(payment: Payment) -> Sheet:
    return Sheet(
        title=_("Payment receipt"),
        number=str(payment),
        stamp=_("DELETED") if payment.deleted_at else "",
        party_label=_("Received from"),
        party=payment.customer.name,
        party_facts=party_facts(payment.customer),
        facts=_facts(payment),
        asked_label=_("Amount received"),
        asked=format_money(payment.amount, payment.currency),
        words=in_words(payment.amount, payment.currency),
        table_label=_("Applied to"),
        columns=[
            Column("description", _("Invoice")),
            Column("amount", _("Amount"), is_number=True),
        ],
        rows=list(_settled(payment)),
        totals=_totals(payment),
        notes=[payment.comment],
        link=verification.link_to(LETTER, payment.pk) or _plain(payment),
        keys={
            "number": str(payment),
            "code": payment.customer.code,
            "amount": f"{payment.amount:.2f}",
            "currency": payment.currency,
        },
    )


def refund_pdf(refund: Refund, *, paper: str = "") -> bytes:
    """The receipt that a customer signs for money given back."""
    with translation.override(settings.LANGUAGE_CODE):
        sheet = _refund_sheet(refund)
    return render(Kind.REFUND, refund.company, sheet, paper=paper)


def _refund_sheet(refund: Refund) -> Sheet:
    parts: list[str] = [refund.reason]
    if refund.payment is not None:
        parts.append(_("Of payment %(number)s.") % {"number": refund.payment})
    return Sheet(
        title=_("Refund receipt"),
        number=str(refund),
        stamp=_("DELETED") if refund.deleted_at else "",
        party_label=_("Given back to"),
        party=refund.customer.name,
        party_facts=party_facts(refund.customer),
        facts=[
            Fact(_("Date"), _moment(refund.refunded_at, refund.customer)),
            Fact(_("Form of payment"), str(refund.get_method_display())),
            Fact(_("Reference"), refund.reference),
            Fact(_("Cash box"), str(refund.cash_box)),
            Fact(_("Attended by"), str(refund.operator or "")),
        ],
        paragraphs=[part for part in parts if part],
        asked_label=_("Amount given back"),
        asked=format_money(refund.amount, refund.currency),
        words=in_words(refund.amount, refund.currency),
        totals=_balance(refund.customer, refund.company, refund.currency),
        notes=[_("Received with my consent: ______________________________")],
        link=verification.link_to(REFUND_LETTER, refund.pk),
    )


def _settled(payment: Payment) -> Iterator[Row]:
    parts = payment.credit.applications.filter(undone_at=None).select_related("invoice")
    for part in parts:
        left = format_money(part.invoice.remaining, payment.currency)
        yield Row(
            {
                "description": _("Invoice %(number)s") % {"number": part.invoice.label},
                "amount": format_money(part.amount, payment.currency),
            },
            small=_("Still to pay: %(amount)s") % {"amount": left}
            if part.invoice.remaining
            else "",
        )


def _facts(payment: Payment) -> list[Fact]:
    """How the money came: part by part where it came in several."""
    parts = list(payment.parts.select_related("cash_box", "cheque"))
    return [
        Fact(_("Date"), _moment(payment.paid_at, payment.customer)),
        *(_one_way(payment) if len(parts) < 2 and not _is_cheque(parts) else _ways(parts)),
        Fact(_("Attended by"), str(payment.operator or "")),
    ]


def _one_way(payment: Payment) -> list[Fact]:
    return [
        Fact(_("Form of payment"), str(payment.get_method_display())),
        Fact(_("Reference"), payment.reference),
        Fact(_("Cash box"), str(payment.cash_box)),
    ]


def _is_cheque(parts: list[PaymentPart]) -> bool:
    return any(part.cheque is not None for part in parts)


def _ways(parts: list[PaymentPart]) -> list[Fact]:
    found = []
    for part in parts:
        told = [format_money(part.amount, part.payment.currency), part.reference]
        if part.cheque is not None:
            told += [str(part.cheque), day(part.cheque.deposit_on)]
        found.append(
            Fact(str(part.get_method_display()), " · ".join(text for text in told if text))
        )
    return found


def _moment(instant: datetime, customer: Customer) -> str:
    zone = ZoneInfo(time_zone_of(customer.zone))
    return formats.date_format(instant.astimezone(zone), "SHORT_DATETIME_FORMAT")


def _totals(payment: Payment) -> list[Amount]:
    rows = []
    if payment.credit.remaining:
        waits = format_money(payment.credit.remaining, payment.currency)
        rows.append(Amount(_("Left in favour"), waits))
    return [*rows, *_balance(payment.customer, payment.company, payment.currency)]


def _balance(customer: Customer, company: Company, currency: str) -> list[Amount]:
    balance = balance_of(customer, company, currency)
    label = _("Balance in favour") if balance < ZERO else _("Still owes")
    return [Amount(label, format_money(abs(balance), currency), strong=True)]


def _plain(payment: Payment) -> str:
    return "|".join(
        (
            payment.company.tax_id or payment.company.name,
            str(payment),
            payment.paid_at.date().isoformat(),
            f"{payment.amount:.2f} {payment.currency}",
        )
    )


def _proof(payment_id: int) -> list[Fact] | None:
    row = Payment.objects.filter(pk=payment_id).select_related("company").first()
    if row is None:
        return None
    return [
        Fact(_("Issued by"), row.company.name),
        Fact(_("Payment receipt"), str(row)),
        Fact(_("Date"), formats.date_format(row.paid_at, "SHORT_DATE_FORMAT")),
        Fact(_("Amount"), format_money(row.amount, row.currency)),
        Fact(_("State"), _("DELETED") if row.deleted_at else _("Valid")),
    ]


def _refund_proof(refund_id: int) -> list[Fact] | None:
    row = Refund.objects.filter(pk=refund_id).select_related("company").first()
    if row is None:
        return None
    return [
        Fact(_("Issued by"), row.company.name),
        Fact(_("Refund receipt"), str(row)),
        Fact(_("Date"), formats.date_format(row.refunded_at, "SHORT_DATE_FORMAT")),
        Fact(_("Amount"), format_money(row.amount, row.currency)),
        Fact(_("State"), _("DELETED") if row.deleted_at else _("Valid")),
    ]


def _attach(payment_id: int) -> attachments.Attachment:
    rows = Payment.objects.select_related(
        "company", "customer__zone", "cash_box", "operator", "credit"
    )
    payment = rows.get(pk=payment_id)
    return attachments.Attachment(file_name("recibo", str(payment)), receipt_pdf(payment))


attachments.register("payment", _attach)
verification.register("payment", LETTER, _proof)
verification.register("refund", REFUND_LETTER, _refund_proof)

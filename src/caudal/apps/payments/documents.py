"""Receipts as files: a page, or a ticket of 58 or 80 mm."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.documents import file_name, in_words, party_facts
from caudal.apps.documents import verification
from caudal.apps.documents.printing import render
from caudal.apps.documents.sheets import Amount, Column, Fact, Row, Sheet
from caudal.apps.documents.styles import Kind, Paper
from caudal.apps.ledger.reads import balance_of
from caudal.apps.messaging import attachments
from caudal.apps.payments.models import Payment
from caudal.core.money import ZERO
from caudal.web.money import format_money

LETTER = "p"


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


def _settled(payment: Payment) -> Any:
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
    zone = ZoneInfo(time_zone_of(payment.customer.zone))
    when = formats.date_format(payment.paid_at.astimezone(zone), "SHORT_DATETIME_FORMAT")
    return [
        Fact(_("Date"), when),
        Fact(_("Form of payment"), str(payment.get_method_display())),
        Fact(_("Reference"), payment.reference),
        Fact(_("Cash box"), str(payment.cash_box)),
        Fact(_("Attended by"), str(payment.operator or "")),
    ]


def _totals(payment: Payment) -> list[Amount]:
    rows = []
    if payment.credit.remaining:
        waits = format_money(payment.credit.remaining, payment.currency)
        rows.append(Amount(_("Left in favour"), waits))
    balance = balance_of(payment.customer, payment.company, payment.currency)
    label = _("Balance in favour") if balance < ZERO else _("Still owes")
    rows.append(Amount(label, format_money(abs(balance), payment.currency), strong=True))
    return rows


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


def _attach(payment_id: int) -> attachments.Attachment:
    rows = Payment.objects.select_related(
        "company", "customer__zone", "cash_box", "operator", "credit"
    )
    payment = rows.get(pk=payment_id)
    return attachments.Attachment(file_name("recibo", str(payment)), receipt_pdf(payment))


attachments.register("payment", _attach)
verification.register("payment", LETTER, _proof)

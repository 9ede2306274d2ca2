"""Receipts as PDF: a letter page or a ticket of 80 mm."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.documents import fact, in_words, issuer_data, total_row
from caudal.apps.ledger.reads import balance_of
from caudal.apps.messaging import attachments
from caudal.apps.payments.models import Payment
from caudal.core.money import ZERO
from caudal.web.money import format_money
from caudal.web.paper import pdf

TEMPLATE = Path(__file__).parent / "paper" / "receipt.typ"


def receipt_pdf(payment: Payment, *, ticket: bool = False) -> bytes:
    """The receipt with what the payment settles now; marked across once it was deleted."""
    with translation.override(settings.LANGUAGE_CODE):
        return pdf(TEMPLATE, _data(payment, ticket))


def _data(payment: Payment, ticket: bool) -> dict[str, Any]:
    return {
        "format": "ticket" if ticket else "letter",
        "title": _("Payment receipt"),
        "number": str(payment),
        "stamp": _("DELETED") if payment.deleted_at else "",
        "company": issuer_data(payment.company),
        "customer": f"{payment.customer.code} · {payment.customer.name}",
        "facts": [row for row in _facts(payment) if row["value"]],
        "amount": format_money(payment.amount, payment.currency),
        "words": in_words(payment.amount, payment.currency),
        "settled": [
            total_row(
                _("Invoice %(number)s") % {"number": part.invoice.label},
                format_money(part.amount, payment.currency),
            )
            for part in payment.credit.applications.filter(undone_at=None).select_related("invoice")
        ],
        "totals": _totals(payment),
        "comment": payment.comment,
        "labels": {
            "received_from": _("Received from"),
            "amount": _("Amount received"),
            "applied_to": _("Applied to"),
        },
    }


def _facts(payment: Payment) -> list[dict[str, str]]:
    zone = ZoneInfo(time_zone_of(payment.customer.zone))
    when = formats.date_format(payment.paid_at.astimezone(zone), "SHORT_DATETIME_FORMAT")
    return [
        fact(_("Date"), when),
        fact(_("Form of payment"), payment.get_method_display()),
        fact(_("Reference"), payment.reference),
        fact(_("Cash box"), payment.cash_box),
        fact(_("Attended by"), payment.operator or ""),
    ]


def _totals(payment: Payment) -> list[dict[str, Any]]:
    rows = []
    if payment.credit.remaining:
        waits = format_money(payment.credit.remaining, payment.currency)
        rows.append(total_row(_("Left in favour"), waits))
    balance = balance_of(payment.customer, payment.company, payment.currency)
    label = _("Balance in favour") if balance < ZERO else _("Still owes")
    rows.append(total_row(label, format_money(abs(balance), payment.currency), strong=True))
    return rows


def _attach(payment_id: int) -> attachments.Attachment:
    rows = Payment.objects.select_related(
        "company", "customer__zone", "cash_box", "operator", "credit"
    )
    payment = rows.get(pk=payment_id)
    return attachments.Attachment(f"recibo-{payment.pk}.pdf", receipt_pdf(payment))


attachments.register("payment", _attach)

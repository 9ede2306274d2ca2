"""Invoices as PDF, made on demand and never inside the transaction that bills."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from caudal.apps.billing.models import Invoice, InvoiceLine
from caudal.apps.catalog.models import Company
from caudal.apps.messaging import attachments
from caudal.core.errors import RuleError
from caudal.core.money import ZERO
from caudal.core.words import amount_in_words
from caudal.web.money import format_money
from caudal.web.paper import logo_svg, pdf, qr_svg

TEMPLATE = Path(__file__).parent / "paper" / "invoice.typ"


def invoice_pdf(invoice: Invoice) -> bytes:
    """The invoice as it stands: with what is paid, and marked across if it is void."""
    with translation.override(settings.LANGUAGE_CODE):
        return pdf(TEMPLATE, _invoice_data(invoice))


def issuer_data(company: Company) -> dict[str, Any]:
    """The head and foot of a company's documents."""
    tax_id = f"{_('Tax number')} {company.tax_id}" if company.tax_id else ""
    reach = " · ".join(part for part in (company.phone, company.email, company.website) if part)
    legal = company.legal_name if company.legal_name != company.name else ""
    details = (legal, tax_id, company.tax_condition, company.address, reach)
    return {
        "name": company.name,
        "logo": _logo(company),
        "details": [detail for detail in details if detail],
        "footer": company.footer,
    }


def fact(label: str, value: object) -> dict[str, str]:
    return {"label": label, "value": str(value)}


def total_row(
    label: str, value: str, *, strong: bool = False, ruled: bool = False
) -> dict[str, Any]:
    return {"label": label, "value": value, "strong": strong, "ruled": ruled}


def day(value: date | None) -> str:
    return "" if value is None else formats.date_format(value, "SHORT_DATE_FORMAT")


def in_words(amount: Decimal, currency: str) -> str:
    """The amount in Spanish words; a currency without words is printed in figures alone."""
    try:
        return amount_in_words(amount, currency)
    except RuleError:
        return ""


def _invoice_data(invoice: Invoice) -> dict[str, Any]:
    company, is_void = invoice.company, invoice.state == Invoice.State.VOID
    return {
        "title": _("Invoice"),
        "number": invoice.label,
        "stamp": _("VOID") if is_void else "",
        "company": issuer_data(company),
        "dates": [row for row in _dates(invoice) if row["value"]],
        "customer": {
            "name": invoice.customer_name,
            "facts": [
                fact(_("Customer code"), invoice.customer.code),
                fact(_("Document"), invoice.customer_document),
                fact(_("Address"), invoice.customer_address),
            ],
        },
        "lines": list(_lines(invoice)),
        "totals": _totals(invoice),
        "words": in_words(invoice.total, invoice.currency),
        "note": invoice.note,
        "qr": qr_svg(_qr_text(invoice)),
        "labels": {
            "customer": _("Customer"),
            "description": _("Description"),
            "quantity": _("Quantity"),
            "price": _("Price"),
            "amount": _("Amount"),
            "in_words": _("Amount in words"),
        },
    }


def _dates(invoice: Invoice) -> list[dict[str, str]]:
    return [
        fact(_("Emission"), day(invoice.emission)),
        fact(_("Pay until"), day(invoice.due)),
        fact(_("Cut"), day(invoice.cut)),
    ]


def _lines(invoice: Invoice) -> Iterable[dict[str, str]]:
    periods: dict[int | None, str] = {}
    for row in invoice.periods.all():
        shown = {"first": day(row.first), "last": day(row.last)}
        periods[row.service_id] = _("From %(first)s to %(last)s") % shown
    for line in invoice.lines.all():
        is_plan = line.kind == InvoiceLine.Kind.PLAN
        yield {
            "description": line.description,
            "period": periods.get(line.service_id, "") if is_plan else "",
            "quantity": f"{line.quantity.normalize():f}",
            "price": format_money(line.unit_price, invoice.currency),
            "amount": format_money(line.net, invoice.currency),
        }


def _totals(invoice: Invoice) -> list[dict[str, Any]]:
    def money(amount: Decimal) -> str:
        return format_money(amount, invoice.currency)

    rows = []
    if invoice.tax:
        rows.append(total_row(_("Subtotal"), money(invoice.net)))
        rows += [
            total_row(f"{tax.name} ({tax.rate.normalize():f} %)", money(tax.amount))
            for tax in invoice.taxes.all()
        ]
    rows.append(total_row(_("Total"), money(invoice.total), strong=True, ruled=True))
    if invoice.debits:
        rows.append(total_row(_("Debit notes"), money(invoice.debits)))
    paid = invoice.asked - invoice.remaining
    if paid > ZERO and invoice.state != Invoice.State.VOID:
        rows.append(total_row(_("Paid or in favour"), money(-paid)))
    rows.append(total_row(_("To pay"), money(invoice.remaining), strong=True))
    return rows


def _qr_text(invoice: Invoice) -> str:
    parts = (
        invoice.company.tax_id or invoice.company.name,
        invoice.label,
        invoice.emission.isoformat(),
        f"{invoice.total:.2f} {invoice.currency}",
        invoice.customer.code,
    )
    return "|".join(parts)


def _logo(company: Company) -> str:
    if not company.logo:
        return ""
    try:
        with company.logo.open("rb") as file:
            return logo_svg(str(company.logo.name), file.read())
    except OSError:
        return ""  # a lost logo must not stop invoices


def _attach(invoice_id: int) -> attachments.Attachment:
    invoice = Invoice.objects.select_related("company", "customer").get(pk=invoice_id)
    return attachments.Attachment(f"{_file_name(invoice.label)}.pdf", invoice_pdf(invoice))


def _file_name(label: str) -> str:
    kept = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in label)
    return f"factura-{kept}"


attachments.register("invoice", _attach)

"""Billing's documents as files, made on demand and never inside the transaction that bills."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, islice

from django.conf import settings
from django.utils import translation

from caudal.apps.billing.models import Adjustment, Invoice
from caudal.apps.billing.papers import invoices, letters
from caudal.apps.billing.papers.words import day, file_name, in_words, party_facts
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.documents import verification
from caudal.apps.documents.printing import render
from caudal.apps.documents.sheets import Sheet
from caudal.apps.documents.styles import Kind
from caudal.apps.ledger.reads import statement
from caudal.apps.messaging import attachments

__all__ = [
    "day",
    "file_name",
    "in_words",
    "invoice_pdf",
    "invoice_pdfs",
    "invoice_ticket",
    "note_pdf",
    "party_facts",
    "print_invoices",
    "reminder_pdf",
    "reminder_pdfs",
    "statement_pdf",
]

TOGETHER = 20
"""Invoices of one compilation: more are no faster and take more memory."""


def invoice_pdf(invoice: Invoice, *, paper: str = "") -> bytes:
    """The invoice as it stands: with what is paid, and marked across if it is void."""
    ((_, content),) = _printed([invoice.pk], paper)
    return content


def invoice_pdfs(ids: Sequence[int]) -> dict[int, bytes]:
    """A PDF of each, from rows that are read together."""
    with translation.override(settings.LANGUAGE_CODE):
        made = invoices.invoice_sheets(ids)
    return {row.pk: render(_kind(row), row.company, sheet) for row, sheet in made}


def invoice_ticket(invoice: Invoice, paper: str) -> bytes:
    """The invoice as an HTML page of a roll's width, for the browser's own printing."""
    with translation.override(settings.LANGUAGE_CODE):
        ((row, sheet),) = invoices.invoice_sheets([invoice.pk])
    return render(_kind(row), row.company, sheet, format="html", paper=paper)


def print_invoices(
    ids: Iterable[int], *, paper: str = "", told: Callable[[int], None] = lambda done: None
) -> Iterator[bytes]:
    """PDFs that hold all the invoices in the order given, twenty and less in each."""
    waiting = iter(ids)
    while chunk := list(islice(waiting, TOGETHER)):
        for count, content in _printed(chunk, paper):
            yield content
            told(count)


def statement_pdf(
    customer: Customer, currency: str, first: date | None, last: date, *, paper: str = ""
) -> bytes:
    found = statement(customer, customer.company, currency, first, last)
    with translation.override(settings.LANGUAGE_CODE):
        sheet = letters.statement_sheet(customer, currency, found, first, last)
    return render(Kind.STATEMENT, customer.company, sheet, paper=paper)


def note_pdf(note: Adjustment, *, paper: str = "") -> bytes:
    with translation.override(settings.LANGUAGE_CODE):
        sheet = letters.note_sheet(note)
    return render(Kind.NOTE, note.company, sheet, paper=paper)


def reminder_pdf(
    customer: Customer, today: date, *, kind: str = Kind.REMINDER, paper: str = ""
) -> bytes:
    """A letter, or a coupon, of all that he owes; one that asks for nothing where that is all."""
    found = reminder_pdfs([customer], today, kind=kind, paper=paper)
    if found:
        return found[0]
    with translation.override(settings.LANGUAGE_CODE):
        company = customer.company
        sheet = letters.reminder_sheet(customer, company, company.currency, [], today)
    return render(kind, customer.company, sheet, paper=paper)


def reminder_pdfs(
    customers: Sequence[Customer], today: date, *, kind: str = Kind.REMINDER, paper: str = ""
) -> list[bytes]:
    """One file for customers of one company; who owes nothing gets none, and so may be nobody."""
    rows = Invoice.objects.unpaid().filter(customer__in=customers).order_by("customer", "due")
    unpaid = {owner: list(group) for owner, group in groupby(rows, lambda row: row.customer_id)}
    company = customers[0].company
    with translation.override(settings.LANGUAGE_CODE):
        sheets = [
            letters.reminder_sheet(customer, company, company.currency, unpaid[customer.pk], today)
            for customer in customers
            if customer.pk in unpaid
        ]
    return [render(kind, company, sheets, paper=paper)] if sheets else []


def _printed(ids: Sequence[int], paper: str) -> Iterator[tuple[int, bytes]]:
    """(how many, PDF) of neighbours of one company and kind."""
    with translation.override(settings.LANGUAGE_CODE):
        made = invoices.invoice_sheets(ids)
    for _look_of, group in groupby(made, lambda pair: _look(pair[0])):
        rows = list(group)
        company: Company = rows[0][0].company
        sheets: list[Sheet] = [sheet for _, sheet in rows]
        yield len(rows), render(_kind(rows[0][0]), company, sheets, paper=paper)


def _look(invoice: Invoice) -> tuple[int, str]:
    return invoice.company_id, _kind(invoice)


def _kind(invoice: Invoice) -> str:
    return Kind.FREE_INVOICE if invoice.kind == Invoice.Kind.FREE else Kind.INVOICE


def _attach_invoice(invoice_id: int) -> attachments.Attachment:
    invoice = Invoice.objects.get(pk=invoice_id)
    return attachments.Attachment(file_name("factura", invoice.label), invoice_pdf(invoice))


def _attach_many(ids: Sequence[int]) -> dict[int, attachments.Attachment]:
    labels = {row.pk: row.label for row in Invoice.objects.filter(pk__in=ids)}
    return {
        pk: attachments.Attachment(file_name("factura", labels[pk]), content)
        for pk, content in invoice_pdfs(ids).items()
    }


attachments.register("invoice", _attach_invoice, _attach_many)
verification.register("invoice", invoices.LETTER, invoices.proof)
verification.register("note", letters.NOTE_LETTER, letters.note_proof)

"""The statement of a customer: panel, page, files, and the debt button (STM-1, WP-40)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.documents import file_name, reminder_pdf, statement_pdf
from caudal.apps.billing.forms import DayInput
from caudal.apps.billing.models import Credit
from caudal.apps.clock.now import today
from caudal.apps.customers.models import Customer
from caudal.apps.documents.styles import Kind, Paper
from caudal.apps.ledger.models import Transaction
from caudal.apps.ledger.reads import Statement, StatementRow, balance_of, statement
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.store.money import total
from caudal.web.export import csv_response, xlsx_response

A_YEAR = timedelta(days=365)
LATEST = 8
PAGES = {
    "invoice": "billing:invoice",
    "payment": "payments:payment",
    "adjustment": "billing:note_pdf",
    "refund": "payments:refund_receipt",
}
"""Kind of document -> the page that shows it; a room that has none yet leaves it as text."""


class StatementForm(forms.Form):
    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput())
    last = forms.DateField(label=gettext_lazy("To"), required=False, widget=DayInput())
    kind = forms.ChoiceField(
        label=gettext_lazy("Movement"),
        required=False,
        choices=[("", pgettext_lazy("masculine", "All")), *Transaction.Kind.choices],
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as the address asks for it."""

    customer: Customer
    currency: str
    first: date | None
    last: date | None
    until: date
    """`last`, or today."""
    kind: str
    found: Statement

    @property
    def rows(self) -> Iterator[tuple[StatementRow, str]]:
        """The rows of the kind with the address of their document; balances count them all."""
        for row in self.found.rows:
            if not self.kind or row.kind == self.kind:
                yield row, address_of(row.document)


@require_GET
@requires(Verb.SEE_BILLING)
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """His movements with the running balance (STM-1), of the last year unless asked otherwise."""
    return render(request, "billing/_statement.html", {"asked": _asked(request, pk)})


@require_GET
@requires(Verb.SEE_BILLING)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _asked(request, pk)
    form = StatementForm({"first": asked.first, "last": asked.last, "kind": asked.kind})
    context = {
        "title": _("Statement"),
        "asked": asked,
        "customer": asked.customer,
        "form": form,
        "query": request.GET.urlencode(),
        "papers": Paper.choices,
    }
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "billing/_statement_rows.html" if part else "billing/statement.html"
    return render(request, template, context)


@require_GET
@requires(Verb.SEE_BILLING)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _asked(request, pk)
    content = statement_pdf(
        asked.customer, asked.currency, asked.first, asked.until, paper=_paper(request)
    )
    return _pdf(content, file_name(_("statement"), asked.customer.code))


@require_GET
@requires(Verb.SEE_BILLING)
def letter(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A reminder letter or a payment coupon of what he owes."""
    customer = _customer(request, pk)
    day = today(time_zone_of(customer.zone))
    wanted = Kind.COUPON if kind == "coupon" else Kind.REMINDER
    content = reminder_pdf(customer, day, kind=wanted, paper=_paper(request))
    return _pdf(content, file_name(kind, customer.code))


@require_GET
@requires(Verb.SEE_BILLING)
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The rows of the page as CSV or XLSX."""
    asked = _asked(request, pk)
    titles = (_("Date"), _("Movement"), _("Document"), _("Charge"), _("Payment"), _("Balance"))
    write = xlsx_response if kind == "xlsx" else csv_response
    name = f"{_('statement')}-{asked.customer.code}"
    return write(name, titles, _lines(asked))


@require_GET
@requires(Verb.SEE_BILLING)
def debt(request: HttpRequest, pk: int) -> HttpResponse:
    """What the debt button opens (WP-40): balance, credit, unpaid invoices, last movements."""
    customer = _customer(request, pk)
    company, currency = customer.company, customer.company.currency
    day = today(time_zone_of(customer.zone))
    found = statement(customer, company, currency, day - A_YEAR, None)
    credit = Credit.objects.filter(customer=customer, company=company, currency=currency)
    context = {
        "customer": customer,
        "currency": currency,
        "balance": balance_of(customer, company, currency),
        "credit": credit.aggregate(sum=total("remaining"))["sum"],
        "unpaid": customer.invoices.unpaid().order_by("due", "id")[:50],
        "rows": [(row, address_of(row.document)) for row in reversed(found.rows[-LATEST:])],
        "today": day,
        "promise_url": _address("dunning:promise", customer.pk),
    }
    return render(request, "billing/_debt.html", context)


def address_of(document: str) -> str:
    """The page of what a movement books ("invoice:12"); empty where it has none."""
    kind, _colon, number = document.partition(":")
    if kind not in PAGES or not number.isdecimal():
        return ""
    return _address(PAGES[kind], int(number))


def _address(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


def _asked(request: HttpRequest, pk: int) -> Asked:
    customer = _customer(request, pk)
    form = StatementForm(request.GET)
    form.is_valid()
    typed: dict[str, Any] = form.cleaned_data
    day = today(time_zone_of(customer.zone))
    first = typed.get("first")
    if first is None and "first" not in request.GET:
        first = day - A_YEAR
    last, currency = typed.get("last"), customer.company.currency
    found = statement(customer, customer.company, currency, first, last)
    return Asked(customer, currency, first, last, last or day, typed.get("kind", ""), found)


def _lines(asked: Asked) -> Iterator[tuple[Any, ...]]:
    yield asked.first, _("Opening balance"), "", None, None, asked.found.opening
    for row, _address_of in asked.rows:
        yield (
            row.on,
            row.kind_label,
            row.memo,
            _amount(row.charge),
            _amount(row.payment),
            (row.balance),
        )


def _amount(amount: Decimal) -> Decimal | None:
    return amount or None


def _customer(request: HttpRequest, pk: int) -> Customer:
    found = visible(person(request), Customer.objects.select_related("company", "zone"))
    return get_object_or_404(found, pk=pk)


def _paper(request: HttpRequest) -> str:
    asked = request.GET.get("paper", "")
    return asked if asked in Paper.values else ""


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response

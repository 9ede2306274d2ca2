"""The list of invoices, one invoice, its PDF, and voiding it."""

from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.billing import actions
from caudal.apps.billing.documents import file_name, invoice_pdf, invoice_ticket
from caudal.apps.billing.editing import refusal
from caudal.apps.billing.filters import InvoiceFilter
from caudal.apps.billing.forms import ReasonForm
from caudal.apps.billing.listing import COLUMNS, PAGE, export_rows, sums_of
from caudal.apps.billing.listing import HEADER as EXPORT_HEADER
from caudal.apps.billing.merged_debt import originals_of
from caudal.apps.billing.models import BilledPeriod, Invoice
from caudal.apps.billing.models.invoice import InvoiceQuerySet
from caudal.apps.billing.why import tell_all
from caudal.apps.bulk.acts import acts_for
from caudal.apps.clock.now import now, today
from caudal.apps.documents.printing import ticket_paper
from caudal.apps.documents.styles import Paper
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.taxes import TaxMode
from caudal.web.export import csv_response, xlsx_response
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage, Sorting


@require_GET
@requires(Verb.SEE_BILLING)
def invoices(request: HttpRequest) -> HttpResponse:
    form = InvoiceFilter(request.GET)
    sorting = Sorting.read(request.GET, COLUMNS, default="-emission")
    found = form.narrow(_visible(request), today()).select_related("customer")
    page = KeysetPage.of(found, sorting.order, request.GET.get("cursor", ""), PAGE)
    mark_late(page.rows, today())
    context = {
        "title": _("Invoices"),
        "form": form,
        "columns": COLUMNS,
        "sorting": sorting,
        "page": page,
        "narrowed": any(request.GET.get(name) for name in form.fields),
        "acts": acts_for(person(request), "invoices"),
        "query": request.GET.urlencode(),
    }
    part = "billing/_invoices.html" if _is_part(request) else "billing/invoices.html"
    return render(request, part, context)


@require_GET
@requires(Verb.SEE_BILLING)
def totals(request: HttpRequest) -> HttpResponse:
    """What all the invoices of the filter come to; asked apart, so that the list need not wait."""
    found = InvoiceFilter(request.GET).narrow(_visible(request), today())
    return render(request, "billing/_totals.html", {"sums": sums_of(found)})


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All invoices of the filter, in the order of the list."""
    sorting = Sorting.read(request.GET, COLUMNS, default="-emission")
    found = InvoiceFilter(request.GET).narrow(_visible(request), today())
    write = xlsx_response if kind == "xlsx" else csv_response
    name = f"{_('invoices')}-{today():%Y-%m-%d}"
    header = [str(title) for title in EXPORT_HEADER]
    return write(name, header, export_rows(found.order_by(*sorting.order)))


@require_GET
@requires(Verb.SEE_BILLING)
def invoice(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        _visible(request).select_related("customer", "company", "merged_into"), pk=pk
    )
    mark_late([row], today())
    periods: dict[int | None, BilledPeriod] = {each.service_id: each for each in row.periods.all()}
    is_gross = row.tax_mode == TaxMode.INCLUDED
    lines = [
        (line, line.days or periods.get(line.service_id) if line.kind == "plan" else None,
         tell_all(line.trace, row.currency), line.net + line.tax if is_gross else line.net)
        for line in row.lines.all()
    ]  # fmt: skip
    applied = row.applications.select_related("credit__payment", "credit__adjustment")
    return render(
        request,
        "billing/invoice.html",
        {
            "title": _("Invoice %(number)s") % {"number": row.label},
            "invoice": row,
            "lines": lines,
            "is_gross": is_gross,
            "taxes": row.taxes.all(),
            "applications": applied,
            "debits": row.adjustments.all(),
            "may_edit": refusal(row) is None,
            "merged_from": originals_of(row),
            "papers": Paper.choices,
        },
    )


@require_GET
@requires(Verb.SEE_BILLING)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_visible(request).select_related("customer", "company"), pk=pk)
    asked = request.GET.get("paper", "")
    content = invoice_pdf(row, paper=asked if asked in Paper.values else "")
    response = HttpResponse(content, content_type="application/pdf")
    name = file_name(_("invoice"), row.label)
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


@require_GET
@requires(Verb.SEE_BILLING)
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of a roll's width that the browser prints by itself."""
    row = get_object_or_404(_visible(request), pk=pk)
    return HttpResponse(invoice_ticket(row, _roll(request)))


@requires(Verb.VOID_INVOICES)
def void(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_visible(request), pk=pk)
    back = reverse("billing:invoice", args=[pk])
    points: list[Any] = [
        _("Its number stays and its period can be billed again."),
        _("What had paid it goes to other unpaid invoices, or stays in favour."),
    ]
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        title=_("Void invoice %(number)s") % {"number": row.label},
        save=lambda form: actions.void_invoice(
            actor=actor(request), now=now(), today=today(), invoice=row, **form.cleaned_data
        ),
        done=_("The invoice was voided."),
        to=back,
        template="web/confirm.html",
        text=_("The customer will owe nothing of it."),
        points=points,
        danger=True,
        cancel_url=back,
    )


def _visible(request: HttpRequest) -> InvoiceQuerySet:
    return cast(InvoiceQuerySet, visible(person(request), Invoice.objects.all()))


def mark_late(rows: list[Invoice], day: date) -> None:
    for row in rows:
        row.is_late = row.overdue(day)  # type: ignore[attr-defined]


def _roll(request: HttpRequest) -> str:
    return ticket_paper(58 if request.GET.get("width") == "58" else 80)


def _is_part(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"))

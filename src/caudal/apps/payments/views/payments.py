"""The list of payments, one payment with its receipt, correcting and deleting it."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.payments import actions
from caudal.apps.payments.documents import receipt_pdf, receipt_ticket
from caudal.apps.payments.filters import PaymentFilter
from caudal.apps.payments.forms import EditForm, ReasonForm
from caudal.apps.payments.models import Payment, PaymentPart, Refund
from caudal.apps.payments.proposals import boxes_for
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.store.money import total
from caudal.web.export import csv_response, xlsx_response
from caudal.web.forms import answer_form
from caudal.web.table import Column, KeysetPage, Sorting

COLUMNS = (
    Column("receipt", gettext_lazy("Receipt"), template="payments/_receipt.html"),
    Column("customer.name", gettext_lazy("Customer"), sort=("customer__name", "id"),
           template="payments/_customer.html"),
    Column("paid_at", gettext_lazy("Date"), sort=("paid_at", "id"), template="payments/_when.html"),
    Column("get_method_display", gettext_lazy("Form of payment")),
    Column("cash_box.name", gettext_lazy("Cash box")),
    Column("operator", gettext_lazy("Operator")),
    Column("amount", gettext_lazy("Amount"), sort=("amount", "id"), css="number",
           template="payments/_amount.html"),
)  # fmt: skip
HEADER = (
    gettext_lazy("Receipt"), gettext_lazy("Customer code"), gettext_lazy("Customer"),
    gettext_lazy("Date"), gettext_lazy("Form of payment"), gettext_lazy("Cash box"),
    gettext_lazy("Reference"), gettext_lazy("Operator"), gettext_lazy("Amount"),
    gettext_lazy("Currency"),
)  # fmt: skip
NEWEST = "-paid_at"
RELATED = ("customer", "cash_box", "operator")


@require_GET
@requires(Verb.SEE_PAYMENTS)
def payments(request: HttpRequest) -> HttpResponse:
    form = PaymentFilter(request.GET, user=person(request))
    sorting = Sorting.read(request.GET, COLUMNS, default=NEWEST)
    found = form.narrow(_visible(request))
    # Who may not see income does not see it by adding a list up either.
    summed = found if person(request).may(Verb.SEE_INCOME) else found.none()
    sums = summed.order_by().values_list("currency").annotate(sum=total("amount"))
    page = KeysetPage.of(
        found.select_related(*RELATED), sorting.order, request.GET.get("cursor", "")
    )
    context = {
        "title": _("Payments"),
        "form": form,
        "columns": COLUMNS,
        "sorting": sorting,
        "page": page,
        "sums": list(sums),
        "narrowed": any(request.GET.get(name) for name in form.fields),
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"payments/{'_payments' if is_part else 'payments'}.html", context)


@require_GET
@requires(Verb.EXPORT_CUSTOMERS)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All payments of the filter, in the order of the list."""
    sorting = Sorting.read(request.GET, COLUMNS, default=NEWEST)
    form = PaymentFilter(request.GET, user=person(request))
    found = form.narrow(_visible(request)).select_related(*RELATED)
    rows = (
        (
            str(row),
            row.customer.code,
            row.customer.name,
            row.paid_at,
            row.get_method_display(),
            row.cash_box.name,
            row.reference,
            str(row.operator or ""),
            row.amount,
            row.currency,
        )
        for row in found.order_by(*sorting.order).iterator(chunk_size=1000)
    )
    write = xlsx_response if kind == "xlsx" else csv_response
    name = f"{_('payments')}-{today():%Y-%m-%d}"
    return write(name, [str(title) for title in HEADER], rows)


@require_GET
@requires(Verb.SEE_PAYMENTS)
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment: what it settled, its receipt, and the next customer once it was just taken."""
    row = _payment(request, pk)
    applications = row.credit.applications.select_related("invoice")
    refunds = Refund.objects.filter(sources__credit=row.credit_id).distinct()
    context = {
        "title": _("Payment %(number)s") % {"number": row},
        "payment": row,
        "applications": applications,
        "parts": list(row.parts.select_related("cash_box", "cheque")),
        "refunds": refunds.select_related("customer", "cash_box", "payment"),
        "refundable": actions.refundable_of(row),
        "is_new": "new" in request.GET,
    }
    return render(request, "payments/payment.html", context)


@require_GET
@requires(Verb.SEE_PAYMENTS)
def receipt(request: HttpRequest, pk: int, style: str) -> HttpResponse:
    """The receipt as a letter page or as a ticket."""
    row = _payment(request, pk)
    paper = {"ticket58": "ticket58", "ticket": "ticket80"}.get(style, "")
    if paper and request.GET.get("as") == "html":  # for the browser's own printing
        return HttpResponse(receipt_ticket(row, paper))
    content = receipt_pdf(row, paper=paper)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="recibo-{row.pk}.pdf"'
    return response


@requires(Verb.DELETE_PAYMENTS)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = _payment(request, pk)
    back = reverse("payments:payment", args=[pk])
    points: list[Any] = [
        _("What it had paid is owed again."),
        _("The service stays as it is until the next cut."),
        _("The payment and its reversal stay on the statement."),
    ]
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        title=_("Delete payment %(number)s") % {"number": row},
        save=lambda form: actions.delete_payment(
            actor=actor(request), now=now(), today=today(), payment=row, **form.cleaned_data
        ),
        done=_("The payment was deleted."),
        to=back,
        template="web/confirm.html",
        text=_("The money leaves the cash box %(box)s.") % {"box": row.cash_box},
        points=points,
        danger=True,
        cancel_url=back,
    )


@requires(Verb.DELETE_PAYMENTS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its form of payment, box and reference; the amount is corrected by deleting it."""
    row = _payment(request, pk)
    names = ("method", "cash_box", "reference", "comment")
    form = EditForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in names},
        boxes=boxes_for(person(request), row.company, row.currency),
    )
    return _edit(
        request,
        row,
        form,
        lambda form: actions.edit_payment(
            actor=actor(request), now=now(), today=today(), payment=row, **form.cleaned_data
        ),
    )


@requires(Verb.DELETE_PAYMENTS)
def edit_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The same of one part of a mixed payment."""
    rows = visible(person(request), PaymentPart.objects.select_related("payment"))
    part = get_object_or_404(rows, pk=pk)
    row = _payment(request, part.payment_id)
    form = EditForm(
        request.POST or None,
        initial={name: getattr(part, name) for name in ("method", "cash_box", "reference")},
        boxes=boxes_for(person(request), row.company, row.currency),
    )
    del form.fields["comment"]
    return _edit(
        request,
        row,
        form,
        lambda form: actions.edit_part(
            actor=actor(request), now=now(), today=today(), part=part, **form.cleaned_data
        ),
    )


def _edit(
    request: HttpRequest, row: Payment, form: EditForm, save: Callable[[Any], Any]
) -> HttpResponse:
    back = reverse("payments:payment", args=[row.pk])
    return answer_form(
        request,
        form,
        title=_("Edit payment %(number)s") % {"number": row},
        save=save,
        done=_("The payment was saved."),
        to=back,
        cancel_url=back,
    )


@require_GET
@requires(Verb.SEE_PAYMENTS)
def customer_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest payments of the customer."""
    customer = get_object_or_404(visible(person(request), Customer.objects.all()), pk=pk)
    rows = customer.payments.select_related("cash_box", "operator")
    page = KeysetPage.of(rows, ("-paid_at", "-id"), request.GET.get("cursor", ""), 8)
    in_favour = actions.refundable(customer, customer.company.currency)
    context = {"customer": customer, "page": page, "in_favour": in_favour}
    return render(request, "payments/_customer_payments.html", context)


def _visible(request: HttpRequest) -> QuerySet[Payment]:
    return visible(person(request), Payment.objects.all())


def _payment(request: HttpRequest, pk: int) -> Payment:
    rows = _visible(request).select_related(
        "customer__zone", "company", "cash_box", "operator", "credit", "on_invoice"
    )
    return get_object_or_404(rows, pk=pk)

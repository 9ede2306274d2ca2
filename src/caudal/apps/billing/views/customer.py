"""What billing shows on the customer's page, and invoices and notes made for him by hand."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.billing import actions
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.documents import file_name, note_pdf
from caudal.apps.billing.first_invoice import Proposal, propose
from caudal.apps.billing.forms import AdjustForm, IssueForm
from caudal.apps.billing.forms.lines import rows_of
from caudal.apps.billing.models import Adjustment, Credit, Invoice
from caudal.apps.billing.sources import settings_of
from caudal.apps.billing.views.invoices import mark_late
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.apps.ledger.reads import balance_of
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.store.money import total
from caudal.web.errors import explain
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage


@require_GET
@requires(Verb.SEE_BILLING)
def invoices_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest invoices of the customer and what he owes."""
    customer = _customer(request, pk)
    rows = customer.invoices.all()
    page = KeysetPage.of(rows, ("-emission", "-id"), request.GET.get("cursor", ""), 8)
    mark_late(page.rows, today(time_zone_of(customer.zone)))
    company, currency = customer.company, customer.company.currency
    free = Credit.objects.filter(customer=customer, currency=currency)
    context = {
        "customer": customer,
        "page": page,
        "currency": currency,
        "balance": balance_of(customer, company, currency),
        "credit": free.aggregate(sum=total("remaining"))["sum"],
    }
    return render(request, "billing/_customer_invoices.html", context)


@require_GET
@requires(Verb.SEE_BILLING)
def settings_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """His billing settings, and whose each is: told apart by colour (MW-17, MW-21)."""
    context = {"settings": settings_of(_customer(request, pk))}
    return render(request, "billing/_customer_settings.html", context)


@require_GET
@requires(Verb.SEE_BILLING)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A debit or credit note as PDF."""
    notes = visible(person(request), Adjustment.objects.select_related("company", "customer__zone"))
    row = get_object_or_404(notes, pk=pk)
    response = HttpResponse(note_pdf(row), content_type="application/pdf")
    name = file_name(_("note"), str(row))
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response


@requires(Verb.ISSUE_INVOICES)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """An invoice by hand, with a preview that follows what is typed."""
    customer = _customer(request, pk)
    return answer_form(
        request,
        _issue_form(request, customer),
        title=_("Issue an invoice"),
        save=lambda form: actions.issue_invoice(
            actor=actor(request), now=now(), customer=customer, order=form.order()
        ),
        done=_("The invoice was issued."),
        to=lambda row: reverse("billing:invoice", args=[row.pk]),
        template="billing/issue.html",
        customer=customer,
        proposals=_proposals(customer),
        submit=_("Issue"),
        cancel_url=reverse("desk:customer", args=[pk]),
    )


@require_POST
@requires(Verb.ISSUE_INVOICES)
def issue_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the form would issue: lines, taxes, dates, and what is left after credit."""
    customer = _customer(request, pk)
    form = _issue_form(request, customer)
    context: dict[str, object] = {"currency": customer.company.currency}
    if form.is_valid():
        try:
            draft = actions.draft_invoice(customer, form.order(), now())
            context |= {
                "draft": draft,
                "taxed": draft.taxed,
                "currency": draft.currency,
                "lines": zip(draft.lines, draft.taxed.lines, strict=True),
            }
        except RuleError as error:
            context["refusal"] = explain(error)
    return render(request, "billing/_preview.html", context)


@requires(Verb.ISSUE_INVOICES)
def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """A debit or credit note: the balance moves at once."""
    customer = _customer(request, pk)
    day = today(time_zone_of(customer.zone))
    back = reverse("desk:customer", args=[pk])
    return answer_form(
        request,
        AdjustForm(request.POST or None, today=day),
        title=_("Debit or credit note"),
        save=lambda form: actions.adjust(
            actor=actor(request),
            now=now(),
            customer=customer,
            amount=form.signed(),
            currency=customer.company.currency,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("The note was booked."),
        to=back,
        intro=_("It has no tax. The next service invoice takes it into account."),
        pretitle=customer.name,
        cancel_url=back,
    )


def _customer(request: HttpRequest, pk: int) -> Customer:
    found = visible(person(request), Customer.objects.select_related("company", "zone"))
    return get_object_or_404(found, pk=pk)


def _issue_form(request: HttpRequest, customer: Customer) -> IssueForm:
    day: date = today(time_zone_of(customer.zone))
    like = _like(request, customer)
    return IssueForm(
        request.POST or None,
        customer=customer,
        today=day,
        initial={} if like is None else _head_of(like),
        rows=[] if like is None else rows_of(like),
    )


def _like(request: HttpRequest, customer: Customer) -> Invoice | None:
    """The void invoice that is issued again, with `?like=`."""
    asked = request.GET.get("like", "")
    return customer.invoices.filter(pk=asked).first() if asked.isdecimal() else None


def _head_of(invoice: Invoice) -> dict[str, object]:
    return {
        "kind": invoice.kind,
        "service": invoice.service_id,
        "due": invoice.due,
        "note": invoice.note,
    }


def _proposals(customer: Customer) -> list[tuple[Service, Proposal]]:
    """By service the days that a first invoice would charge, for one click."""
    day = today(time_zone_of(customer.zone))
    services = customer.services.exclude(state=ServiceState.CANCELLED)
    found = services.select_related("plan", "customer__zone", "customer__company")
    return [(service, propose(service, day)) for service in found[:6]]

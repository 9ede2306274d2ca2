"""Reported payments: the queue, one report with its proof, and the customer's own page."""

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.staff.access import actor, person, public, requires
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.apps.treasury import actions
from caudal.apps.treasury.forms import ApproveForm, ReasonForm, ReportForm
from caudal.apps.treasury.models import ReportedPayment
from caudal.apps.treasury.throttling import may_knock
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form
from caudal.web.table import KeysetPage

RATE = "20/hour"
"""How often strangers may send the customers' form."""


@require_GET
@requires(Verb.SEE_ARRIVALS)
def reports(request: HttpRequest) -> HttpResponse:
    """Those that wait, oldest first; others newest first."""
    state = request.GET.get("state", ReportedPayment.State.WAITING)
    rows = visible(person(request), ReportedPayment.objects.all()).select_related("customer")
    if state in ReportedPayment.State.values:
        rows = rows.filter(state=state)
    words = request.GET.get("q", "").strip()
    for word in words.split():
        rows = rows.filter(Q(reference__icontains=word) | Q(customer__name__icontains=word))
    order = "created_at" if state == ReportedPayment.State.WAITING else "-created_at"
    context = {
        "title": _("Reported payments"),
        "page": KeysetPage.of(rows, (order,), request.GET.get("cursor", "")),
        "state": state,
        "states": ReportedPayment.State.choices,
        "words": words,
    }
    is_part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"treasury/{'_reports' if is_part else 'reports'}.html", context)


@requires(Verb.SEE_ARRIVALS, post=Verb.MATCH_ARRIVALS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report; approving it registers the payment."""
    row = _report(request, pk)
    may_choose = person(request).may(Verb.RESTORE_ON_PAYMENT)
    form = ApproveForm(request.POST or None, customer=row.customer, may_choose=may_choose)
    return answer_form(
        request,
        form,
        title=_("Reported payment"),
        save=lambda form: actions.approve_report(
            actor=actor(request),
            now=now(),
            report=row,
            cash_box=form.cleaned_data["cash_box"],
            restore=form.cleaned_data.get("restore", False),
        ),
        done=_("The payment was registered."),
        to=reverse("treasury:reports"),
        template="treasury/report.html",
        report=row,
        twins=actions.twins_of(row)[:5],
        others=actions.other_reports_of(row)[:5],
        submit=_("Approve"),
    )


@requires(Verb.MATCH_ARRIVALS)
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    row = _report(request, pk)
    back = reverse("treasury:reports")
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        title=_("Reject the report"),
        intro=_("The customer receives these words by e-mail."),
        save=lambda form: actions.reject_report(
            actor=actor(request), now=now(), report=row, **form.cleaned_data
        ),
        done=_("The report was rejected."),
        to=back,
        cancel_url=reverse("treasury:report", args=[pk]),
    )


@require_GET
@requires(Verb.SEE_ARRIVALS)
def proof(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The proof, only to whoever may see the report; a browser runs nothing that is in it."""
    row = _report(request, pk)
    if not row.proof:
        raise Http404
    response = FileResponse(row.proof.open(), content_type=row.proof_type)
    ending = (row.proof.name or "").rpartition(".")[2]
    response["Content-Disposition"] = f'inline; filename="comprobante-{row.pk}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Verb.REGISTER_PAYMENTS)
def new_report(request: HttpRequest, pk: int) -> HttpResponse:
    """What a customer tells at the counter or by phone."""
    found = visible(person(request), Customer.objects.select_related("company", "zone"))
    customer = get_object_or_404(found, pk=pk)
    form = ReportForm(
        request.POST or None, request.FILES or None, today=today(time_zone_of(customer.zone))
    )
    back = reverse("desk:customer", args=[pk])
    return answer_form(
        request,
        form,
        title=_("Report a payment"),
        pretitle=customer.name,
        intro=_("It waits for approval. Nothing is paid until then."),
        save=lambda form: actions.report_payment(
            actor=actor(request), now=now(), customer=customer, **form.report()
        ),
        done=_("The report was kept."),
        to=back,
        submit=_("Report"),
        cancel_url=back,
    )


@public
def told_by_customer(request: HttpRequest, token: str) -> HttpResponse:
    """The customer's own page, by the signed address that he was given."""
    customer = actions.customer_of(token)
    if customer is None:
        return render(request, "treasury/public.html", {"title": _("Report a payment")}, status=404)
    sent, problem = "sent" in request.GET, ""
    form = ReportForm(
        request.POST or None, request.FILES or None, today=today(time_zone_of(customer.zone))
    )
    if request.method == "POST" and not may_knock(request, "reports", RATE):
        problem = _("Too many reports came from here. Try again in an hour.")
    elif request.method == "POST" and form.is_valid():
        try:
            actions.report_payment(
                actor=Actor.system("customer"), now=now(), customer=customer, **form.report()
            )
            return redirect(f"{reverse('treasury:told', args=[token])}?sent=1")
        except RuleError as error:
            problem = explain(error)
    context = {
        "title": _("Report a payment"),
        "customer": customer,
        "form": form,
        "sent": sent,
        "problem": problem,
    }
    return render(request, "treasury/public.html", context)


@require_GET
@requires(Verb.SEE_PAYMENTS)
def customer_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """On the customer's page: reports, links to pay, and his address for reporting."""
    found = visible(person(request), Customer.objects.select_related("company"))
    customer = get_object_or_404(found, pk=pk)
    address = reverse("treasury:told", args=[actions.report_token(customer)])
    context = {
        "customer": customer,
        "reports": customer.reported_payments.order_by("-created_at")[:5],
        "links": customer.payment_links.select_related("gateway").exclude(url="")[:3],
        "address": request.build_absolute_uri(address),
    }
    return render(request, "treasury/_customer.html", context)


def _report(request: HttpRequest, pk: int) -> ReportedPayment:
    rows = visible(person(request), ReportedPayment.objects.all())
    return get_object_or_404(rows.select_related("customer__company", "payment"), pk=pk)

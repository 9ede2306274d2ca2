"""Money that waits for an owner: how much, since when, and giving gateway money by hand."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.billing.calendars import clock_named
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.apps.treasury import actions
from caudal.apps.treasury.forms import ReasonForm
from caudal.apps.treasury.models import GatewayPayment
from caudal.apps.treasury.reads import (
    bank_money_waiting,
    gateway_money_waiting,
    reports_waiting,
    sums,
)
from caudal.core.civil import local_date
from caudal.core.errors import RuleError
from caudal.web.errors import explain
from caudal.web.forms import answer_form

SHOWN = 100


@require_GET
@requires(Verb.SEE_ARRIVALS)
def waiting(request: HttpRequest) -> HttpResponse:
    """Everything that waits, by source, with its age; the oldest first."""
    on = today()
    gateways = visible(person(request), gateway_money_waiting()).select_related(
        "gateway__cash_box__account", "customer", "payment"
    )
    lines = visible(person(request), bank_money_waiting()).select_related(
        "account__cash_box__account"
    )
    context = {
        "title": _("Unmatched money"),
        "figures": figures(person(request)),
        "gateways": [(row, _days(row, on)) for row in gateways.order_by("first_at")[:SHOWN]],
        "lines": [(row, (on - row.on).days) for row in lines.order_by("on", "id")[:SHOWN]],
        "shown": SHOWN,
    }
    return render(request, "treasury/waiting.html", context)


@require_GET
@requires(Verb.SEE_ARRIVALS)
def card(request: HttpRequest) -> HttpResponse:
    """The same in a few figures, for the first page."""
    return render(request, "treasury/_card.html", {"figures": figures(person(request))})


@require_GET
@requires(Verb.SEE_ARRIVALS)
def gateway_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment at a gateway: what was told of it, and giving it to a customer."""
    row = _payment(request, pk)
    context = {
        "title": _("Payment %(id)s at %(gateway)s")
        % {"id": row.external_id, "gateway": row.gateway},
        "row": row,
        "waits": gateway_money_waiting().filter(pk=row.pk).exists(),
        "events": row.events.order_by("received_at"),
        "search_url": reverse("treasury:find_customer") + f"?payment={row.pk}",
    }
    return render(request, "treasury/gateway_payment.html", context)


@require_POST
@requires(Verb.MATCH_ARRIVALS)
def give(request: HttpRequest, pk: int, customer_pk: int) -> HttpResponse:
    row = _payment(request, pk)
    found = visible(person(request), Customer.objects.select_related("company", "zone"))
    customer = get_object_or_404(found, pk=customer_pk)
    try:
        actions.assign_gateway_payment(actor=actor(request), now=now(), row=row, customer=customer)
        messages.success(request, _("The payment was registered."))
    except RuleError as error:
        messages.error(request, explain(error))
    return redirect("treasury:gateway_payment", pk)


@requires(Verb.MATCH_ARRIVALS)
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    row = _payment(request, pk)
    back = reverse("treasury:waiting")
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        title=_("Set aside"),
        intro=_("The money was given back, was a test, or belongs elsewhere."),
        save=lambda form: actions.set_aside(
            actor=actor(request), now=now(), row=row, **form.cleaned_data
        ),
        done=_("It was set aside."),
        to=back,
        cancel_url=back,
    )


def figures(user: User) -> list[dict[str, Any]]:
    """Per source: how many wait, how much, and since when."""
    gateways = visible(user, gateway_money_waiting())
    lines = visible(user, bank_money_waiting())
    reports = visible(user, reports_waiting())
    return [
        {
            "label": _("Bank lines"),
            "url": reverse("treasury:lines"),
            "icon": "building-bank",
            "count": lines.count(),
            "sums": sums(lines.values_list("account__cash_box__account__currency", "amount")),
            "since": lines.aggregate(since=Min("on"))["since"],
        },
        {
            "label": _("Gateway payments"),
            "url": reverse("treasury:waiting") + "#gateways",
            "icon": "credit-card",
            "count": gateways.count(),
            "sums": sums(gateways.values_list("currency", "amount")),
            "since": gateways.aggregate(since=Min("first_at"))["since"],
        },
        {
            "label": _("Reported payments"),
            "url": reverse("treasury:reports"),
            "icon": "receipt",
            "count": reports.count(),
            "sums": sums(reports.values_list("currency", "amount")),
            "since": reports.aggregate(since=Min("created_at"))["since"],
        },
    ]


def _days(row: GatewayPayment, on: date) -> int:
    return (on - local_date(row.first_at, clock_named(""))).days


def _payment(request: HttpRequest, pk: int) -> GatewayPayment:
    rows = visible(person(request), GatewayPayment.objects.all()).select_related(
        "gateway__cash_box__account", "customer", "payment", "invoice"
    )
    return get_object_or_404(rows, pk=pk)

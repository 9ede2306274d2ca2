"""Billing runs: what they would do on a date, and doing it now."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from caudal.apps.billing import actions
from caudal.apps.billing.forecast import forecast
from caudal.apps.billing.forms import DayInput
from caudal.apps.billing.models import Parked, RequestedRun
from caudal.apps.billing.why import tell
from caudal.apps.clock.now import now, today
from caudal.apps.staff.access import actor, requires
from caudal.apps.staff.verbs import Verb

LATEST = 8


class DateForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Date"), widget=DayInput())


@require_GET
@requires(Verb.RUN_BILLING)
def run(request: HttpRequest) -> HttpResponse:
    """The page of the creation run: a date, its preview, the latest runs and who is parked."""
    on = _asked(request)
    context = {
        "title": _("Billing run"),
        "on": on,
        "form": DateForm({"on": on}),
        "latest": _latest(),
        "parked": Parked.objects.select_related("customer")[:50],
    }
    return render(request, "billing/run.html", context)


@require_GET
@requires(Verb.RUN_BILLING)
def run_preview(request: HttpRequest) -> HttpResponse:
    """What the creation of the date would make now."""
    found = forecast(_asked(request), now())
    skipped = [
        (item.customer, tell(item.reason, item.customer.company.currency)) for item in found.skipped
    ]
    context = {"forecast": found, "skipped": skipped, "totals": dict(found.totals)}
    return render(request, "billing/_run_preview.html", context)


@require_POST
@requires(Verb.RUN_BILLING)
def start(request: HttpRequest) -> HttpResponse:
    """Ask the worker to create the invoices of a date, at once."""
    form = DateForm(request.POST)
    if form.is_valid() and form.cleaned_data["on"] <= today():
        on = form.cleaned_data["on"]
        actions.request_run(actor=actor(request), now=now(), kind=RequestedRun.Kind.CREATE, on=on)
        messages.success(request, _("The worker was asked to do it."))
    else:
        messages.error(request, _("Choose today or a date that has passed."))
    return redirect("billing:run")


@require_GET
@requires(Verb.RUN_BILLING)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(RequestedRun, pk=pk)
    return render(request, "billing/_requested.html", {"row": row})


def _asked(request: HttpRequest) -> date:
    form = DateForm(request.GET)
    on: date = form.cleaned_data["on"] if form.is_valid() else today()
    return on


def _latest() -> list[RequestedRun]:
    return list(RequestedRun.objects.filter(kind=RequestedRun.Kind.CREATE)[:LATEST])

"""What salespeople earned in some days, and at which percentage."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now, today
from caudal.apps.payments.commissions import commissions, earned, payments_of, set_commission
from caudal.apps.payments.models import CommissionRate, Payment
from caudal.apps.payments.views.daily import DayForm
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.web.decimals import TypedDecimal
from caudal.web.export import csv_response, xlsx_response
from caudal.web.forms import PanelForm, answer_form

HEADER = (
    gettext_lazy("Salesperson"), gettext_lazy("When"), gettext_lazy("Receipt"),
    gettext_lazy("Customer code"), gettext_lazy("Customer"), gettext_lazy("Collected"),
    gettext_lazy("Currency"), gettext_lazy("Percentage"), gettext_lazy("Commission"),
)  # fmt: skip


class RateForm(PanelForm):
    """Who earns how much, from when on."""

    person: Any = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label=gettext_lazy("Salesperson")
    )
    percent = TypedDecimal(
        label=gettext_lazy("Percentage of what his customers pay"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Earlier payments keep the percentage of their day."),
    )


@require_GET
@requires(Verb.SEE_PAYMENTS)
def report(request: HttpRequest) -> HttpResponse:
    """The sums, and who is asked for may see the percentages."""
    form = _form(request)
    first, last, _operator = form.asked(today())
    rates = CommissionRate.objects.select_related("person")
    context = {
        "title": _("Commissions"),
        "form": form,
        "first": first,
        "last": last,
        "rows": commissions(person(request), first, last, _zone(), form.chosen_branch),
        "rates": rates if person(request).may(Verb.SEE_INCOME) else rates.none(),
    }
    return render(request, "payments/commissions.html", context)


@require_GET
@requires(Verb.SEE_PAYMENTS)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every payment that earned something or could have, one a row."""
    form = _form(request)
    first, last, _operator = form.asked(today())
    rows = payments_of(person(request), first, last, _zone(), form.chosen_branch)
    rows = rows.select_related("customer__salesperson")
    write = xlsx_response if kind == "xlsx" else csv_response
    found = rows.order_by("customer__salesperson__name", "paid_at", "id").iterator(chunk_size=1000)
    name = f"{_('commissions')}-{first:%Y-%m-%d}"
    return write(name, [str(title) for title in HEADER], (_row(each) for each in found))


@requires(Verb.MANAGE_STAFF)
def set_rate(request: HttpRequest) -> HttpResponse:
    back = reverse("payments:commissions")
    return answer_form(
        request,
        RateForm(request.POST or None, initial={"since": today()}),
        title=_("Percentage of a salesperson"),
        save=lambda form: set_commission(actor=actor(request), now=now(), **form.cleaned_data),
        done=_("The percentage was saved."),
        to=back,
        cancel_url=back,
    )


def _row(row: Payment) -> tuple[Any, ...]:
    kept, rate = row.kept, row.rate  # type: ignore[attr-defined]
    return (
        str(row.customer.salesperson),
        row.paid_at,
        str(row),
        row.customer.code,
        row.customer.name,
        kept,
        row.currency,
        rate,
        earned(kept, rate, row.currency),
    )


def _form(request: HttpRequest) -> DayForm:
    month = {"first": today().replace(day=1).isoformat(), "last": today().isoformat()}
    return DayForm(month | request.GET.dict(), user=person(request), may_choose=False)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)

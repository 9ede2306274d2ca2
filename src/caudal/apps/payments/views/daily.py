"""The cash of a day by operator: on the screen, on paper, as a file."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import today
from caudal.apps.payments.models import Movement
from caudal.apps.payments.reports import by_operator, movements
from caudal.apps.staff.access import person, requires
from caudal.apps.staff.branches import OfBranch
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.web.export import csv_response, xlsx_response

HEADER = (
    gettext_lazy("When"), gettext_lazy("Operator"), gettext_lazy("Cash box"),
    gettext_lazy("Session"), gettext_lazy("Kind"), gettext_lazy("Form of payment"),
    gettext_lazy("Receipt"), gettext_lazy("Customer code"), gettext_lazy("Customer"),
    gettext_lazy("Note"), gettext_lazy("Amount"), gettext_lazy("Currency"),
)  # fmt: skip


class DayForm(OfBranch):
    """Which days, whose, and of which branch."""

    first: Any = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    operator: Any = forms.ModelChoiceField(
        User.objects.all(),
        label=gettext_lazy("Operator"),
        required=False,
        empty_label=gettext_lazy("Everybody"),
    )

    field_order = ("first", "last", "operator", "branch")

    def __init__(self, *args: Any, user: User, may_choose: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_branches(user)
        if not may_choose:
            del self.fields["operator"]

    def asked(self, day: date) -> tuple[date, date, User | None]:
        """The days and the operator; a filter that makes no sense is today's."""
        typed = self.cleaned_data if self.is_valid() else {}
        first = typed.get("first") or day
        return first, max(typed.get("last") or first, first), typed.get("operator")


@require_GET
@requires(Verb.REGISTER_PAYMENTS)
def daily(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    first, last, operator = form.asked(today())
    rows = movements(person(request), first, last, _zone(), operator, form.chosen_branch)
    context = {
        "title": _("Cash of the day"),
        "form": form,
        "first": first,
        "last": last,
        "reports": by_operator(rows, person(request)),
    }
    return render(request, "payments/daily.html", context)


@require_GET
@requires(Verb.REGISTER_PAYMENTS)
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every movement of the report, one a row."""
    form = _form(request)
    first, last, operator = form.asked(today())
    rows = movements(person(request), first, last, _zone(), operator, form.chosen_branch)
    write = xlsx_response if kind == "xlsx" else csv_response
    name = f"{_('cash')}-{first:%Y-%m-%d}"
    found = rows.iterator(chunk_size=1000)
    return write(name, [str(title) for title in HEADER], (_row(each) for each in found))


def _row(row: Movement) -> tuple[Any, ...]:
    payment = row.payment
    return (
        row.at,
        str(row.operator or ""),
        row.box.name,
        "" if row.session_id is None else str(row.session_id),
        row.get_kind_display(),
        row.get_method_display(),
        "" if payment is None else str(payment),
        "" if payment is None else payment.customer.code,
        "" if payment is None else payment.customer.name,
        row.note,
        row.amount,
        row.box.account.currency,
    )


def _form(request: HttpRequest) -> DayForm:
    days = {"first": today().isoformat()} | request.GET.dict()
    user = person(request)
    return DayForm(days, user=user, may_choose=user.may(Verb.SUPERVISE_CASH))


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)

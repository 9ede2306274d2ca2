"""Forms of dunning: a promise to pay, and what narrows its lists."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.dunning.future import LONGEST
from caudal.apps.dunning.models import Promise
from caudal.apps.staff.models import User
from caudal.core.text import fold
from caudal.web.forms import PanelForm

DEFAULT_DAYS = 7
ENDED = (Promise.Outcome.REMOVED, Promise.Outcome.REPLACED, Promise.Outcome.DROPPED)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PromiseForm(PanelForm):
    """A blank day withdraws the promise (PRM-4)."""

    until = forms.DateField(label=_("Promises to pay by"), required=False, widget=_day())
    control_days = forms.IntegerField(
        label=_("Control days"),
        min_value=0,
        max_value=31,
        help_text=_("Days after it on which the cut is tried again until the router does it."),
    )
    invoices = forms.ModelMultipleChoiceField(
        Invoice.objects.none(), label=_("Invoices"), widget=forms.CheckboxSelectMultiple
    )
    restore = forms.BooleanField(label=_("Let him browse until then"), required=False)
    note = forms.CharField(label=_("Note"), max_length=250, required=False)

    def __init__(
        self, *args: Any, customer: Customer, live: Promise | None, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.live = today, live
        rules = customer.company.rules
        self.fields["until"].widget.attrs["min"] = today.isoformat()
        self.initial.setdefault("control_days", rules.promise_control_days)
        if live is not None:
            self.fields["until"].help_text = _("Leave it blank to withdraw the promise.")
            self.initial.update(until=live.until, control_days=live.control_days, note=live.note)
        else:
            self.fields["until"].required = True
        self._ask_invoices(customer, live)
        if not _is_cut(customer):
            del self.fields["restore"]
        else:
            self.initial.setdefault("restore", True)

    def _ask_invoices(self, customer: Customer, live: Promise | None) -> None:
        if customer.company.rules.promise_scope != Promise.Scope.INVOICES:
            del self.fields["invoices"]
            return
        owed = Invoice.objects.service().unpaid().filter(customer=customer).order_by("due")
        field: Any = self.fields["invoices"]
        field.queryset, field.required = owed, live is None
        chosen = owed if live is None else live.invoices.all()
        self.initial.setdefault("invoices", list(chosen.values_list("pk", flat=True)))

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return until


def _is_cut(customer: Customer) -> bool:
    return Service.objects.filter(
        customer=customer, suspensions__reason="unpaid", suspensions__closed_at=None
    ).exists()


class PromiseFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            ("", pgettext_lazy("masculine", "All")),
            *[(each.value, each.label) for each in Promise.Outcome if each not in ENDED],
            ("ended", _("Withdrawn or replaced")),
        ],
        required=False,
    )
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=_("Zone"), required=False, empty_label=_("All")
    )
    first = forms.DateField(label=_("Day from"), required=False, widget=_day())
    last = forms.DateField(label=_("Day to"), required=False, widget=_day())

    def narrow(self, rows: QuerySet[Promise]) -> QuerySet[Promise]:
        """The promises that fit; a filter that makes no sense is as if not given."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("outcome"):
            ended = wanted["outcome"] == "ended"
            rows = rows.filter(outcome__in=ENDED if ended else [wanted["outcome"]])
        if wanted.get("zone"):
            rows = rows.filter(customer__zone=wanted["zone"])
        if wanted.get("first"):
            rows = rows.filter(until__gte=wanted["first"])
        if wanted.get("last"):
            rows = rows.filter(until__lte=wanted["last"])
        for word in fold(wanted.get("q", "")).split():
            rows = rows.filter(customer__search_text__contains=word)
        return rows


class FutureFilter(forms.Form):
    """What narrows the report of cuts to come."""

    days = forms.IntegerField(
        label=_("Days"),
        min_value=1,
        max_value=LONGEST,
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": LONGEST}),
    )
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=_("Zone"), required=False, empty_label=_("All")
    )
    collector = forms.ModelChoiceField(
        User.objects.filter(customers_to_collect__isnull=False).distinct(),
        label=_("Collector"),
        required=False,
        empty_label=pgettext_lazy("masculine", "All"),
    )
    plan = forms.ModelChoiceField(
        Plan.objects.all(),
        label=_("Plan"),
        required=False,
        empty_label=pgettext_lazy("masculine", "All"),
    )

    @property
    def horizon(self) -> int:
        """1 to 60; a week where nothing sensible is asked."""
        self.is_valid()
        return int(self.cleaned_data.get("days") or DEFAULT_DAYS)

    def narrow(self, services: QuerySet[Service]) -> QuerySet[Service]:
        self.is_valid()
        wanted, found = self.cleaned_data, Q()
        if wanted.get("zone"):
            found &= Q(customer__zone=wanted["zone"])
        if wanted.get("collector"):
            found &= Q(customer__collector=wanted["collector"])
        if wanted.get("plan"):
            found &= Q(plan=wanted["plan"])
        return services.filter(found)

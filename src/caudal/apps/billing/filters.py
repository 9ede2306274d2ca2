"""How the list of invoices is narrowed, by what its address says."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.billing.models import Invoice
from caudal.apps.billing.models.invoice import InvoiceQuerySet
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Zone
from caudal.apps.staff.models import User
from caudal.core.text import fold, numbered
from caudal.web.decimals import TypedDecimal

STATES = (
    ("", pgettext_lazy("masculine", "All")),
    ("unpaid", _("To be paid")),
    ("overdue", _("Overdue")),
    ("partial", _("Partially paid")),
    ("paid", _("Paid")),
    ("void", pgettext_lazy("of an invoice", "Void")),
    ("merged", _("Merged")),
)
DATES = (("emission", _("Emission")), ("due", _("Due")), ("cut", _("Cut")))
ALWAYS_SHOWN = ("q", "state", "kind", "zone", "month")


def _amount(label: Any) -> TypedDecimal:
    return TypedDecimal(label=label, required=False, max_digits=14, decimal_places=2)


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class InvoiceFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", pgettext_lazy("masculine", "All")), *Invoice.Kind.choices],
        required=False,
    )
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=_("Zone"), required=False, empty_label=_("All")
    )
    month = forms.DateField(
        label=_("Month of emission"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    company = forms.ModelChoiceField(
        Company.objects.all(), label=_("Company"), required=False, empty_label=_("All")
    )
    collector = forms.ModelChoiceField(
        User.objects.filter(is_active=True), label=_("Collector"), required=False,
        empty_label=pgettext_lazy("masculine", "All"),
    )  # fmt: skip
    dates = forms.ChoiceField(label=_("Dates of"), choices=DATES, required=False)
    first = _day(_("From"))
    last = _day(_("To"))
    least = _amount(_("Total from"))
    most = _amount(_("Total to"))
    run = forms.IntegerField(label=_("Number of the run"), required=False, min_value=1)

    @property
    def usual(self) -> list[forms.BoundField]:
        return [self[name] for name in ALWAYS_SHOWN]

    @property
    def further(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in ALWAYS_SHOWN]

    @property
    def is_further(self) -> bool:
        """Whether a folded filter is in force, so that the fold is open."""
        return any(self.data.get(field.name) for field in self.further if field.name != "dates")

    def narrow(self, rows: InvoiceQuerySet, today: date) -> InvoiceQuerySet:
        """The invoices that fit; a filter that makes no sense is as if not given."""
        self.is_valid()
        wanted = self.cleaned_data
        rows = _in_state(rows, wanted.get("state", ""), today)
        for name, path in (("kind", "kind"), ("company", "company"), ("zone", "customer__zone"),
                           ("collector", "customer__collector")):  # fmt: skip
            if wanted.get(name):
                rows = rows.filter(**{path: wanted[name]})
        if month := wanted.get("month"):
            rows = rows.filter(emission__year=month.year, emission__month=month.month)
        rows = rows.filter(**_range(wanted))
        return rows.filter(_about(wanted.get("q", "").strip()))


def _range(wanted: dict[str, Any]) -> dict[str, Any]:
    on = wanted.get("dates") or "emission"
    asked = {
        f"{on}__gte": wanted.get("first"),
        f"{on}__lte": wanted.get("last"),
        "total__gte": wanted.get("least"),
        "total__lte": wanted.get("most"),
        "run": wanted.get("run"),
    }
    return {name: value for name, value in asked.items() if value is not None}


def _in_state(rows: InvoiceQuerySet, state: str, today: date) -> InvoiceQuerySet:
    if state == "unpaid":
        return rows.unpaid()
    if state == "overdue":
        return rows.unpaid().filter(due__lt=today)
    return rows.filter(state=state) if state else rows


def _about(words: str) -> Q:
    """A number as printed, or words of the customer: name, code, phone, document."""
    if not words:
        return Q()
    found = Q()
    for word in fold(words).split():
        found &= Q(customer__search_text__contains=word)
    return found | by_number(words)


def by_number(words: str) -> Q:
    """The invoices of a number as printed, with its prefix or without; else none."""
    named = numbered(words)
    if named is None:
        return Q(pk__in=[])
    prefix, number = named
    return Q(number=number, prefix__iexact=prefix) if prefix else Q(number=number)

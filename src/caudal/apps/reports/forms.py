"""What a report is asked: which months, of whom, divided by what."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Zone
from caudal.apps.reports.churn import GROUPS, LONGEST, Span, month_of, next_month
from caudal.apps.staff.branches import OfBranch
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.core.periods import ONE_DAY

USUAL = 12
"""Months, this one among them, where nobody chose others."""
MONTH = "%Y-%m"
WORDS = {"plan": _("Plan"), "zone": _("Zone"), "branch": _("Branch"), "seller": _("Salesperson")}


class MonthField(forms.DateField):
    """A month as browsers write it, 2026-07; the value is its first day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "month"}, format=MONTH)
        super().__init__(input_formats=[MONTH], widget=widget, required=False, **options)


class ChurnForm(OfBranch):
    """A value that makes no sense is as if it was not given."""

    first = MonthField(label=_("From"))
    last = MonthField(label=_("To"))
    zone = forms.ModelChoiceField(
        Zone.objects.none(), label=_("Zone"), required=False, empty_label=_("All")
    )
    plan = forms.ModelChoiceField(
        Plan.objects.all(),
        label=_("Plan"),
        required=False,
        empty_label=pgettext_lazy("masculine", "All"),
    )
    seller = forms.ModelChoiceField(
        User.objects.all(),
        label=_("Salesperson"),
        required=False,
        empty_label=pgettext_lazy("masculine", "All"),
    )
    field_order = ("first", "last", "zone", "branch")
    by = forms.ChoiceField(label=_("Divided by"), choices=list(WORDS.items()), required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User, today: date) -> None:
        self._today = today
        shown = {"first": f"{_back(today, USUAL - 1):{MONTH}}", "last": f"{today:{MONTH}}"}
        super().__init__({**shown, "by": "plan", **{k: v for k, v in data.items() if v}})
        zones: Any = self.fields["zone"]
        zones.queryset = visible(user, Zone.objects.all())
        self.offer_branches(user)
        if "branch" not in self.fields:
            by: Any = self.fields["by"]
            by.choices = [(name, word) for name, word in WORDS.items() if name != "branch"]
        self.is_valid()

    @property
    def span(self) -> Span:
        """At most LONGEST months that end today at the latest, whatever was asked."""
        given, this = self.cleaned_data, month_of(self._today)
        last = min(given.get("last") or this, this)
        first = min(given.get("first") or _back(last, USUAL - 1), last)
        first = max(first, _back(last, LONGEST - 1))
        return Span(first, min(next_month(last) - ONE_DAY, self._today))

    @property
    def group(self) -> str:
        return self.cleaned_data.get("by") or "plan"

    def narrowed(self) -> Q:
        """About services."""
        given = self.cleaned_data
        wanted = {GROUPS[name]: given[name] for name in GROUPS if given.get(name)}
        return Q(**wanted)


def _back(day: date, months: int) -> date:
    """The first day of the month that many months before."""
    for _each in range(months):
        day = month_of(day) - timedelta(days=1)
    return month_of(day)

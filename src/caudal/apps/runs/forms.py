"""Forms of runs: planning one, changing prices, what the clock does by itself, narrowing rows."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Customer, Zone
from caudal.apps.customers.search import matching
from caudal.apps.runs.models import Run, RunRow, RunTerms
from caudal.apps.runs.reads import exceptions
from caudal.apps.runs.sources.pricing import OwnPrices, PriceChange, PriceStyle
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelForm, PanelModelForm, Section, require_not_past

STEPS = [("0", _("To the cent")), ("1", "1"), ("5", "5"), ("10", "10")]

SHOWN = [
    ("", _("All")),
    ("acts", _("What is done")),
    ("new", _("New customers")),
    ("changed", _("Changed")),
    ("gone", _("No longer billed")),
    ("exceptions", _("Exceptions")),
    ("refused", _("Refused")),
    ("problem", _("Problems")),
    ("skip", _("Left out")),
]


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class PlanRunForm(PanelForm):
    """Which run is planned, for which date and zones."""

    kind = forms.ChoiceField(
        label=_("Run"),
        choices=[(kind.value, kind.label) for kind in (Run.Kind.CREATE, Run.Kind.CUT)],
    )
    on = forms.DateField(label=_("Date"), widget=DayInput())
    zones: Any = forms.ModelMultipleChoiceField(
        Zone.objects.filter(is_active=True),
        label=_("Zones"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )
    is_shadow = forms.BooleanField(
        label=_("Only compute: it can never be executed in earnest"), required=False
    )
    sections = [Section("", ["kind", "on", ("zones", 12), ("is_shadow", 12)])]


class PriceForm(PanelForm):
    """New prices of plans, for all of their customers."""

    plans: Any = forms.ModelMultipleChoiceField(
        Plan.objects.all(), label=_("Plans"), widget=forms.CheckboxSelectMultiple
    )
    style = forms.ChoiceField(
        label=_("New price"), choices=PriceStyle.choices, initial=PriceStyle.PERCENT
    )
    value = TypedDecimal(
        label=_("Percentage or amount"),
        max_digits=12,
        decimal_places=2,
        help_text=_("Negative makes it cheaper."),
    )
    step = forms.ChoiceField(label=_("Rounded to"), choices=STEPS, initial="0", required=False)
    own = forms.ChoiceField(
        label=_("Prices agreed with a customer"), choices=OwnPrices.choices, initial=OwnPrices.LEAVE
    )
    on = forms.DateField(
        label=_("From"),
        widget=DayInput(),
        help_text=_("Invoices created from this date on charge the new price."),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        return require_not_past(self.cleaned_data["on"], self.today)

    def clean_step(self) -> Decimal:
        return Decimal(self.cleaned_data["step"] or 0)

    def change(self) -> PriceChange:
        asked = self.cleaned_data
        return PriceChange(asked["style"], asked["value"], asked["own"], asked["step"])

    def preview(self) -> Iterator[tuple[Plan, Decimal, int, int]]:
        """(plan, new price, services that follow it, services with a price of their own)."""
        change = self.change()
        for plan in self.cleaned_data["plans"]:
            services = plan.services.exclude(state="cancelled")
            own = services.exclude(price=None).count()
            yield plan, change.new(plan.price, plan.currency), services.count() - own, own


class WaiveForm(PanelForm):
    """Asked before a cut is undone."""

    waives = forms.BooleanField(
        label=_("Do not cut them again for what they owe by today"),
        required=False,
        help_text=_("Unmarked, the next job cuts again who still owes. What falls due later cuts."),
    )


class TermsForm(PanelModelForm):
    """What the clock does by itself."""

    sections = [Section("", ["creation", "cuts", ("is_shadow", 12)])]

    class Meta:
        model = RunTerms
        fields = ("creation", "cuts", "is_shadow")
        help_texts = {
            "is_shadow": _(
                "Invoices and cuts are computed every day and nothing is done, so that they can"
                " be compared with those of the system that works."
            )
        }


class RowFilter(forms.Form):
    """How the rows of a run are narrowed, by what the address says."""

    q = forms.CharField(label=_("Search"), required=False)
    show = forms.ChoiceField(label=_("Show"), choices=SHOWN, required=False)
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=_("Zone"), required=False, empty_label=_("All")
    )
    plan = forms.ModelChoiceField(
        Plan.objects.all(),
        label=_("Plan"),
        required=False,
        empty_label=pgettext_lazy("masculine", "All"),
    )

    def narrow(self, rows: QuerySet[RunRow]) -> QuerySet[RunRow]:
        """The rows that fit; a filter that makes no sense is as if not given."""
        wanted = self.cleaned_data if self.is_valid() else {}
        rows = _shown(rows, wanted.get("show", ""))
        for name in ("zone", "plan"):
            if wanted.get(name):
                rows = rows.filter(**{name: wanted[name]})
        typed = wanted.get("q", "").strip()
        return rows.filter(_about(typed)) if typed else rows


class OtherSystemForm(PanelForm):
    """The invoices of the other system, to compare a shadow month with."""

    month = forms.DateField(
        label=_("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Two columns: the customer's code or document, and the amount invoiced."),
    )


def _shown(rows: QuerySet[RunRow], show: str) -> QuerySet[RunRow]:
    if show == "acts":
        return rows.exclude(action__in=RunRow.NOTES)
    if show == "exceptions":
        return exceptions(rows).exclude(action=RunRow.Action.GONE)
    if show in ("new", "changed", "gone"):
        return rows.filter(compared=show)
    if show in ("refused", "problem"):
        return rows.filter(status=show)
    return rows.filter(action=show) if show == "skip" else rows


def _about(typed: str) -> Q:
    return Q(customer__in=Customer.objects.filter(matching(typed)))

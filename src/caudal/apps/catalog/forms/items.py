"""Forms for plans, products and taxes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.checks import plan_faults
from caudal.apps.catalog.models import Company, Plan, Product, Tax
from caudal.apps.catalog.places import currencies
from caudal.web.decimals import TypedDecimal
from caudal.web.errors import add_to_form
from caudal.web.forms import KbpsField, PanelModelForm, Section

SPEED_HELP = _("In kbit/s, or with a letter: 512k, 10M, 1G.")
NEGATIVE = {"min_value": _("The price cannot be negative.")}


class PriceField(TypedDecimal):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0, max_digits=12, decimal_places=2, error_messages=NEGATIVE, **kwargs
        )


class CurrencyField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Currency"), choices=currencies, **kwargs)


class TaxForm(PanelModelForm):
    sections = [Section("", ["name", "rate"])]

    class Meta:
        model = Tax
        fields = ("name", "rate")
        field_classes = {"rate": TypedDecimal}
        help_texts = {"rate": _("For example 16 for 16 %.")}


class ProductForm(PanelModelForm):
    price = PriceField(label=_("Price"))
    currency = CurrencyField()
    sections = [Section("", [("name", 12), "price", "currency", ("description", 12)])]

    class Meta:
        model = Product
        fields = ("name", "price", "currency", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _own_currency(self)


class PlanForm(PanelModelForm):
    price = PriceField(label=_("Price per month"))
    currency = CurrencyField()
    down_kbps = KbpsField(label=_("Download"), help_text=SPEED_HELP)
    up_kbps = KbpsField(label=_("Upload"), help_text=SPEED_HELP)
    guaranteed_down_kbps = KbpsField(label=_("Guaranteed download"), required=False)
    guaranteed_up_kbps = KbpsField(label=_("Guaranteed upload"), required=False)
    burst_down_kbps = KbpsField(label=_("Burst download"), required=False)
    burst_up_kbps = KbpsField(label=_("Burst upload"), required=False)
    burst_threshold_down_kbps = KbpsField(label=_("Threshold download"), required=False)
    burst_threshold_up_kbps = KbpsField(label=_("Threshold upload"), required=False)
    sections = [
        Section(_("Plan"), [("name", 12), "technology", "price", "currency", "description"]),
        Section(_("Speed"), ["down_kbps", "up_kbps"]),
        Section(
            _("Guaranteed"),
            ["guaranteed_down_kbps", "guaranteed_up_kbps"],
            text=_("What the customer has even when the link is full. Empty: nothing is reserved."),
            is_open=False,
        ),
        Section(
            _("Burst"),
            [
                "burst_down_kbps",
                "burst_up_kbps",
                "burst_threshold_down_kbps",
                "burst_threshold_up_kbps",
                "burst_seconds",
            ],
            text=_("For a moment the customer may go faster than his speed. Fill all or none."),
            is_open=False,
        ),
        Section(_("Router"), ["profile", "priority"], is_open=False),
    ]

    class Meta:
        model = Plan
        fields = (
            "name", "technology", "price", "currency", "description", "down_kbps", "up_kbps",
            "guaranteed_down_kbps", "guaranteed_up_kbps", "burst_down_kbps", "burst_up_kbps",
            "burst_threshold_down_kbps", "burst_threshold_up_kbps", "burst_seconds", "profile",
            "priority",
        )  # fmt: skip
        help_texts = {
            "profile": _("Name of the PPP profile; empty: made from the plan's name."),
            "priority": _("1 is served first, 8 last."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _own_currency(self)
        if self.instance.pk:
            self.fields["technology"].disabled = True
            self.fields["technology"].help_text = _(
                "Services depend on it. For another technology make another plan."
            )
        if self.instance.burst_seconds:
            self.sections = [
                Section(each.title, each.fields, each.text, is_open=True) for each in self.sections
            ]

    def clean(self) -> dict[str, Any]:
        """Checks speeds together, but says nothing more of those that could not be read."""
        cleaned = super().clean() or {}
        plan = Plan(**{name: cleaned.get(name) for name in self.fields})
        for fault in plan_faults(plan):
            if fault.field not in self.errors:
                add_to_form(self, fault)
        return cleaned


def _own_currency(form: PanelModelForm) -> None:
    """A new row is in the currency of the first company."""
    if form.instance.pk is None:
        company = Company.objects.order_by("id").first()
        form.initial["currency"] = company.currency if company else "MXN"

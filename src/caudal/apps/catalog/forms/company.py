"""The form of an issuing company: who it is, its taxes, its rules and its numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.checks import check_logo
from caudal.apps.catalog.errors import CatalogError
from caudal.apps.catalog.forms.items import CurrencyField, PriceField
from caudal.apps.catalog.models import Company, Series, Tax
from caudal.apps.catalog.numbers import FIRST_PREFIX
from caudal.apps.catalog.places import countries
from caudal.web.errors import explain
from caudal.web.forms import PanelModelForm, Section

_SERIES = [
    (f"{kind}_{part}", width)
    for kind in Series.Kind.values
    for part, width in (("prefix", 6), ("next", 6))
]


class CompanyForm(PanelModelForm):
    country = forms.ChoiceField(label=_("Country"), choices=countries)
    currency = CurrencyField()
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    taxes = forms.ModelMultipleChoiceField(
        Tax.objects.filter(is_active=True),
        label=_("Taxes of its invoices"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    unlock_value = PriceField(
        label=_("Debt that is not cut"),
        help_text=_("A customer who owes this much or less is not cut."),
    )
    late_fee = PriceField(label=_("Late fee"))
    reconnection_fee = PriceField(label=_("Reconnection fee"))
    sections = [
        Section(
            _("Company"),
            ["name", "legal_name", "tax_id", "tax_condition", "country", "currency",
             ("is_fiscal", 12)],
        ),
        Section(
            _("Contact"), [("address", 12), "phone", "email", "website", "logo", ("footer", 12)]
        ),
        Section(_("Taxes"), ["tax_mode", "tax_rounding", ("taxes", 12)]),
        Section(
            _("Billing"),
            ["grouping", "prorate_base", ("unlock_value", 4), ("late_fee", 4),
             ("reconnection_fee", 4)],
        ),
        Section(
            _("Numbers"),
            _SERIES,
            text=_("Prefix and next number of each kind of document."),
            is_open=False,
        ),
    ]  # fmt: skip

    class Meta:
        model = Company
        fields = (
            "name", "legal_name", "tax_id", "tax_condition", "is_fiscal", "country", "currency",
            "address", "phone", "email", "website", "logo", "footer", "tax_mode", "tax_rounding",
            "taxes", "grouping", "prorate_base", "unlock_value", "late_fee", "reconnection_fee",
        )  # fmt: skip
        widgets = {"footer": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {row.kind: row for row in self.instance.series.all()} if self.instance.pk else {}
        for kind in Series.Kind:
            row = rows.get(kind) or Series(kind=kind, prefix=FIRST_PREFIX.get(kind, ""))
            self._add_series(kind, row)

    def _add_series(self, kind: Series.Kind, row: Series) -> None:
        name = {"name": kind.label}
        self.fields[f"{kind}_prefix"] = forms.CharField(
            label=_("%(name)s: prefix") % name,
            max_length=12,
            required=False,
            initial=row.prefix,
        )
        self.fields[f"{kind}_next"] = forms.IntegerField(
            label=_("%(name)s: next number") % name, min_value=1, initial=row.next_number
        )

    def clean_logo(self) -> Any:
        file = self.cleaned_data.get("logo")
        if file and "logo" in self.changed_data:
            try:
                check_logo(file)
            except CatalogError as error:
                raise forms.ValidationError(explain(error)) from error
        return file or ""

    @property
    def wanted(self) -> dict[str, Any]:
        """What the action is given: columns, and the series as a table of their own."""
        columns = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        series = {
            kind.value: (self.cleaned_data[f"{kind}_prefix"], self.cleaned_data[f"{kind}_next"])
            for kind in Series.Kind
        }
        return {**columns, "series": series}

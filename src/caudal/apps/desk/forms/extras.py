"""Additional services in the registration form (IW-10): what else his invoices charge."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.actions import Sale
from caudal.apps.billing.models import CustomerProduct
from caudal.apps.catalog.models import Plan, Product
from caudal.core.errors import RuleError
from caudal.core.products import MOST_INSTALMENTS
from caudal.web.decimals import TypedDecimal
from caudal.web.errors import explain
from caudal.web.forms import PanelForm, Section
from caudal.web.money import format_money

ROWS = range(1, 5)
BILLING = CustomerProduct.Billing


class ExtraProductField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, product: Any) -> str:
        return f"{product.name} / {format_money(product.price, product.currency)}"


class ExtraFields(PanelForm):
    """Rows of a product, how it is charged, its price and since when; all of it optional."""

    def offer_extras(self) -> None:
        """Add the rows; none where nothing is sold besides plans."""
        self.extra_rows = list(ROWS) if Product.objects.filter(is_active=True).exists() else []
        for n in self.extra_rows:
            self.fields |= _row(n)

    def extras_section(self) -> Section:
        cells = [
            cell
            for n in self.extra_rows
            for cell in (
                (f"extra_{n}_product", 6),
                (f"extra_{n}_billing", 6),
                (f"extra_{n}_price", 4),
                (f"extra_{n}_instalments", 4),
                (f"extra_{n}_starts", 4),
            )
        ]
        typed = any(self[f"extra_{n}_product"].value() for n in self.extra_rows)
        return Section(_("Additional services"), cells, is_open=typed)

    def check_extras(self, plan: Plan | None) -> None:
        """Say beside the fields what the sale would refuse. Called by `clean`."""
        for n in self.extra_rows:
            price = self.cleaned_data.get(f"extra_{n}_price")
            if self.cleaned_data.get(f"extra_{n}_product") is None:
                if price is not None and f"extra_{n}_product" not in self.errors:
                    self.add_error(f"extra_{n}_product", _("Choose what this price is of."))
                continue
            self._check_row(n, plan)

    def sales(self) -> list[Sale]:
        """What was chosen, after the form was checked."""
        return list(self._sales())

    def _check_row(self, n: int, plan: Plan | None) -> None:
        instalments = f"extra_{n}_instalments"
        in_parts = self.cleaned_data.get(f"extra_{n}_billing") == BILLING.INSTALMENTS
        if in_parts and instalments not in self.errors and not self.cleaned_data[instalments]:
            self.add_error(instalments, _("Write in how many instalments."))
            return
        if plan is None or any(name.startswith(f"extra_{n}_") for name in self.errors):
            return
        try:
            self._sale(n).check(plan.currency)
        except RuleError as error:
            self.add_error(f"extra_{n}_product", explain(error))

    def _sales(self) -> Iterator[Sale]:
        for n in self.extra_rows:
            if self.cleaned_data.get(f"extra_{n}_product") is not None:
                yield self._sale(n)

    def _sale(self, n: int) -> Sale:
        data = self.cleaned_data
        billing = data[f"extra_{n}_billing"]
        counted = data[f"extra_{n}_instalments"] if billing == BILLING.INSTALMENTS else None
        return Sale(
            product=data[f"extra_{n}_product"],
            billing=billing,
            price=data[f"extra_{n}_price"],
            instalments=counted or 1,
            starts=data[f"extra_{n}_starts"],
        )


def _row(n: int) -> dict[str, forms.Field]:
    return {
        f"extra_{n}_product": ExtraProductField(
            Product.objects.filter(is_active=True),
            label=format_lazy("{} {}", _("Additional service"), n),
            required=False,
            empty_label=_("None"),
        ),
        f"extra_{n}_billing": forms.ChoiceField(
            label=_("It is charged"), choices=BILLING, initial=BILLING.RECURRING, required=False
        ),
        f"extra_{n}_price": TypedDecimal(
            label=_("Price"),
            min_value=Decimal(0),
            max_digits=12,
            decimal_places=2,
            required=False,
            widget=forms.NumberInput(attrs={"placeholder": _("The catalog's")}),
        ),
        f"extra_{n}_instalments": forms.IntegerField(
            label=_("Instalments"), min_value=2, max_value=MOST_INSTALMENTS, required=False
        ),
        f"extra_{n}_starts": forms.DateField(
            label=_("From"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        ),
    }

"""Forms of what is sold to a customer: products, discounts, their ends, and a fixed date."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.forms import DayInput, amount_field
from caudal.apps.billing.models import CustomerProduct
from caudal.apps.billing.selling import Sale
from caudal.apps.catalog.models import Product
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.core.products import MOST_INSTALMENTS
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelForm, Section, require_not_past
from caudal.web.money import format_money


class ProductField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Name and price, as plans are offered: Router / $450.00."""

    def __init__(self, **options: Any) -> None:
        offered = Product.objects.filter(is_active=True)
        super().__init__(offered, required=False, empty_label=_("None of the catalog"), **options)

    def label_from_instance(self, product: Any) -> str:
        return f"{product.name} / {format_money(product.price, product.currency)}"


class OfService(PanelForm):
    """A form of something that may belong to one of a customer's services."""

    service: Any = forms.ModelChoiceField(
        Service.objects.none(),
        label=_("Service"),
        required=False,
        empty_label=_("The first one that is invoiced"),
    )

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["service"]
        field.queryset = customer.services.exclude(state=ServiceState.CANCELLED).select_related(
            "plan"
        )
        field.label_from_instance = lambda service: f"{service.number}. {service.plan}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The first day is after the last one."))
        return cleaned


class SaleForm(OfService):
    product = ProductField(label=_("Product"))
    description = forms.CharField(
        label=_("Description on the invoice"),
        max_length=200,
        required=False,
        help_text=_("Empty: the product's."),
    )
    billing = forms.ChoiceField(label=_("It is charged"), choices=CustomerProduct.Billing)
    price = amount_field(
        _("Price"),
        min_value=Decimal(0),
        help_text=_("Of each period, or of all instalments together. Empty: the catalog's."),
    )
    instalments = forms.IntegerField(
        label=_("Instalments"), min_value=2, max_value=MOST_INSTALMENTS, required=False
    )
    starts = forms.DateField(label=_("From"), required=False, widget=DayInput())
    ends = forms.DateField(
        label=_("To"),
        required=False,
        widget=DayInput(),
        help_text=_("Invoices emitted between both days charge it, both included."),
    )

    sections = (
        Section(_("What is sold"), ["product", "description", "service"]),
        Section(_("How it is charged"), ["billing", ("price", 3), ("instalments", 3)]),
        Section(_("When"), ["starts", "ends"]),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("product") is None and not cleaned.get("description"):
            self.add_error("description", _("Choose a product or write what is sold."))
        elif cleaned.get("product") is None and cleaned.get("price") is None:
            self.add_error("price", _("Write what it costs."))
        require_instalments(self, cleaned.get("billing"), "instalments")
        return cleaned

    def sale(self) -> Sale:
        data = self.cleaned_data
        return Sale(
            product=data["product"],
            description=data["description"],
            billing=data["billing"],
            price=data["price"],
            instalments=data["instalments"] or 1,
            starts=data["starts"],
            ends=data["ends"],
        )


def require_instalments(form: forms.Form, billing: str | None, field: str) -> None:
    """Say beside the field that instalments need their number."""
    needs = billing == CustomerProduct.Billing.INSTALMENTS
    if needs and not form.cleaned_data.get(field) and field not in form.errors:
        form.add_error(field, _("Write in how many instalments."))


class DiscountForm(OfService):
    description = forms.CharField(label=_("Description on the invoice"), max_length=200)
    percent = TypedDecimal(
        label=_("Percentage"),
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=7,
        decimal_places=4,
        required=False,
    )
    amount = amount_field(_("Or an amount"), min_value=Decimal("0.01"))
    months = forms.IntegerField(
        label=_("Invoices that get it"),
        min_value=1,
        max_value=1200,
        required=False,
        help_text=_("Empty: all of them, until it ends."),
    )
    starts = forms.DateField(label=_("From"), required=False, widget=DayInput())
    ends = forms.DateField(label=_("To"), required=False, widget=DayInput())

    sections = (
        Section("", ["description", "service", ("percent", 4), ("amount", 4), ("months", 4)]),
        Section(_("When"), ["starts", "ends"]),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = [cleaned.get(name) for name in ("percent", "amount")]
        has_read = "percent" not in self.errors and "amount" not in self.errors
        if has_read and given.count(None) != 1:
            self.add_error("percent", _("Give a percentage or an amount, one of the two."))
        return cleaned


class MoveForm(OfService):
    """Which service's invoices charge a product from now on."""


class EndForm(PanelForm):
    """Until when a product is charged."""

    ends = forms.DateField(
        label=_("Last emission date that charges it"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: no end."),
    )

    def __init__(self, *args: Any, sold: CustomerProduct, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sold = sold
        self.fields["ends"].initial = sold.ends

    def clean_ends(self) -> date | None:
        ends: date | None = self.cleaned_data["ends"]
        if ends and self.sold.starts and ends < self.sold.starts:
            raise forms.ValidationError(_("The first day is after the last one."))
        return ends


class FixedDateForm(PanelForm):
    """GEN-7."""

    on = forms.DateField(label=_("The next invoice is created on"), widget=DayInput())

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        return require_not_past(self.cleaned_data["on"], self.today)

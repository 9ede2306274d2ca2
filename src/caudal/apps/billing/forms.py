"""Forms of billing: an invoice by hand, voiding one, a debit or credit note."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.issuing import ManualLine, Order
from caudal.apps.billing.models import Adjustment, Invoice
from caudal.apps.catalog.models import Product
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.core.periods import Period
from caudal.web.forms import PanelForm, Section

LINES = range(1, 5)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


def amount_field(label: Any, **options: Any) -> forms.DecimalField:
    options = {"required": False, "max_digits": 12, "decimal_places": 2, **options}
    return forms.DecimalField(label=label, **options)


class IssueForm(PanelForm):
    """A service invoice with days to prorate, or a free one; both with lines typed by hand."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Invoice.Kind.choices, initial=Invoice.Kind.SERVICE
    )
    service: Any = forms.ModelChoiceField(
        Service.objects.none(), label=_("Service"), required=False, empty_label=_("No service")
    )
    first = forms.DateField(label=_("From"), required=False, widget=DayInput())
    last = forms.DateField(label=_("To"), required=False, widget=DayInput())
    price = amount_field(
        _("Price of those days"),
        min_value=Decimal(0),
        help_text=_("Empty: the service's price for those days. 0 makes them free."),
    )
    emission = forms.DateField(label=_("Emission"), widget=DayInput())
    due = forms.DateField(
        label=_("Due"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: as the customer's calendar says."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, customer: Customer, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        services = customer.services.exclude(state=ServiceState.CANCELLED).select_related("plan")
        self._set_services(services, today)
        for n in LINES:
            self.fields |= _line_fields(n)
        lines = [cell for n in LINES for cell in _line_cells(n)]
        self.sections = (
            Section(
                _("What it charges"),
                ["kind", "service", ("first", 4), ("last", 4), ("price", 4)],
            ),
            Section(_("More lines"), lines, is_open=False),
            Section(_("Dates"), [("emission", 4), ("due", 4), ("note", 12)]),
        )

    def _set_services(self, services: Any, today: date) -> None:
        field: Any = self.fields["service"]
        field.queryset = services
        field.label_from_instance = lambda service: f"{service.number}. {service.plan}"
        self.fields["emission"].initial = today
        if len(found := list(services[:2])) == 1:
            self.fields["service"].initial = found[0].pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if bool(first) != bool(last):
            self.add_error("last" if first else "first", _("Give the first and the last day."))
        elif first and last < first:
            self.add_error("last", _("The first day is after the last one."))
        if first and not cleaned.get("service"):
            self.add_error("service", _("Choose the service whose days these are."))
        return cleaned

    def order(self) -> Order:
        """What was typed, as the action takes it."""
        wanted = self.cleaned_data
        first = wanted["first"]
        is_free = wanted["kind"] == Invoice.Kind.FREE
        return Order(
            kind=wanted["kind"],
            emission=wanted["emission"],
            due=wanted["due"],
            service=None if is_free else wanted["service"],
            days=Period(first, wanted["last"]) if first and not is_free else None,
            price=wanted["price"],
            lines=list(self._lines()),
            note=wanted["note"],
        )

    def _lines(self) -> Iterator[ManualLine]:
        for n in LINES:
            product = self.cleaned_data.get(f"product_{n}")
            text = self.cleaned_data.get(f"text_{n}") or (product.name if product else "")
            price = self.cleaned_data.get(f"price_{n}")
            if price is None and product is not None:
                price = product.price
            if text and price is not None:
                quantity = self.cleaned_data.get(f"quantity_{n}") or Decimal(1)
                yield ManualLine(text, price, quantity, product)


def _line_fields(n: int) -> dict[str, forms.Field]:
    return {
        f"text_{n}": forms.CharField(label=_("Description"), required=False, max_length=250),
        f"product_{n}": forms.ModelChoiceField(
            Product.objects.filter(is_active=True), label=_("Product"), required=False
        ),
        f"quantity_{n}": amount_field(_("Quantity"), min_value=Decimal("0.01")),
        f"price_{n}": amount_field(_("Price")),
    }


def _line_cells(n: int) -> list[tuple[str, int]]:
    return [(f"text_{n}", 4), (f"product_{n}", 3), (f"quantity_{n}", 2), (f"price_{n}", 3)]


class ReasonForm(PanelForm):
    """Why something is undone."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class AdjustForm(PanelForm):
    """A debit or credit note."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Adjustment.Kind.choices)
    amount = amount_field(_("Amount"), required=True, min_value=Decimal("0.01"))
    on = forms.DateField(label=_("Date"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=200)

    sections = (Section("", ["kind", "amount", ("on", 6), ("reason", 12)]),)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(_("The date cannot be in the future."))
        return on

    def signed(self) -> Decimal:
        """Above zero for a debit, below for a credit."""
        amount: Decimal = self.cleaned_data["amount"]
        return amount if self.cleaned_data["kind"] == Adjustment.Kind.DEBIT else -amount

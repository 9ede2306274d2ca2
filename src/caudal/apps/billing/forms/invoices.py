"""Forms of an invoice by hand, and of the editing of one."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.editing import Edit
from caudal.apps.billing.forms.fields import DayInput, amount_field
from caudal.apps.billing.forms.lines import lines_form, rows_of
from caudal.apps.billing.issuing import Order
from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.core.periods import Period
from caudal.web.forms import PanelForm, Section


class WithLines(PanelForm):
    """A form with rows of lines beside its fields; it is valid when both are."""

    lines: Any

    def is_valid(self) -> bool:
        valid = super().is_valid()
        return bool(self.lines.is_valid()) and valid


class IssueForm(WithLines):
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
    takes_waiting = forms.BooleanField(
        label=_("Charge also the products, discounts and items that wait"), required=False
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
        rows = options.pop("rows", [])
        super().__init__(*args, **options)
        services = customer.services.exclude(state=ServiceState.CANCELLED).select_related("plan")
        self._set_services(services, today)
        self.lines = lines_form(self.data if self.is_bound else None, rows)
        self.sections = (
            Section(
                _("What it charges"),
                ["kind", "service", ("first", 4), ("last", 4), ("price", 4),
                 ("takes_waiting", 12)],
            ),
            Section(_("Dates"), [("emission", 4), ("due", 4), ("note", 12)]),
        )  # fmt: skip

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
            lines=self.lines.manual(),
            note=wanted["note"],
            takes_waiting=wanted["takes_waiting"] and not is_free,
        )


class EditForm(WithLines):
    """An unpaid invoice: its dates, its note and every line."""

    emission = forms.DateField(label=_("Emission"), widget=DayInput())
    due = forms.DateField(label=_("Due"), widget=DayInput())
    cut = forms.DateField(label=_("Cut"), required=False, widget=DayInput())
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, invoice: Invoice, **options: Any) -> None:
        initial = {name: getattr(invoice, name) for name in ("emission", "due", "cut", "note")}
        options["initial"] = initial
        super().__init__(*args, **options)
        if invoice.kind == Invoice.Kind.FREE:
            del self.fields["cut"]
        rows = rows_of(invoice)
        self.lines = lines_form(self.data if self.is_bound else None, rows)
        dates: list[str | tuple[str, int]] = [(name, 4) for name in ("emission", "due", "cut")]
        self.sections = (Section("", [*dates, ("note", 12)]),)

    def edit(self) -> Edit:
        """What was typed, as the action takes it."""
        wanted = self.cleaned_data
        return Edit(
            lines=self.lines.edited(),
            emission=wanted["emission"],
            due=wanted["due"],
            cut=wanted.get("cut"),
            note=wanted["note"],
        )

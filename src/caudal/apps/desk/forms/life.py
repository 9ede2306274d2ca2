"""Forms of what happens in the life of a service: plans, holds, its end, its return, its dates."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import ServiceChange
from caudal.apps.catalog.models import Plan
from caudal.apps.customers.calendars import calendar_from
from caudal.apps.customers.models import CalendarFields, Customer, OwnCalendar, Service
from caudal.apps.desk.forms.acts import DayField
from caudal.apps.desk.forms.causes import CancelCauseFields
from caudal.apps.desk.forms.service import PlanField
from caudal.core.errors import RuleError
from caudal.core.periods import Calendar
from caudal.web.decimals import TypedDecimal
from caudal.web.errors import add_to_form
from caudal.web.forms import PanelForm, PanelModelForm, Section

YEAR = timedelta(days=366)
NUMBERS = [field.name for field in CalendarFields._meta.fields]


class PlanForm(PanelForm):
    """Another plan, or another price for the same one, from a day on."""

    plan = PlanField(Plan.objects.none(), label=_("Plan"))
    price = TypedDecimal(
        label=_("Own price per month"),
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=2,
        required=False,
        help_text=_("Empty: the plan's price."),
    )
    on = DayField(
        label=_("First day"),
        help_text=_("A day to come waits for its day; a past one corrects what is billed since."),
    )
    style = forms.ChoiceField(
        label=_("The difference is charged"), choices=ServiceChange.Style.choices
    )

    def __init__(self, *args: Any, service: Service, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans: Any = self.fields["plan"]
        same = Plan.objects.filter(
            technology=service.plan.technology, currency=service.plan.currency
        )
        plans.queryset = same.filter(is_active=True) | Plan.objects.filter(pk=service.plan_id)
        self.initial = {
            "plan": service.plan_id,
            "price": service.price,
            "on": today,
            "style": service.customer.company.rules.plan_change_style,
        }


class HoldForm(PanelForm):
    first = DayField(label=_("First day without service"))
    last = DayField(label=_("Last day without service"))
    credit = forms.BooleanField(
        label=_("Give back the days that are billed already"), required=False, initial=True
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("first", today)
        self.initial.setdefault("last", today + timedelta(days=29))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first one."))
        return given


class CancelForm(CancelCauseFields):
    last_day = DayField(
        label=_("Last served day"), help_text=_("A day to come is left for the clock.")
    )
    credit_unused = forms.BooleanField(
        label=_("Give back what is billed for later days"), required=False
    )
    void_pending = forms.BooleanField(
        label=_("Void his unpaid invoices too"),
        required=False,
        help_text=_("Not those that are paid in part: the rest of their debt stays."),
    )
    field_order = ("last_day", "cause", "reason")

    def __init__(self, *args: Any, today: date, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.service = today, service
        self.initial.setdefault("last_day", today)

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day > self.today + YEAR:
            raise forms.ValidationError(_("Choose a day within a year."))
        if day < self.service.started_on - timedelta(days=1):
            raise forms.ValidationError(_("The service had not begun on that day."))
        return day


class ReturnForm(PanelForm):
    """For a customer who comes back."""

    started_on = DayField(label=_("First billed day"))
    charge_days_left = forms.BooleanField(
        label=_("Charge the days left of this period on the next invoice"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("started_on", today)


class DatesForm(PanelModelForm):
    """When one customer is invoiced: as his zone, or on dates of his own (WH-108)."""

    follows_zone = forms.BooleanField(label=_("As his zone"), required=False)

    class Meta:
        model = OwnCalendar
        fields = (*NUMBERS, "recharge")
        labels = {
            "create_value": _("Days, or day of the month"),
            "notice_value": _("Days, or day of the month"),
            "cut_value": _("Days, or day of the month"),
        }
        help_texts = {"notice_value": _("Empty: no notice.")}

    sections = [
        Section("", [("follows_zone", 12)]),
        Section(
            _("Dates of his own"),
            [
                "mode", "payment_day", "create_style", "create_value", "notice_style",
                "notice_value", "cut_style", "cut_value", "cut_after", "recharge",
            ],
        ),
    ]  # fmt: skip

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        own = OwnCalendar.objects.filter(customer=customer).first()
        shown = own or customer.zone
        initial = {name: getattr(shown, name) for name in NUMBERS}
        initial |= {"follows_zone": own is None, "recharge": own is not None and own.recharge}
        super().__init__(*args, initial=initial, **kwargs)
        self.customer = customer

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            self.calendar()
        except RuleError as error:
            add_to_form(self, error)
        except KeyError:
            pass  # A field that has its own error already.
        return given

    def numbers(self) -> dict[str, Any] | None:
        """What was filled in; None where he follows his zone."""
        if self.cleaned_data["follows_zone"]:
            return None
        return {name: self.cleaned_data[name] for name in (*NUMBERS, "recharge")}

    def calendar(self) -> Calendar:
        """As the rules understand it."""
        zone = {name: getattr(self.customer.zone, name) for name in NUMBERS}
        return calendar_from(self.numbers() or zone, self.customer.company.rules)

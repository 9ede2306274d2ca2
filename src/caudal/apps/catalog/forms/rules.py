"""The form of a company's billing rules: each reading with what it means and the usual one."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import BillingRules
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelModelForm, Section

HELP = {
    "emission_guard": _(
        "Days that are billed are never billed again. This says what else keeps an automatic"
        " service invoice from being created."
    ),
    "late_style": _("When the system was down, nobody is cut for it: the dates move along."),
    "suspended_billing": _("A suspended customer may go on owing each period, or not."),
    "months_while_suspended": _("Only counts with the choice of some months."),
    "postpaid_style": _("Who pays after using the service: when his invoice is made."),
    "prorate_products": _(
        "Unmarked, a product costs its whole price from its first invoice on, whatever the day."
    ),
    "plan_change_style": _(
        "What was paid for the old plan and not used is given back, and the new plan charged."
    ),
    "bridge_base": _("The days between what is billed and the first new payment day."),
    "grace_counting": _(
        "Due on the 1st with 5 days of grace: after them the cut is on the 7th, with the last one"
        " counted it is on the 6th."
    ),
    "cut_clamp": _("In a short month the cut day may fall on the due date."),
    "debt_limit": _("What happens when the debt is exactly the value that is not cut."),
    "promise_scope": _("While a promise holds, what it covers does not cut."),
    "promise_control_days": _("0 tries once, on the day of the promise."),
    "no_cut_weekdays": _(
        "On these days no job cuts; the cut comes on the next day that allows it."
    ),
    "notice_from_day": _(
        "Between these two, who owes sees the notice; customers may have days of their own."
    ),
    "late_fee_timing": _("On which invoice the fee of an overdue one stands, and how often."),
    "late_fee_percent": _("Besides the fixed late fee of the company. 0 charges none."),
    "late_from": _("From which of its dates on an unpaid invoice bears the late fee."),
    "late_fee_paid_late": _("Unmarked, only what is still owed bears the late fee."),
    "reconnection_style": _(
        "A customer who was cut twice for the same invoice pays once or twice."
    ),
    "recharge_style": _("A payment moves the dates of recharge customers; this says how."),
    "recharge_start": _("No day is billed twice either way, and the price is always whole."),
    "recharge_waits": _("Unmarked, the calendar goes on and the debt grows."),
    "excess_style": _("When somebody pays more than the invoice he chose."),
    "debit_style": _("How the next service invoice asks for a debit note."),
    "reuse_last_number": _("Unmarked, a voided invoice keeps its number for ever."),
    "run_change_percent": _("When a run is compared with the one before."),
    "cut_brake_percent": _("A cut run that would cut more waits for a person."),
    "total_brake_percent": _(
        "A billing run that differs more from the last one waits for a person."
    ),
}


class RulesForm(PanelModelForm):
    no_cut_weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays without cuts"),
        choices=[(day, capfirst(name)) for day, name in WEEKDAYS.items()],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=HELP["no_cut_weekdays"],
    )
    holidays = forms.CharField(
        label=_("Holidays without cuts"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "2026-12-25 Navidad"}),
        help_text=_("One per line: the date, then its name. For example 2026-12-25 Christmas."),
    )
    reminder_days = forms.CharField(
        label=_("Days of reminders"),
        required=False,
        max_length=60,
        help_text=_(
            "E-mails besides those of the notice day and the due date, counted from the due date:"
            " -3, 2 is three days before and two days after."
        ),
    )
    sections = [
        Section(
            _("Creation of invoices"),
            [("emission_guard", 12), ("late_style", 12), ("suspended_billing", 8),
             ("months_while_suspended", 4), ("postpaid_style", 12), ("debit_style", 12),
             ("reuse_last_number", 12)],
        ),
        Section(
            _("Changes and products"),
            [("plan_change_style", 12), ("bridge_base", 12), ("prorate_products", 12)],
        ),
        Section(
            _("Cuts, promises and notices"),
            [("grace_counting", 12), ("cut_clamp", 12), ("debt_limit", 12),
             ("promise_scope", 8), ("promise_control_days", 4), ("no_cut_weekdays", 12),
             ("holidays", 12), "notice_from_day", "notice_to_day",
             ("reminder_days", 12)],
        ),
        Section(
            _("Late fee and reconnection"),
            [("late_fee_timing", 12), "late_fee_percent", "late_from",
             ("late_fee_paid_late", 12), ("reconnection_style", 12)],
        ),
        Section(
            _("Payments and recharges"),
            [("excess_style", 12), ("recharge_style", 12), ("recharge_start", 12),
             ("recharge_waits", 12)],
        ),
        Section(
            _("Comparison and brakes of runs"),
            [("run_change_percent", 4), ("cut_brake_percent", 4), ("total_brake_percent", 4)],
        ),
    ]  # fmt: skip

    class Meta:
        model = BillingRules
        exclude = ("company",)
        field_classes = {"late_fee_percent": TypedDecimal}
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["late_fee_percent"] = f"{self.instance.late_fee_percent.normalize():f}"
        self.initial["reminder_days"] = ", ".join(map(str, self.instance.reminder_days))
        self.initial["holidays"] = "\n".join(
            f"{day.on:%Y-%m-%d} {day.name}" for day in self.instance.company.holidays.all()
        )
        for name, field in self.fields.items():
            self._tell_default(name, field)

    def _tell_default(self, name: str, field: forms.Field) -> None:
        """The usual reading is said beside each choice, so that nobody has to remember it."""
        if not isinstance(field, forms.TypedChoiceField) or isinstance(
            field, forms.TypedMultipleChoiceField
        ):
            return
        column: Any = BillingRules._meta.get_field(name)
        usual = dict(column.flatchoices)[column.default]
        field.help_text = format_lazy("{} {}", field.help_text, _usual(usual))

    def clean_reminder_days(self) -> list[int]:
        words = self.cleaned_data["reminder_days"].replace(",", " ").split()
        try:
            days = sorted({int(word) for word in words})
        except ValueError:
            raise forms.ValidationError(_("Write whole numbers parted by commas.")) from None
        if any(abs(day) > 60 for day in days):
            raise forms.ValidationError(_("At most 60 days before or after."))
        return days

    def clean_holidays(self) -> list[tuple[date, str]]:
        lines = self.cleaned_data["holidays"].splitlines()
        found = dict(_holiday(line) for line in lines if line.strip())
        return sorted(found.items())

    @property
    def wanted(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def _usual(label: Any) -> Any:
    return format_lazy("{}: {}.", _("Usual"), label)


def _holiday(line: str) -> tuple[date, str]:
    day, _space, name = line.strip().partition(" ")
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(day, form).date(), name.strip()[:80]
        except ValueError:
            continue
    raise forms.ValidationError(
        now_in_language("%(line)s: begin with a date such as 2026-12-25.") % {"line": line}
    )

"""Forms of voiding, and of debit and credit notes."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.forms.fields import DayInput, amount_field
from caudal.apps.billing.models import Adjustment
from caudal.web.forms import PanelForm, Section


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

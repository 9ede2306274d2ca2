"""Forms of money that moves without a customer, of cheques, and of refunds."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.payments.actions import Cause
from caudal.apps.payments.models import CashBox, Method
from caudal.apps.payments.tills import KINDS_OF_METHOD
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelForm

REFUNDED_BY = [
    (method.value, method.label) for method in Method if method not in (Method.MIXED, Method.CHEQUE)
]


def _amount(**more: Any) -> TypedDecimal:
    return TypedDecimal(
        label=_("Amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2, **more
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class _BoxForm(PanelForm):
    """Mixin: one or more fields that choose among the boxes given."""

    box_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, boxes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.box_fields:
            field: Any = self.fields[name]
            field.queryset = boxes


class MoveForm(_BoxForm):
    """An expense, or money put in or taken out."""

    box_fields = ("box",)
    cause = forms.ChoiceField(label=_("What for"), choices=Cause.choices)
    box: Any = forms.ModelChoiceField(CashBox.objects.none(), label=_("Cash box"), empty_label=None)
    amount = _amount()
    note = forms.CharField(label=_("Concept"), max_length=200)


class HandOverForm(_BoxForm):
    """From one box to another: to the safe, to the bank, to the till."""

    box_fields = ("source",)
    source: Any = forms.ModelChoiceField(
        CashBox.objects.none(), label=_("From the cash box"), empty_label=None
    )
    target: Any = forms.ModelChoiceField(CashBox.objects.none(), label=_("To the cash box"))
    amount = _amount()
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, targets: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        target: Any = self.fields["target"]
        target.queryset = targets


class DepositForm(_BoxForm):
    """To which bank, and when."""

    box_fields = ("bank",)
    bank: Any = forms.ModelChoiceField(
        CashBox.objects.none(), label=_("Bank account"), empty_label=None
    )
    on = _day(_("Date"))


class OnForm(PanelForm):
    """When it happened."""

    on = _day(_("Date"))


class RejectForm(PanelForm):
    """Why the bank sent it back, and what it costs the customer."""

    on = _day(_("Date"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    cost = TypedDecimal(
        label=_("Cost charged to the customer"),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=_("As a debit note (DX); empty: none."),
    )

    def clean_cost(self) -> Decimal:
        return self.cleaned_data.get("cost") or Decimal(0)


class RefundForm(_BoxForm):
    """How much is given back, how, and out of which box."""

    box_fields = ("cash_box",)
    amount = _amount()
    method = forms.ChoiceField(label=_("Form of payment"), choices=REFUNDED_BY)
    cash_box: Any = forms.ModelChoiceField(
        CashBox.objects.none(), label=_("Cash box"), empty_label=None
    )
    reference = forms.CharField(label=_("Reference"), required=False, max_length=80)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        box, method = cleaned.get("cash_box"), cleaned.get("method")
        if box and method and box.kind not in KINDS_OF_METHOD[Method(method)]:
            self.add_error("cash_box", _("Money that goes so does not come from there."))
        return cleaned

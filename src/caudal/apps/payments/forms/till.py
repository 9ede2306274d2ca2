"""The form of the cash desk: which invoices, in which parts, and whether the service comes back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.apps.payments.actions import ChequeData, Part
from caudal.apps.payments.models import CashBox, Method
from caudal.apps.payments.tills import KINDS_OF_METHOD
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelForm, YesOrNo

ROWS = 4
METHODS = [choice for choice in Method.choices if choice[0] != Method.MIXED]


class TillForm(PanelForm):
    """Besides its parts. The hidden key makes a form that is sent twice one payment."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    invoices: Any = forms.ModelMultipleChoiceField(
        Invoice.objects.none(), label=_("Invoices"), required=False
    )
    comment = forms.CharField(label=_("Comment"), required=False, max_length=250)
    restore = YesOrNo(
        label=_("Service"), yes=_("Register and activate"), no=_("Only register"), initial="yes"
    )

    def __init__(self, *args: Any, invoices: Any, may_choose: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["invoices"]
        chosen.queryset = invoices
        self.fields["key"].initial = uuid4().hex
        if not may_choose:
            # IW-x2: who may not restore services only records the money.
            del self.fields["restore"]


class PartForm(forms.Form):
    """One form of payment with its amount; without an amount it is as if it were not there."""

    method = forms.ChoiceField(label=_("Form of payment"), choices=METHODS)
    amount = TypedDecimal(
        label=_("Amount"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"data-amount": "", "step": "0.01", "inputmode": "decimal"}),
    )
    cash_box: Any = forms.ModelChoiceField(
        CashBox.objects.none(), label=_("Cash box"), empty_label=None, required=False
    )
    reference = forms.CharField(label=_("Reference"), required=False, max_length=80)
    bank = forms.CharField(label=_("Bank"), required=False, max_length=80)
    number = forms.CharField(label=_("Cheque number"), required=False, max_length=40)
    deposit_on = forms.DateField(
        label=_("Deposit date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    holder = forms.CharField(label=_("Account holder"), required=False, max_length=120)

    def __init__(self, *args: Any, boxes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        box: Any = self.fields["cash_box"]
        box.queryset = boxes

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("amount"):
            return cleaned
        if cleaned.get("method") == Method.CHEQUE:
            self._require_paper(cleaned)
        else:
            self._require_box(cleaned)
        return cleaned

    def part(self) -> Part | None:
        """What was typed, or nothing."""
        typed = self.cleaned_data
        if not typed.get("amount"):
            return None
        cheque = None
        if typed["method"] == Method.CHEQUE:
            cheque = ChequeData(
                typed["bank"], typed["number"], typed["deposit_on"], typed["holder"]
            )
        box = None if cheque else typed["cash_box"]
        return Part(typed["method"], typed["amount"], box, typed["reference"], cheque)

    def _require_paper(self, cleaned: dict[str, Any]) -> None:
        for name in ("bank", "number", "deposit_on"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("A cheque needs it."))

    def _require_box(self, cleaned: dict[str, Any]) -> None:
        box, method = cleaned.get("cash_box"), cleaned.get("method")
        if box is None:
            self.add_error("cash_box", _("Say where the money goes."))
        elif method and box.kind not in KINDS_OF_METHOD[Method(method)]:
            self.add_error("cash_box", _("Money that comes so does not go there."))


def part_forms(
    data: QueryDict | None, boxes: Any, proposed: Mapping[str, int], amount: Decimal | None
) -> list[PartForm]:
    """The rows of the desk: the first one carries the whole amount, in cash."""
    rows = []
    for number in range(ROWS):
        initial: dict[str, Any] = {"method": "cash", "cash_box": proposed.get("cash")}
        if number == 0:
            initial["amount"] = amount
        rows.append(PartForm(data, prefix=f"part-{number}", initial=initial, boxes=boxes))
    return rows

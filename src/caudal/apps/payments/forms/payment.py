"""Forms of payments: taking a plain one, and correcting how it came."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.apps.payments.models import CashBox, Method
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelForm, Section, YesOrNo
from caudal.web.money import format_money

NOON = time(12)
PLAIN = [
    (method.value, method.label) for method in Method if method not in (Method.MIXED, Method.CHEQUE)
]
"""Forms of payment that take no more to say; a cheque is taken at the cash desk."""


class PaymentForm(PanelForm):
    """Money of one customer. The hidden key makes a form that is sent twice one payment."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    invoice: Any = forms.ModelChoiceField(
        Invoice.objects.none(),
        label=_("Pays"),
        required=False,
        empty_label=_("The account, oldest invoice first"),
    )
    amount = TypedDecimal(
        label=_("Amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    method = forms.ChoiceField(label=_("Form of payment"), choices=PLAIN)
    cash_box: Any = forms.ModelChoiceField(
        CashBox.objects.none(), label=_("Cash box"), empty_label=None
    )
    paid_on = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reference = forms.CharField(label=_("Reference"), required=False, max_length=80)
    comment = forms.CharField(label=_("Comment"), required=False, max_length=250)
    restore = YesOrNo(
        label=_("Service"), yes=_("Register and activate"), no=_("Only register"), initial="yes"
    )

    sections = (
        Section(
            "",
            [
                ("invoice", 12),
                "amount",
                "method",
                "cash_box",
                "paid_on",
                "reference",
                "comment",
                ("restore", 12),
            ],
        ),
    )

    def __init__(
        self, *args: Any, invoices: Any, boxes: Any, may_choose: bool, today: date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.today = today
        invoice: Any = self.fields["invoice"]
        invoice.queryset, invoice.label_from_instance = invoices, label_of
        box: Any = self.fields["cash_box"]
        box.queryset = boxes
        self.fields["paid_on"].initial = today
        self.fields["key"].initial = uuid4().hex
        if not may_choose:
            # IW-x2: who may not restore services only records the money.
            del self.fields["restore"]

    def clean_paid_on(self) -> date:
        on: date = self.cleaned_data["paid_on"]
        if on > self.today:
            raise ValidationError(_("The payment cannot be dated in the future."))
        return on

    def paid_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Today's payments are paid now, those of other days at noon."""
        on: date = self.cleaned_data["paid_on"]
        return now if on == self.today else datetime.combine(on, NOON, zone)


class EditForm(PanelForm):
    """How a payment came in; never how much (PAY-5)."""

    method = forms.ChoiceField(label=_("Form of payment"), choices=PLAIN)
    cash_box: Any = forms.ModelChoiceField(
        CashBox.objects.none(), label=_("Cash box"), empty_label=None
    )
    reference = forms.CharField(label=_("Reference"), required=False, max_length=80)
    comment = forms.CharField(label=_("Comment"), required=False, max_length=250)

    sections = (Section("", ["method", "cash_box", "reference", "comment"]),)

    def __init__(self, *args: Any, boxes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        box: Any = self.fields["cash_box"]
        box.queryset = boxes


class ReasonForm(PanelForm):
    """Why a payment is deleted."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


def label_of(invoice: Invoice) -> str:
    return _("%(number)s · due %(day)s · %(left)s") % {
        "number": invoice.label,
        "day": date_format(invoice.due, "SHORT_DATE_FORMAT"),
        "left": format_money(invoice.remaining, invoice.currency),
    }

"""Paying many chosen invoices at once, each in full and by one form of payment."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Invoice
from caudal.apps.bulk.acts import Act, Context, register
from caudal.apps.payments.actions import register_payment
from caudal.apps.payments.models import CashBox, Method
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.forms import PanelForm

SIMPLE = (
    Method.CASH,
    Method.TRANSFER,
    Method.CARD,
    Method.DEPOSIT,
    Method.OTHER,
)
NOON = time(12)


class PayForm(PanelForm):
    method = forms.ChoiceField(
        label=gettext_lazy("Form of payment"),
        choices=[(each.value, each.label) for each in SIMPLE],
    )
    cash_box: Any = forms.ModelChoiceField(
        CashBox.objects.filter(is_active=True), label=gettext_lazy("Cash box"), empty_label=None
    )
    paid_on = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: now."),
    )
    reference = forms.CharField(label=gettext_lazy("Reference"), required=False, max_length=80)
    restore = forms.BooleanField(
        label=gettext_lazy("Activate the services that were cut"), required=False, initial=True
    )


def pay(context: Context, invoice: Invoice) -> str:
    """A payment of what is left. The row's own key makes it one, however often it is tried."""
    if not invoice.remaining:
        raise RuleError("invoice-settled", number=invoice.label)
    options, user = context.options, context.bulk.requested_by
    payment = register_payment(
        actor=context.actor,
        now=context.now,
        customer=invoice.customer,
        amount=invoice.remaining,
        currency=invoice.currency,
        method=str(options["method"]),
        cash_box=CashBox.objects.get(pk=options["cash_box"]),
        paid_at=_paid_at(context, invoice),
        invoice=invoice,
        reference=str(options.get("reference", "")),
        external_id=f"bulk:{context.bulk.pk}:{invoice.pk}",
        restore=bool(options.get("restore")) and user.may(Verb.RESTORE_ON_PAYMENT),
        operator=user,
    )
    return _("Payment %(number)s") % {"number": payment}


def _paid_at(context: Context, invoice: Invoice) -> datetime:
    """Noon of the day that was typed, by the customer's clock, but never in the future."""
    if not context.options.get("paid_on"):
        return context.now
    zone = ZoneInfo(time_zone_of(invoice.customer.zone))
    noon = datetime.combine(date.fromisoformat(context.options["paid_on"]), NOON, zone)
    return min(noon, context.now) if noon.date() == context.now.astimezone(zone).date() else noon


register(
    Act(
        "invoices.pay",
        gettext_lazy("Register payments"),
        Verb.REGISTER_PAYMENTS,
        "cash",
        gettext_lazy("Each of them is paid in full, with a receipt of its own."),
        each=pay,
        form=PayForm,
        order=30,
    )
)

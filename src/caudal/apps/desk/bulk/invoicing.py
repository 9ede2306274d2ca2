"""Invoices made by hand for many customers at once."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing import actions as billing
from caudal.apps.billing.first_invoice import propose
from caudal.apps.billing.models import Invoice
from caudal.apps.bulk.acts import Act, Context, Done, register
from caudal.apps.customers.models import Customer, ServiceState
from caudal.apps.desk.bulk.subject import today_of
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import PanelForm


class InvoiceForm(PanelForm):
    kind = forms.ChoiceField(
        label=_("What"),
        choices=[
            ("days", _("The days of each service that nobody has billed, until its cycle ends")),
            ("free", _("A free invoice with this line")),
        ],
        widget=forms.RadioSelect,
        initial="free",
    )
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    price = TypedDecimal(
        label=_("Price"), required=False, min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") == "free":
            for name in ("description", "price"):
                if not given.get(name):
                    self.add_error(name, _("A free invoice needs it."))
        return given


def invoice(context: Context, customer: Customer) -> Done:
    """One invoice per service that has days to bill, or one free invoice."""
    issued = [
        billing.issue_invoice(actor=context.actor, now=context.now, customer=customer, order=order)
        for order in _orders(context, customer)
    ]
    if not issued:
        raise RuleError("nothing-to-charge")
    labels = ", ".join(row.label for row in issued)
    return Done(labels, {"invoices": [row.pk for row in issued]})


def void(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    """Void what nobody has paid; a paid one stays, and says so."""
    rows = Invoice.objects.filter(pk__in=before["invoices"]).exclude(state=Invoice.State.VOID)
    untouched = [row for row in rows if row.remaining == row.asked]
    if not untouched:
        raise RuleError("changed-since")
    for row in untouched:
        billing.void_invoice(
            actor=context.actor, now=context.now, today=today_of(context, customer), invoice=row,
            reason=now_in_language("Taken back"),
        )  # fmt: skip
    return ", ".join(row.label for row in untouched)


def _orders(context: Context, customer: Customer) -> list[billing.Order]:
    options = context.options
    if options["kind"] == "free":
        line = billing.ManualLine(str(options["description"]), Decimal(str(options["price"])))
        return [billing.Order(kind=Invoice.Kind.FREE, lines=[line])]
    served = customer.services.filter(state=ServiceState.ACTIVE)
    related = served.select_related("plan", "customer__zone", "customer__company")
    today = today_of(context, customer)
    return [
        billing.Order(service=service, days=propose(service, today).rest, takes_waiting=True)
        for service in related
    ]


register(
    Act(
        "customers.invoice",
        _("Issue invoices"),
        Verb.ISSUE_INVOICES,
        "file-invoice",
        _("Each customer gets his own, with its number, and by e-mail where he wants it so."),
        each=invoice,
        undo=void,
        lasting=_(
            "Its undo voids the invoices that nobody has paid; their numbers and e-mails stay."
        ),
        form=InvoiceForm,
        order=55,
    )
)

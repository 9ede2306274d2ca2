"""Taking a payment: the debt as amount, a preview that follows, the receipt afterwards."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Credit, Invoice
from caudal.apps.billing.reads import month_price
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer, ServiceState
from caudal.apps.ledger.reads import balance_of
from caudal.apps.payments import actions
from caudal.apps.payments.forms import PaymentForm
from caudal.apps.payments.models import Payment
from caudal.apps.payments.proposals import box_choice, boxes_for, proposed_boxes
from caudal.apps.payments.recharge import dates_after
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.money import ZERO, minor_digits, round_half_up
from caudal.web.forms import answer_form

MONTHS_AHEAD = 3


@requires(Verb.REGISTER_PAYMENTS)
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, for what the customer owes, one of his invoices, or some months ahead."""
    customer = _customer(request, pk)
    owed = balance_of(customer, customer.company, customer.company.currency)
    return answer_form(
        request,
        _form(request, customer, owed),
        title=_("Register payment"),
        save=lambda form: _save(request, customer, form),
        done=_("The payment was registered."),
        to=lambda payment: reverse("payments:payment", args=[payment.pk]) + "?new=1",
        template="payments/register.html",
        customer=customer,
        currency=customer.company.currency,
        owed=owed,
        choice=box_choice(person(request), customer.company),
        months=_months(customer, owed),
        is_suspended=customer.services.filter(state=ServiceState.SUSPENDED).exists(),
        submit=_("Register payment"),
        cancel_url=reverse("desk:customer", args=[pk]),
    )


@require_POST
@requires(Verb.REGISTER_PAYMENTS)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What he would still owe, or have in his favour, after the amount that is typed."""
    customer = _customer(request, pk)
    currency = customer.company.currency
    owed = balance_of(customer, customer.company, currency)
    form = _form(request, customer, owed)
    form.is_valid()
    amount = form.cleaned_data.get("amount")
    paid_on = form.cleaned_data.get("paid_on") or form.today
    context = {
        "owed": owed,
        "currency": currency,
        "amount": amount,
        "dates": dates_after(customer.pk, paid_on),
    }
    if amount is not None:
        context["left"] = owed - amount
        context["in_favour"] = amount - owed
    return render(request, "payments/_preview.html", context)


def _customer(request: HttpRequest, pk: int) -> Customer:
    found = visible(person(request), Customer.objects.select_related("company", "zone"))
    return get_object_or_404(found, pk=pk)


def _form(request: HttpRequest, customer: Customer, owed: Decimal) -> PaymentForm:
    invoices = _open_invoices(customer)
    asked = request.GET.get("invoice", "")
    invoice = invoices.filter(pk=asked).first() if asked.isdecimal() else None
    amount = request.GET.get("amount", "")
    initial = {
        "invoice": invoice,
        "amount": amount or _typed(invoice.remaining if invoice else owed, customer),
        "cash_box": proposed_boxes(person(request), customer.company).get("cash"),
    }
    boxes = boxes_for(person(request), customer.company)
    return PaymentForm(
        request.POST or None,
        initial=initial,
        invoices=invoices,
        boxes=boxes,
        may_choose=person(request).may(Verb.RESTORE_ON_PAYMENT),
        today=today(time_zone_of(customer.zone)),
    )


def _save(request: HttpRequest, customer: Customer, form: PaymentForm) -> Payment:
    typed, moment = form.cleaned_data, now()
    payment = actions.register_payment(
        actor=actor(request),
        now=moment,
        customer=customer,
        amount=typed["amount"],
        currency=customer.company.currency,
        method=typed["method"],
        cash_box=typed["cash_box"],
        paid_at=form.paid_at(moment, ZoneInfo(time_zone_of(customer.zone))),
        invoice=typed["invoice"],
        reference=typed["reference"],
        comment=typed["comment"],
        external_id=typed["key"],
        restore=typed.get("restore", False),
        operator=person(request),
    )
    if payment.calendar_before is not None:
        messages.success(request, _("His billing dates were moved to the day of the payment."))
    return payment


def _open_invoices(customer: Customer) -> QuerySet[Invoice]:
    return Invoice.objects.unpaid().filter(customer=customer).order_by("due", "id")


def _months(customer: Customer, owed: Decimal) -> list[tuple[int, Decimal]]:
    """IW-x1: the amounts that also pay one, two and three months ahead."""
    month = month_price(customer, today(time_zone_of(customer.zone)))
    credit = Credit.objects.filter(customer=customer, remaining__gt=ZERO).exists()
    if not month or credit:
        return []
    return [
        (n, round_half_up(max(owed, ZERO) + n * month, minor_digits(customer.company.currency)))
        for n in range(1, MONTHS_AHEAD + 1)
    ]


def _typed(amount: Decimal, customer: Customer) -> Decimal | None:
    """A debt as one would type it, without the decimals that its currency has not."""
    if amount <= 0:
        return None
    return round_half_up(amount, minor_digits(customer.company.currency))

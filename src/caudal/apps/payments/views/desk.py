"""The cash desk: find the customer, take his money in whatever forms, call the next one."""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Credit, Invoice
from caudal.apps.billing.reads import month_price
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer, ServiceState
from caudal.apps.ledger.reads import balance_of
from caudal.apps.payments import actions
from caudal.apps.payments.finding import exactly, found
from caudal.apps.payments.forms import PartForm, TillForm, part_forms
from caudal.apps.payments.models import CashBox, CashSession, Payment
from caudal.apps.payments.parts import sum_of
from caudal.apps.payments.proposals import box_choice, boxes_for, proposed_boxes
from caudal.apps.payments.recharge import dates_after
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.money import ZERO, minor_digits, round_half_up
from caudal.store.money import total
from caudal.web.errors import placed_in

MOST_MONTHS = 12
LATEST = 5


@require_GET
@requires(Verb.REGISTER_PAYMENTS)
def desk(request: HttpRequest) -> HttpResponse:
    """The search, and what was just taken. A card or a code goes straight to its customer."""
    user, typed = person(request), request.GET.get("q", "")
    named = exactly(user, typed)
    if named is not None:
        return redirect("payments:desk-customer", pk=named.pk)
    mine = visible(user, Payment.objects.filter(operator=user, deleted_at=None))
    context = {
        "title": _("Cash desk"),
        "typed": typed,
        "customers": found(user, typed),
        **_done(request),
        "latest": mine.select_related("customer").order_by("-id")[:LATEST],
        **_tills(request),
    }
    return render(request, "payments/desk.html", context)


@require_GET
@requires(Verb.REGISTER_PAYMENTS)
def search(request: HttpRequest) -> HttpResponse:
    """Who fits what is typed so far."""
    typed = request.GET.get("q", "")
    context = {"typed": typed, "customers": found(person(request), typed)}
    return render(request, "payments/_found.html", context)


@requires(Verb.REGISTER_PAYMENTS)
def desk_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """His open invoices, months ahead, and the parts in which he pays."""
    user = person(request)
    rows = visible(user, Customer.objects.select_related("company", "zone"))
    customer = get_object_or_404(rows, pk=pk)
    if (known := _sent_before(request, customer)) is not None:
        return redirect(f"{reverse('payments:desk')}?done={known.pk}")
    debt = _Debt(customer)
    boxes = boxes_for(user, customer.company)
    proposed = proposed_boxes(user, customer.company)
    form = TillForm(
        request.POST or None,
        invoices=debt.invoices,
        may_choose=user.may(Verb.RESTORE_ON_PAYMENT),
    )
    parts = part_forms(request.POST or None, boxes, proposed, debt.amount)
    if request.method == "POST" and _is_valid(form, parts):
        with placed_in(form):
            payment = _save(request, customer, form, parts)
        if form.is_valid():
            return redirect(f"{reverse('payments:desk')}?done={payment.pk}")
    context = {
        "title": customer.name,
        "customer": customer,
        "currency": customer.company.currency,
        "debt": debt,
        "form": form,
        "parts": parts,
        "choice": box_choice(user, customer.company),
        "months": range(MOST_MONTHS + 1),
        "dates": dates_after(customer.pk, debt.day),
        "chosen": set(request.POST.getlist("invoices")) if request.POST else None,
        "is_suspended": customer.services.filter(state=ServiceState.SUSPENDED).exists(),
        **_tills(request),
    }
    return render(request, "payments/desk_customer.html", context)


class _Debt:
    """What a customer is asked for at the desk."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.digits = minor_digits(customer.company.currency)
        self.owed = balance_of(customer, customer.company, customer.company.currency)
        self.day = today(time_zone_of(customer.zone))
        self.month = month_price(customer, self.day)

    @property
    def invoices(self) -> QuerySet[Invoice]:
        rows = Invoice.objects.unpaid().filter(
            customer=self.customer, company=self.customer.company_id
        )
        return rows.filter(currency=self.customer.company.currency).order_by("due", "id")

    @property
    def in_favour(self) -> Decimal:
        credits = Credit.objects.filter(customer=self.customer, company=self.customer.company_id)
        found: Decimal = credits.aggregate(sum=total("remaining"))["sum"]
        return found

    @property
    def beyond(self) -> Decimal:
        """What he owes besides his invoices: debit notes that no invoice has asked for yet."""
        asked = sum((row.remaining for row in self.invoices), ZERO)
        return round_half_up(self.owed - asked + self.in_favour, self.digits)

    @property
    def amount(self) -> Decimal | None:
        return round_half_up(self.owed, self.digits) if self.owed > ZERO else None


def _is_valid(form: TillForm, parts: list[PartForm]) -> bool:
    valid = [form.is_valid(), *(part.is_valid() for part in parts)]
    if all(valid) and not any(part.part() for part in parts):
        parts[0].add_error("amount", _("Type how much he pays."))
        return False
    return all(valid)


def _save(
    request: HttpRequest, customer: Customer, form: TillForm, parts: list[PartForm]
) -> Payment:
    moment, typed = now(), form.cleaned_data
    asked = [part for part in (each.part() for each in parts) if part is not None]
    return actions.register_payment(
        actor=actor(request),
        now=moment,
        customer=customer,
        amount=sum_of(asked),
        currency=customer.company.currency,
        parts=asked,
        paid_at=moment,
        invoices=list(typed["invoices"]),
        comment=typed["comment"],
        external_id=typed["key"],
        restore=typed.get("restore", False),
        operator=person(request),
    )


def _sent_before(request: HttpRequest, customer: Customer) -> Payment | None:
    """The payment of a form that comes a second time, whose invoices are no longer open."""
    key = request.POST.get("key", "")
    if not key:
        return None
    return Payment.objects.filter(gateway="", external_id=key, customer=customer).first()


def _done(request: HttpRequest) -> dict[str, Any]:
    """The payment just taken, and how its customer stands now."""
    asked = request.GET.get("done", "")
    if not asked.isdecimal():
        return {}
    rows = visible(person(request), Payment.objects.select_related("customer", "company"))
    done = rows.filter(pk=asked, deleted_at=None).first()
    if done is None:
        return {}
    balance = balance_of(done.customer, done.company, done.currency)
    suspended = done.customer.services.filter(state=ServiceState.SUSPENDED)
    return {
        "done": done,
        "owed": max(balance, ZERO),
        "in_favour": max(-balance, ZERO),
        "still_suspended": suspended.exists(),
    }


def _tills(request: HttpRequest) -> dict[str, Any]:
    """His open sessions, and his drawers that wait to be opened."""
    user = person(request)
    mine = CashSession.objects.filter(operator=user, closed_at=None).select_related("box")
    closed = CashBox.objects.filter(
        operator=user, is_active=True, needs_session=True, kind=CashBox.Kind.CASH
    ).exclude(Exists(CashSession.objects.filter(box=OuterRef("pk"), closed_at=None)))
    return {"sessions": list(mine), "closed_boxes": list(closed)}

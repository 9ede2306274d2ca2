"""Giving money back: of a payment, or of what a customer has in his favour."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.documents.styles import Paper
from caudal.apps.payments import actions
from caudal.apps.payments.documents import refund_pdf
from caudal.apps.payments.forms import ReasonForm, RefundForm
from caudal.apps.payments.models import Payment, Refund
from caudal.apps.payments.proposals import boxes_for, proposed_boxes
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.money import minor_digits, round_half_up
from caudal.web.forms import answer_form
from caudal.web.money import format_money
from caudal.web.table import KeysetPage


@require_GET
@requires(Verb.SEE_PAYMENTS)
def refunds(request: HttpRequest) -> HttpResponse:
    page = KeysetPage.of(_visible(request), ("-refunded_at", "-id"), request.GET.get("cursor", ""))
    return render(request, "payments/refunds.html", {"title": _("Refunds"), "page": page})


@require_GET
@requires(Verb.SEE_PAYMENTS)
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer signs, as PDF."""
    row = get_object_or_404(_visible(request), pk=pk)
    paper = request.GET.get("paper", "")
    content = refund_pdf(row, paper=paper if paper in Paper.values else "")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="devolucion-{row.pk}.pdf"'
    return response


@requires(Verb.REFUND_PAYMENTS)
def refund_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one payment: what it had paid is owed again by as much."""
    rows = visible(person(request), Payment.objects.select_related("customer__company", "credit"))
    payment = get_object_or_404(rows, pk=pk, deleted_at=None)
    most = actions.refundable_of(payment)
    return _answer(
        request,
        payment.customer,
        payment=payment,
        most=most,
        title=_("Refund payment %(number)s") % {"number": payment},
        intro=_("Up to %(amount)s. What it had paid is owed again by as much.")
        % {"amount": format_money(most, payment.currency)},
        back=reverse("payments:payment", args=[pk]),
    )


@requires(Verb.REFUND_PAYMENTS)
def refund_credit(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the balance in favour; no invoice changes."""
    rows = visible(person(request), Customer.objects.select_related("company"))
    customer = get_object_or_404(rows, pk=pk)
    most = actions.refundable(customer, customer.company.currency)
    return _answer(
        request,
        customer,
        payment=None,
        most=most,
        title=_("Refund the balance in favour"),
        intro=_("In favour: %(amount)s.")
        % {"amount": format_money(most, customer.company.currency)},
        back=reverse("desk:customer", args=[pk]),
    )


@requires(Verb.REFUND_PAYMENTS)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_visible(request), pk=pk)
    back = reverse("payments:refunds")
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        title=_("Delete refund %(number)s") % {"number": row},
        save=lambda form: actions.delete_refund(
            actor=actor(request), now=now(), today=today(), refund=row, **form.cleaned_data
        ),
        done=_("The refund was deleted."),
        to=back,
        template="web/confirm.html",
        text=_("The money comes back to the cash box %(box)s.") % {"box": row.cash_box},
        points=[_("The refund and its reversal stay on the statement.")],
        danger=True,
        cancel_url=back,
    )


def _answer(
    request: HttpRequest,
    customer: Customer,
    *,
    payment: Payment | None,
    most: Any,
    title: str,
    intro: str,
    back: str,
) -> HttpResponse:
    user, currency = person(request), payment.currency if payment else customer.company.currency
    company = payment.company if payment else customer.company
    boxes = boxes_for(user, company, currency)
    proposed = proposed_boxes(user, company, currency)
    initial = {
        "amount": round_half_up(most, minor_digits(currency)),
        "cash_box": proposed.get("cash"),
    }
    return answer_form(
        request,
        RefundForm(request.POST or None, boxes=boxes, initial=initial),
        title=title,
        save=lambda form: actions.refund(
            actor=actor(request),
            now=now(),
            customer=customer,
            payment=payment,
            currency=currency,
            operator=user,
            **form.cleaned_data,
        ),
        done=_("The refund was recorded."),
        to=back,
        intro=intro,
        pretitle=f"{customer.code} · {customer.name}",
        submit=_("Refund"),
        cancel_url=back,
    )


def _visible(request: HttpRequest) -> QuerySet[Refund]:
    rows = visible(person(request), Refund.objects.all())
    return rows.select_related("customer", "cash_box", "payment", "operator")

"""What is sold to a customer and waits for his invoices: products, discounts, items, fixed date."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caudal.apps.billing import actions
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import CustomerProduct, Discount, FixedDate, PendingItem
from caudal.apps.billing.product_forms import (
    DiscountForm,
    EndForm,
    FixedDateForm,
    MoveForm,
    SaleForm,
)
from caudal.apps.clock.now import now, today
from caudal.apps.customers.models import Customer
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.web.forms import PanelForm, answer_form

LATEST = 50
"""Rows of each kind that the panel shows: those in force first."""


@require_GET
@requires(Verb.SEE_BILLING)
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """His products with what is billed of them, discounts, and what waits for the next invoice."""
    customer = _customer(request, pk)
    day = today(time_zone_of(customer.zone))
    products = customer.products.select_related("service__plan")
    context = {
        "customer": customer,
        "today": day,
        "products": products.order_by("cancelled_at", "completed_at", "-id")[:LATEST],
        "discounts": customer.discounts.order_by("cancelled_at", "-id")[:LATEST],
        "items": customer.pending_items.filter(invoice=None, cancelled_at=None)[:LATEST],
        "fixed": customer.fixed_dates.filter(on__gte=day).first(),
    }
    return render(request, "billing/_customer_products.html", context)


@requires(Verb.SELL_PRODUCTS)
def sell(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    return _form_page(
        request,
        customer,
        SaleForm(request.POST or None, customer=customer),
        title=_("Sell a product"),
        save=lambda form: actions.add_product(
            actor=actor(request),
            now=now(),
            customer=customer,
            sale=form.sale(),
            service=form.cleaned_data["service"],
        ),
        done=_("His service invoices will charge it."),
        submit=_("Sell"),
    )


@requires(Verb.SELL_PRODUCTS)
def discount(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    return _form_page(
        request,
        customer,
        DiscountForm(request.POST or None, customer=customer),
        title=_("Give a discount"),
        save=lambda form: actions.add_discount(
            actor=actor(request), now=now(), customer=customer, **form.cleaned_data
        ),
        done=_("His next service invoices will be cheaper."),
        submit=_("Give it"),
        intro=_("It is taken off the price of the plan, never off products or fees."),
    )


@requires(Verb.ISSUE_INVOICES)
def fix(request: HttpRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    day = today(time_zone_of(customer.zone))
    return _form_page(
        request,
        customer,
        FixedDateForm(request.POST or None, today=day),
        title=_("Fix the day of the next invoice"),
        save=lambda form: actions.fix_date(
            actor=actor(request),
            now=now(),
            today=day,
            customer=customer,
            on=form.cleaned_data["on"],
        ),
        done=_("The next invoice is created on that day."),
        intro=_("Only the next invoice is moved; those after it follow the calendar again."),
    )


@requires(Verb.SELL_PRODUCTS)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    sold = _row(request, CustomerProduct, pk)
    return _form_page(
        request,
        sold.customer,
        EndForm(request.POST or None, sold=sold),
        title=str(sold),
        save=lambda form: actions.end_product(
            actor=actor(request), now=now(), sold=sold, ends=form.cleaned_data["ends"]
        ),
        done=_("The end was changed."),
    )


@requires(Verb.SELL_PRODUCTS)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another service, as where its own was cancelled and no invoice would charge it."""
    sold = _row(request, CustomerProduct, pk)
    return _form_page(
        request,
        sold.customer,
        MoveForm(request.POST or None, customer=sold.customer),
        title=_("Move %(name)s to another service") % {"name": sold},
        save=lambda form: actions.move_product(
            actor=actor(request), now=now(), sold=sold, service=form.cleaned_data["service"]
        ),
        done=_("The invoices of that service charge it from now on."),
        submit=_("Move"),
    )


@requires(Verb.SELL_PRODUCTS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    sold = _row(request, CustomerProduct, pk)
    return _confirm(
        request,
        sold.customer,
        title=_("Cancel %(name)s") % {"name": sold},
        text=_("No invoice charges it any more. What is on invoices stays."),
        save=lambda _form: actions.cancel_product(actor=actor(request), now=now(), sold=sold),
    )


@requires(Verb.SELL_PRODUCTS)
def cancel_discount(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, Discount, pk)
    return _confirm(
        request,
        row.customer,
        title=_("Cancel %(name)s") % {"name": row},
        text=_("No invoice gets it any more. Those that did keep it."),
        save=lambda _form: actions.cancel_discount(actor=actor(request), now=now(), discount=row),
    )


@requires(Verb.ISSUE_INVOICES)
def cancel_item(request: HttpRequest, pk: int) -> HttpResponse:
    item = _row(request, PendingItem, pk)
    return _confirm(
        request,
        item.customer,
        title=_("Cancel %(name)s") % {"name": item},
        text=_("No invoice will take it."),
        save=lambda _form: actions.cancel_item(actor=actor(request), now=now(), item=item),
    )


@requires(Verb.ISSUE_INVOICES)
def free(request: HttpRequest, pk: int) -> HttpResponse:
    fixed = _row(request, FixedDate, pk)
    return _confirm(
        request,
        fixed.customer,
        title=_("Give the next invoice its usual day back"),
        text=_("It is created when the calendar says."),
        save=lambda _form: actions.free_date(actor=actor(request), now=now(), fixed=fixed),
    )


def _customer(request: HttpRequest, pk: int) -> Customer:
    found = visible(person(request), Customer.objects.select_related("company", "zone"))
    return get_object_or_404(found, pk=pk)


def _row(request: HttpRequest, model: Any, pk: int) -> Any:
    rows = visible(person(request), model.objects.select_related("customer__zone"))
    return get_object_or_404(rows, pk=pk)


def _form_page(
    request: HttpRequest, customer: Customer, form: PanelForm, **options: Any
) -> HttpResponse:
    back = f"{reverse('desk:customer', args=[customer.pk])}#products"
    return answer_form(request, form, to=back, cancel_url=back, pretitle=customer.name, **options)


def _confirm(request: HttpRequest, customer: Customer, **options: Any) -> HttpResponse:
    """A question with one button; a refusal stands above it."""
    form = PanelForm(request.POST if request.method == "POST" else None)
    return _form_page(
        request, customer, form, template="web/confirm.html", done=_("Done."), **options
    )

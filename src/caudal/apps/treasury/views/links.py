"""Asking a customer to pay at a gateway."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from caudal.apps.billing.models import Invoice
from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.staff.access import actor, person, requires
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.apps.treasury import collect
from caudal.apps.treasury.errors import told_of_gateway
from caudal.apps.treasury.models import Gateway, PaymentLink
from caudal.apps.treasury.reads import offered, payable
from caudal.core.errors import RuleError
from caudal.core.ports.gateway import GatewayError
from caudal.web.errors import explain


@requires(Verb.REGISTER_PAYMENTS)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """What he may be asked for; posting makes the link."""
    found = visible(person(request), Customer.objects.select_related("company", "zone"))
    customer = get_object_or_404(found, pk=pk)
    gateways = Gateway.objects.filter(is_active=True, company=customer.company)
    if request.method == "POST":
        _make(request, customer, get_object_or_404(gateways, pk=_number(request, "gateway")))
        return redirect("treasury:link", pk)
    context = {
        "title": _("Payment link"),
        "customer": customer,
        "offered": offered(customer),
        "invoices": payable(customer).order_by("due", "id"),
        "gateways": gateways,
        "links": PaymentLink.objects.filter(customer=customer)
        .exclude(url="")
        .select_related("gateway", "invoice")[:10],
    }
    return render(request, "treasury/link.html", context)


def _make(request: HttpRequest, customer: Customer, gateway: Gateway) -> None:
    invoice = None
    if wanted := _number(request, "invoice"):
        invoice = get_object_or_404(Invoice.objects.filter(customer=customer), pk=wanted)
    try:
        collect.link(
            actor=actor(request),
            now=now(),
            gateway=gateway,
            customer=customer,
            invoice=invoice,
            notify_url=request.build_absolute_uri(reverse("treasury:notice", args=[gateway.slug])),
        )
        messages.success(request, _("The link is ready. Copy it and send it to the customer."))
    except RuleError as error:
        messages.error(request, explain(error))
    except GatewayError as error:
        messages.error(request, told_of_gateway(error))


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else 0

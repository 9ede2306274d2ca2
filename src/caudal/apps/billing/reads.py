"""What rooms above ask about what a customer will be charged."""

from datetime import date
from decimal import Decimal

from django.db.models import Q

from caudal.apps.billing.drafts import taxations
from caudal.apps.billing.models import CustomerProduct
from caudal.apps.billing.service_days import price_of
from caudal.apps.customers.models import Customer, ServiceState
from caudal.core.money import ZERO, minor_digits, round_half_up
from caudal.core.taxes import TaxableLine, tax_document


def month_price(customer: Customer, today: date) -> Decimal:
    """A whole month as it stands: services and recurring products, with their taxes (IW-x1).

    Discounts, one-off products and instalments are left out: they are not of every month.
    """
    services = customer.services.exclude(state=ServiceState.CANCELLED).select_related("plan")
    products = CustomerProduct.objects.filter(
        Q(ends=None) | Q(ends__gte=today),
        customer=customer,
        billing=CustomerProduct.Billing.RECURRING,
        cancelled_at=None,
    )
    prices = [price_of(service) for service in services] + [row.price for row in products]
    if not prices:
        return ZERO
    digits = minor_digits(customer.company.currency)
    taxation = taxations([customer])[customer.pk]
    lines = [TaxableLine(round_half_up(price, digits), taxation.rates) for price in prices]
    return tax_document(lines, taxation.mode, digits, taxation.rounding).total

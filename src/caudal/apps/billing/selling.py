"""Products and discounts of customers: sold, ended, cancelled. Invoices charge them later."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from caudal.apps.billing.batches import lock_customers
from caudal.apps.billing.models import CustomerProduct, Discount
from caudal.apps.catalog.models import Product
from caudal.apps.customers.models import Customer, Service, ServiceState
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.discounts import DiscountTerms
from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import minor_digits, require_scale
from caudal.core.products import ProductBilling, ProductTerms

SHOWN = ["description", "billing", "price", "instalments", "starts", "ends"]


@dataclass(frozen=True, slots=True)
class Sale:
    """What is sold and how it is charged; `price` is of one period, or of all instalments.

    `product` None is something that the catalog does not hold: `description` then names it.
    """

    product: Product | None = None
    description: str = ""
    billing: str = CustomerProduct.Billing.RECURRING
    price: Decimal | None = None
    """None: the catalog's."""
    instalments: int = 1
    starts: date | None = None
    ends: date | None = None

    @property
    def name(self) -> str:
        known = "" if self.product is None else self.product.description or self.product.name
        return self.description or known

    @property
    def asked(self) -> Decimal:
        if self.price is not None:
            return self.price
        return Decimal(0) if self.product is None else self.product.price

    def check(self, currency: str) -> ProductTerms:
        """Its terms. Raises RuleError for a price, count or dates that cannot be, or no name."""
        if not self.name.strip():
            raise RuleError("product-without-name")
        if self.product is not None and self.product.currency != currency:
            raise RuleError(ErrorCode.CURRENCY_MISMATCH, left=self.product.currency, right=currency)
        require_scale(self.asked, minor_digits(currency))
        return ProductTerms(
            ProductBilling(self.billing), self.asked, self.instalments, self.starts, self.ends
        )


@transaction.atomic
def add_product(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    sale: Sale,
    service: Service | None = None,
) -> CustomerProduct:
    """Sell something that the customer's service invoices charge from now on (PRD-1..4).

    `service` None: the invoice of his first service takes it. Raises RuleError.
    """
    (customer,) = lock_customers([customer.pk])
    currency = service.plan.currency if service is not None else customer.company.currency
    terms = sale.check(currency)
    row = CustomerProduct.objects.create(
        customer=customer,
        service=service,
        product=sale.product,
        description=sale.name.strip()[:200],
        billing=terms.billing.value,
        price=terms.price,
        currency=currency,
        instalments=terms.instalments if terms.billing is ProductBilling.INSTALMENTS else 1,
        starts=sale.starts,
        ends=sale.ends,
        created_by=actor.name,
        created_at=now,
    )
    record(
        actor,
        "billing.add_product",
        row,
        now=now,
        customer_id=customer.pk,
        after=snapshot(row, SHOWN),
    )
    return row


@transaction.atomic
def end_product(
    *, actor: Actor, now: datetime, sold: CustomerProduct, ends: date | None
) -> CustomerProduct:
    """Set the last emission date that charges it, or none; what is on invoices stays (PRD-5)."""
    sold = _locked(sold)
    before = snapshot(sold, SHOWN)
    sold.ends = ends
    ProductTerms(ProductBilling(sold.billing), sold.price, sold.instalments, sold.starts, ends)
    sold.save(update_fields=["ends"])
    after = snapshot(sold, SHOWN)
    record(
        actor,
        "billing.end_product",
        sold,
        now=now,
        customer_id=sold.customer_id,
        before=before,
        after=after,
    )
    return sold


@transaction.atomic
def move_product(
    *, actor: Actor, now: datetime, sold: CustomerProduct, service: Service | None
) -> CustomerProduct:
    """Charge it from now on with another service of the customer; None: with his first one.

    Raises RuleError "service-of-another", "service-ended" or for one in another currency.
    """
    sold = _locked(sold)
    if service is not None:
        _require_fits(sold, service)
    before = snapshot(sold, ["service_id"])
    sold.service = service
    sold.save(update_fields=["service"])
    record(
        actor,
        "billing.move_product",
        sold,
        now=now,
        customer_id=sold.customer_id,
        before=before,
        after=snapshot(sold, ["service_id"]),
    )
    return sold


@transaction.atomic
def cancel_product(*, actor: Actor, now: datetime, sold: CustomerProduct) -> CustomerProduct:
    """No invoice charges it any more; what is not billed yet stays written beside it (PRD-5)."""
    sold = _locked(sold)
    if sold.cancelled_at is None and sold.completed_at is None:
        sold.cancelled_at = now
        sold.save(update_fields=["cancelled_at"])
        record(actor, "billing.cancel_product", sold, now=now, customer_id=sold.customer_id)
    return sold


@transaction.atomic
def add_discount(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    description: str,
    percent: Decimal | None = None,
    amount: Decimal | None = None,
    months: int | None = None,
    starts: date | None = None,
    ends: date | None = None,
    service: Service | None = None,
) -> Discount:
    """Take a percentage (0..100) or an amount off the plan, for `months` invoices or until a date.

    Raises RuleError unless exactly one of percent and amount is given, and for impossible ones.
    """
    (customer,) = lock_customers([customer.pk])
    currency = service.plan.currency if service is not None else customer.company.currency
    terms = DiscountTerms(percent, amount, months, starts, ends)
    if terms.amount is not None:
        require_scale(terms.amount, minor_digits(currency))
    row = Discount.objects.create(
        customer=customer,
        service=service,
        description=description.strip()[:200],
        percent=percent,
        amount=amount,
        currency=currency,
        months=months,
        starts=starts,
        ends=ends,
        created_by=actor.name,
        created_at=now,
    )
    shown = ["description", "percent", "amount", "months", "starts", "ends"]
    record(
        actor,
        "billing.add_discount",
        row,
        now=now,
        customer_id=customer.pk,
        after=snapshot(row, shown),
    )
    return row


@transaction.atomic
def cancel_discount(*, actor: Actor, now: datetime, discount: Discount) -> Discount:
    """No invoice gets it any more; those that did keep it."""
    lock_customers([discount.customer_id])
    discount = Discount.objects.select_for_update().get(pk=discount.pk)
    if discount.cancelled_at is None:
        discount.cancelled_at = now
        discount.save(update_fields=["cancelled_at"])
        record(
            actor, "billing.cancel_discount", discount, now=now, customer_id=discount.customer_id
        )
    return discount


def _require_fits(sold: CustomerProduct, service: Service) -> None:
    if service.customer_id != sold.customer_id:
        raise RuleError("service-of-another", field="service")
    if service.state == ServiceState.CANCELLED:
        raise RuleError("service-ended", field="service")
    if service.plan.currency != sold.currency:
        raise RuleError(
            ErrorCode.CURRENCY_MISMATCH, field="service", left=sold.currency,
            right=service.plan.currency,
        )  # fmt: skip


def _locked(sold: CustomerProduct) -> CustomerProduct:
    lock_customers([sold.customer_id])
    return CustomerProduct.objects.select_for_update().get(pk=sold.pk)

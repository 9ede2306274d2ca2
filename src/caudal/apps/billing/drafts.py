"""Invoices before they are written: what they charge, with which dates and taxes, and why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Tax
from caudal.apps.customers.models import Customer
from caudal.core.days import Charged
from caudal.core.errors import RuleError
from caudal.core.money import minor_digits
from caudal.core.records import Reason
from caudal.core.taxes import (
    TaxableLine,
    TaxedDocument,
    TaxMode,
    TaxRate,
    TaxRounding,
    tax_document,
)
from caudal.store.lookups import Among


@dataclass(frozen=True, slots=True)
class Taxation:
    """How the prices of one customer bear tax."""

    mode: TaxMode
    rates: tuple[TaxRate, ...]
    rounding: TaxRounding


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` is the price times the quantity, rounded; net, gross or untaxed as the mode says."""

    kind: str
    description: str
    amount: Decimal
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    service_id: int | None = None
    product_id: int | None = None
    trace: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductTurn:
    """A charge of a sold product; `is_new` unless a void invoice had this number before."""

    sold: int
    number: int
    cycle: date
    amount: Decimal
    completes: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class DiscountTurn:
    """`amount` > 0 that a discount takes off."""

    discount: int
    cycle: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ItemTurn:
    """What lands of a pending item, and the credit of it that waits for another invoice."""

    item: int
    taken: Decimal
    rest: Decimal


@dataclass
class Draft:
    """One invoice to be. It has no number and touches nothing until it is written."""

    customer: Customer
    currency: str
    taxation: Taxation
    emission: date
    due: date
    cut: date | None
    notice: date | None = None
    kind: str = Invoice.Kind.SERVICE
    origin: str = Invoice.Origin.AUTOMATIC
    service_id: int | None = None
    lines: list[Line] = field(default_factory=list)
    periods: list[tuple[int, Charged]] = field(default_factory=list)
    """By service the days that it takes, whether it charges for them or not (a hold)."""
    owed: list[int] = field(default_factory=list)
    """Rows of days that waited for it."""
    late_fees: list[tuple[int, Decimal, bool]] = field(default_factory=list)
    """Overdue invoices that it makes bear a late fee, how much, and whether it may come again."""
    reconnections: list[int] = field(default_factory=list)
    products: list[ProductTurn] = field(default_factory=list)
    discounts: list[DiscountTurn] = field(default_factory=list)
    items: list[ItemTurn] = field(default_factory=list)
    debits: list[tuple[int, Decimal]] = field(default_factory=list)
    """Debit notes that are lines of it, and how much they were booked for (RD-20)."""
    note: str = ""

    @property
    def services(self) -> set[int]:
        """The services that it charges for days."""
        return {service for service, _ in self.periods}

    @cached_property
    def taxed(self) -> TaxedDocument:
        """Its amounts. Raises RuleError "total-negative" when discounts exceed the charges."""
        amounts = tuple(line.amount for line in self.lines)
        taxed = _taxed(amounts, self.taxation, minor_digits(self.currency))
        if taxed.total < 0:
            raise RuleError("total-negative", total=taxed.total)
        return taxed


@lru_cache(maxsize=4096, typed=True)
def _taxed(amounts: tuple[Decimal, ...], taxation: Taxation, digits: int) -> TaxedDocument:
    """Remembered, for most invoices of a run are like others."""
    lines = [TaxableLine(amount, taxation.rates) for amount in amounts]
    return tax_document(lines, taxation.mode, digits, taxation.rounding)


def taxations(customers: Sequence[Customer]) -> dict[int, Taxation]:
    """By customer: his own mode and taxes where he has any, else those of his company."""
    taxes = Tax.objects.filter(is_active=True)
    companies = {customer.company_id for customer in customers}
    of_company = _rates(
        taxes.filter(companies__in=companies).values_list("companies", "name", "rate")
    )
    of_customer = _rates(
        taxes.filter(Among("customers", [customer.id for customer in customers])).values_list(
            "customers", "name", "rate"
        )
    )
    return {
        customer.id: Taxation(
            TaxMode(customer.tax_mode or customer.company.tax_mode),
            of_customer.get(customer.id) or of_company.get(customer.company_id, ()),
            TaxRounding(customer.company.tax_rounding),
        )
        for customer in customers
    }


def _rates(rows: Iterable[tuple[int, str, Decimal]]) -> dict[int, tuple[TaxRate, ...]]:
    """Rates by owner, always in the same order, for the last one takes the rounding."""
    found: dict[int, list[TaxRate]] = defaultdict(list)
    for owner, name, percent in rows:
        found[owner].append(TaxRate.percent(name, percent))
    return {owner: tuple(sorted(rates)) for owner, rates in found.items()}

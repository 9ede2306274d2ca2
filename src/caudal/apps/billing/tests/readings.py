"""What the tests of readings ask of the world: rules set, dates and totals read, money in."""

from datetime import date
from decimal import Decimal
from typing import Any

from caudal.apps.billing.actions import ManualLine, Order, issue_invoice, open_credit, settle
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, World, at, d
from caudal.apps.catalog.models import BillingRules, Company
from caudal.apps.customers.models import Customer


def rules(**values: Any) -> None:
    BillingRules.objects.update(**values)


def totals(world: World, customer: Customer) -> list[str]:
    return [f"{total:.2f}" for total in world.totals(customer)]


def dates(invoice: Invoice) -> tuple[date, date, date | None]:
    return invoice.emission, invoice.due, invoice.cut


def days(invoice: Invoice) -> tuple[date, date]:
    return invoice.periods.values_list("first", "last").get()


def by_hand(customer: Customer, emission: date) -> None:
    order = Order(emission=emission, lines=[ManualLine("Visita", Decimal("150.00"))])
    issue_invoice(actor=CLERK, now=at(emission), customer=customer, order=order)


def owing(world: World, **company: Any) -> Customer:
    """June and July unpaid, never cut; a late fee of 30."""
    Company.objects.update(late_fee=Decimal("30.00"), **company)
    customer = world.customer(may_be_cut=False)
    world.create(d(5, 28))
    return customer


def settle_all(world: World, customer: Customer, on: date) -> None:
    """Money that arrives on that day, without the till that would take it."""
    for invoice in Invoice.objects.unpaid().filter(customer=customer):
        credit = open_credit(
            customer_id=customer.pk, company_id=customer.company_id, currency="MXN",
            origin="payment", on=on, amount=invoice.remaining,
        )  # fmt: skip
        settle(credit, now=at(on), first=invoice)

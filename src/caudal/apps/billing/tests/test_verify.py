"""`verify` finds each figure of an invoice that something else contradicts, whoever wrote it."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from caudal.apps.billing.actions import (
    Sale,
    add_discount,
    add_product,
    adjust,
    leave_item,
    schedule_plan_change,
)
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.catalog.actions import edit_company
from caudal.apps.catalog.models import Tax
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.cuts import cut_overdue
from caudal.apps.ledger.verify import first_wrong
from caudal.apps.payments.tests.till import Till
from caudal.core.errors import RuleError
from caudal.core.periods import Period

OTHER = "(SELECT MAX(id) FROM customers_customer)"
FIRST = "WHERE id = (SELECT MIN(id) FROM {0})"


def twice(table: str, column: str, where: str = FIRST) -> str:
    return f"UPDATE {table} SET {column} = {column} * 2 {where.format(table)}"


def anothers(table: str, column: str = "customer_id") -> str:
    return f"UPDATE {table} SET {column} = {OTHER} {FIRST.format(table)}"


DAMAGES = [
    twice("billing_invoiceline", "unit_price"),
    twice("billing_invoiceline", "quantity"),
    twice("billing_invoicetax", "base"),
    twice("billing_invoicetax", "amount"),
    twice("billing_invoicetax", "rate"),
    "DELETE FROM billing_invoicetax",
    twice("billing_latefee", "amount"),
    "DELETE FROM billing_latefee",
    twice("billing_reconnectioncharge", "amount"),
    anothers("billing_reconnectioncharge"),
    twice("billing_productcharge", "amount", "WHERE amount < 1000000"),
    twice("billing_customerproduct", "numbered"),
    twice("billing_discountuse", "amount"),
    anothers("billing_discount"),
    twice("billing_pendingitem", "amount", "WHERE invoice_id IS NOT NULL"),
    anothers("billing_pendingitem"),
    twice("billing_daycorrection", "net"),
    twice("billing_billedperiod", "price"),
    "DELETE FROM billing_billedperiod WHERE id = (SELECT MAX(id) FROM billing_billedperiod)",
    "UPDATE billing_adjustment SET invoice_id = (SELECT MAX(id) FROM billing_invoice)"
    " WHERE invoice_id IS NOT NULL",
    f"UPDATE billing_invoice SET customer_id = {OTHER} WHERE state = 'paid'",
    "UPDATE billing_credit SET amount = amount * 2, remaining = remaining + amount"
    " WHERE origin = 'adjustment'",
]


@pytest.fixture
def customer(db: None) -> Customer:
    """Everything that an invoice can take has landed on one of his, and he paid one of them."""
    till = Till()
    till.company.taxes.add(Tax.objects.create(name="IVA", rate=Decimal(16)))
    till.company.tax_mode, till.company.late_fee = "added", Decimal(30)
    till.company.reconnection_fee = Decimal(50)
    till.company.save()
    customer, _other = till.customer(), till.customer()
    who: dict[str, Any] = {"actor": CLERK, "now": at(d(5, 20)), "customer": customer}
    add_product(**who, sale=Sale(description="TV", price=Decimal("99.90")))
    add_discount(**who, description="Bienvenida", percent=Decimal(10), months=2)
    leave_item(**who, amount=Decimal(12), currency="MXN", on=d(5, 20), description="Visita")
    for amount in ("45.50", "-20.25"):
        adjust(**who, amount=Decimal(amount), currency="MXN", on=d(5, 20), reason="nota")
    till.create(d(5, 28))
    cut_overdue(d(6, 5), at(d(6, 5), 8))
    schedule_plan_change(
        actor=CLERK, now=at(d(6, 11)), today=d(6, 11), on=d(6, 11),
        service=customer.services.get(), plan=till.create_plan("500.00"),
    )  # fmt: skip
    till.create(d(6, 28))
    till.pay(customer, "900.00", d(6, 29))
    verify()
    return customer


@pytest.mark.parametrize("damage", DAMAGES)
def test_figures_that_contradict_others_are_found(customer: Customer, damage: str) -> None:
    assert Invoice.objects.filter(customer=customer).count() == 2
    with connection.cursor() as cursor:
        cursor.execute(damage)
        assert cursor.rowcount
    assert first_wrong() is not None


def test_a_price_finer_than_the_currency_is_rounded_on_the_invoice_and_refused_by_hand(
    db: None,
) -> None:
    till = Till()
    till.company.currency = "CLP"
    till.company.save()
    plan = till.create_plan("19990.50")
    plan.currency = "CLP"
    plan.save()
    customer = till.customer(plan=plan)
    till.create(d(6, 28))
    assert Invoice.objects.get().total == 19991
    verify()
    days = Period(d(8, 1), d(8, 31))
    with pytest.raises(RuleError, match="amount-too-fine"):
        till.issue(
            customer, d(7, 20), service=customer.services.get(), days=days, price=Decimal("100.50")
        )


def number_on(till: Till, prefix: str, number: int) -> None:
    """A person sets how invoices are numbered from now on."""
    company = till.company
    edit_company(
        actor=CLERK, now=at(d(6, 1)), company=company, taxes=[], name=company.name,
        series={"invoice": (prefix, number)},
    )  # fmt: skip


def test_numbers_that_a_person_left_out_are_no_gaps(db: None) -> None:
    till = Till()
    customer = till.customer()
    for prefix, number in (("A-", 5), ("A-", 100), ("B-", 1), ("A-", 200), ("A-", 300)):
        number_on(till, prefix, number)
        till.open_invoice(customer, "10.00", d(7, 1))
        till.open_invoice(customer, "10.00", d(7, 1))
        verify()
    number_on(till, "A-", 400)
    verify()
    Invoice.objects.filter(prefix="B-", number=2).update(number=3)
    assert first_wrong() is not None

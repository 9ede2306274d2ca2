"""`verify` finds papers that say something else than the books, whoever wrote them."""

from decimal import Decimal

import pytest
from django.db import connection

from caudal.apps.billing.actions import adjust
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.ledger.verify import first_wrong
from caudal.apps.payments.tests.till import Till

pytestmark = pytest.mark.django_db

PAYMENT = "UPDATE payments_payment SET {} WHERE id = (SELECT MIN(id) FROM payments_payment)"
OTHER = "(SELECT MAX(id) FROM customers_customer)"
DELETED = "deleted_at = registered_at, deleted_by = 'intruder'"


@pytest.mark.parametrize(
    "damage",
    [
        PAYMENT.format(f"customer_id = {OTHER}"),
        PAYMENT.format("currency = 'USD'"),
        PAYMENT.format(DELETED),
        "UPDATE payments_payment SET deleted_at = NULL WHERE deleted_at IS NOT NULL",
        "UPDATE payments_refund SET deleted_at = refunded_at, deleted_by = 'intruder'",
        f"UPDATE billing_credit SET customer_id = {OTHER} WHERE id = (SELECT credit_id FROM "
        "payments_payment ORDER BY id LIMIT 1)",
        "UPDATE billing_adjustment SET amount = amount + 1",
        f"UPDATE billing_adjustment SET customer_id = {OTHER}",
        PAYMENT.format("number = number + 100"),
        "UPDATE payments_refund SET number = number + 1",
        "UPDATE payments_paymentpart SET cash_box_id = (SELECT MAX(id) FROM payments_cashbox) "
        "WHERE payment_id = (SELECT MIN(id) FROM payments_payment)",
        PAYMENT.format("cash_box_id = (SELECT MAX(id) FROM payments_cashbox)"),
        "UPDATE payments_refund SET cash_box_id = (SELECT MAX(id) FROM payments_cashbox)",
        "UPDATE payments_refundsource SET credit_id = (SELECT MIN(id) FROM billing_credit)",
    ],
)
def test_papers_that_differ_from_the_books_are_found(till: Till, damage: str) -> None:
    customer, _other = till.customer(), till.customer()
    till.create_box("Second")
    till.open_invoice(customer, "350.00", d(7, 1))
    adjust(
        actor=CLERK, now=at(d(7, 1)), customer=customer, amount=Decimal(5), currency="MXN",
        on=d(7, 1), reason="x",
    )  # fmt: skip
    till.pay(customer, "350.00", d(7, 2))
    till.delete(till.pay(customer, "10.00", d(7, 2)), d(7, 3))
    till.give_back(customer, "20.00", d(7, 3), payment=till.pay(customer, "30.00", d(7, 3)))
    verify()
    with connection.cursor() as cursor:
        cursor.execute(damage)
    assert first_wrong() is not None

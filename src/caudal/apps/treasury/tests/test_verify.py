"""`verify` finds money from outside that is not the payment it should be, or none at all."""

import pytest
from django.db import connection

from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.ledger.verify import first_wrong
from caudal.apps.treasury import actions
from caudal.apps.treasury.actions import Share
from caudal.apps.treasury.models import GatewayPayment
from caudal.apps.treasury.tests.counter import Counter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE treasury_bankline SET amount = amount * 2",
        "UPDATE treasury_assignment SET amount = amount * 2",
        "UPDATE treasury_assignment SET payment_id = NULL",
        "UPDATE treasury_gatewaypayment SET amount = amount * 2 WHERE payment_id IS NOT NULL",
        "UPDATE treasury_gatewaypayment SET payment_id = NULL",
        "UPDATE treasury_gatewaypayment SET unmatched = '' WHERE payment_id IS NULL",
        "UPDATE treasury_reportedpayment SET amount = amount * 2",
        "UPDATE treasury_reportedpayment SET payment_id = NULL",
    ],
)
def test_money_from_outside_that_is_not_its_payment_is_found(counter: Counter, damage: str) -> None:
    customer = counter.customer()
    now = at(d(7, 6))
    share = Share(customer, counter.line("300.00").amount)
    line = counter.line("300.00")
    actions.assign(actor=CLERK, now=now, line=line, shares=[share])
    gateway = counter.gateway()
    waits = {"gateway": gateway, "amount": share.amount, "currency": "MXN", "status": "approved"}
    for name in ("paid", "waits"):
        row = GatewayPayment.objects.create(
            **waits, external_id=name, unmatched="reference", first_at=now, changed_at=now
        )
        if name == "paid":
            actions.assign_gateway_payment(actor=CLERK, now=now, row=row, customer=customer)
    report = actions.report_payment(
        actor=CLERK, now=now, customer=customer, key="k", amount=share.amount, paid_on=d(7, 5),
        method="cash",
    )  # fmt: skip
    actions.approve_report(actor=CLERK, now=now, report=report, cash_box=counter.box, restore=True)
    verify()
    with connection.cursor() as cursor:
        cursor.execute(damage)
        assert cursor.rowcount
    assert first_wrong() is not None

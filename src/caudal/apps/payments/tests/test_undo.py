"""I9: whatever a payment did, deleting it leaves everything as it was before."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.apps.billing.models import Credit, Invoice
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.models import Balance
from caudal.apps.payments.actions import deposit_cheques, edit_part, reject_cheque
from caudal.apps.payments.models import CashBox, Cheque, Payment
from caudal.apps.payments.refunds import refundable_of
from caudal.apps.payments.tests.till import Till

amounts = st.integers(1, 90_000).map(lambda cents: f"{Decimal(cents) / 100:.2f}")
ACTS = ("refund", "refund_credit", "deposit", "reject", "edit")


class Rollback(Exception):
    """Ends an example: the next one starts from the same rows."""


def state(till: Till) -> dict[str, Any]:
    return {
        "invoices": list(Invoice.objects.order_by("pk").values_list("pk", "remaining", "state")),
        "credits": list(
            Credit.objects.filter(withdrawn_at=None, remaining__gt=0)
            .order_by("pk")
            .values_list("amount", "remaining", "returned")
        ),
        "balances": {
            key: amount
            for key, amount in Balance.objects.values_list("customer", "amount")
            if amount
        },
        "boxes": {box.name: held for box in CashBox.objects.all() if (held := till.held(box))},
    }


def do(act: str, till: Till, customer: Customer, payment: Payment, bank: CashBox) -> None:
    payment = Payment.objects.select_related("credit").get(pk=payment.pk)
    cheque = Cheque.objects.filter(part__payment=payment).first()
    if payment.deleted_at is not None:
        return
    if act == "refund" and min(refundable_of(payment), till.held(till.box)) >= 1:
        till.give_back(customer, "1.00", d(7, 10), payment=payment)
    elif act == "refund_credit" and is_only_credit(payment) and till.held(till.box) >= 1:
        till.give_back(customer, "1.00", d(7, 10))
    elif act == "deposit" and cheque and cheque.state == "portfolio":
        deposit_cheques(actor=CLERK, now=at(d(7, 11)), on=d(7, 11), cheques=[cheque], bank=bank)
    elif act == "reject" and cheque and cheque.state in ("portfolio", "deposited"):
        reject_cheque(actor=CLERK, now=at(d(7, 12)), on=d(7, 12), cheque=cheque, reason="no funds")
    elif act == "edit":
        part = payment.parts.exclude(method="cheque").first()
        if part:
            edit_part(
                actor=CLERK, now=at(d(7, 13)), today=d(7, 13), part=part, method="transfer",
                cash_box=bank, reference="",
            )  # fmt: skip


def is_only_credit(payment: Payment) -> bool:
    """Else a refund from the account gives back what came before, which nobody undoes here."""
    others = Credit.objects.filter(remaining__gt=0).exclude(pk=payment.credit.pk)
    return payment.credit.remaining >= 1 and not others.exists()


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=st.lists(amounts, max_size=2),
    cash=amounts,
    paper=st.none() | amounts,
    acts=st.lists(st.sampled_from(ACTS), max_size=4, unique=True),
)
def test_i9_deleting_a_payment_leaves_what_was_there(
    till: Till, before: list[str], cash: str, paper: str | None, acts: list[str]
) -> None:
    def story() -> None:
        customer, bank = till.customer(), till.create_box("Banco", "bank")
        for month in (6, 7):
            till.open_invoice(customer, "300.00", d(month, 1))
        for amount in before:
            till.pay(customer, amount, d(7, 2))
        was = state(till)
        parts = [till.cash(cash)] + ([till.cheque(paper, d(7, 5))] if paper else [])
        payment = till.pay_parts(customer, d(7, 3), *parts)
        for act in acts:
            do(act, till, customer, payment, bank)
        payment.refresh_from_db()
        if payment.deleted_at is None:
            till.delete(payment, d(7, 14) + timedelta(days=1))
        assert state(till) == was
        verify()

    undone(story)


def undone(story: Callable[[], None]) -> None:
    with pytest.raises(Rollback), transaction.atomic():
        story()
        raise Rollback

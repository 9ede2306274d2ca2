"""A cheque counts when it comes; the bank says later whether it was money (CSH-3)."""

from decimal import Decimal

import pytest

from caudal.apps.billing.models import Adjustment, Invoice
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.reads import statement
from caudal.apps.payments.actions import (
    clear_cheques,
    deposit_cheques,
    edit_part,
    reject_cheque,
)
from caudal.apps.payments.models import CashBox, Cheque, Payment
from caudal.apps.payments.tests.till import Till
from caudal.core.errors import RuleError

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(till: Till) -> CashBox:
    return till.create_box("Banco", "bank")


@pytest.fixture
def customer(till: Till) -> Customer:
    """Owes 350.00 for July."""
    row = till.customer(plan=till.create_plan("350.00"))
    till.run(d(6, 28))
    return row


def deposit(cheque: Cheque, bank: CashBox, on: int = 20) -> None:
    deposit_cheques(actor=CLERK, now=at(d(7, on)), on=d(7, on), cheques=[cheque], bank=bank)
    cheque.refresh_from_db()


def reject(cheque: Cheque, on: int = 22, cost: str = "0") -> None:
    reject_cheque(
        actor=CLERK, now=at(d(7, on)), on=d(7, on), cheque=cheque, reason="no funds",
        cost=Decimal(cost),
    )  # fmt: skip
    cheque.refresh_from_db()


def test_deposited_and_cleared_it_is_money_in_the_bank(
    till: Till, bank: CashBox, customer: Customer
) -> None:
    _, cheque = till.mixed(customer, d(7, 3))
    deposit(cheque, bank)
    assert (till.cheques_held(), till.held(bank)) == (0, Decimal("250.00"))
    clear_cheques(actor=CLERK, now=at(d(7, 22)), on=d(7, 22), cheques=[cheque])
    history = list(cheque.events.values_list("state", "on", "by"))
    assert history == [
        ("portfolio", d(7, 3), CLERK.name),
        ("deposited", d(7, 20), CLERK.name),
        ("cleared", d(7, 22), CLERK.name),
    ]
    assert till.balance(customer) == 0
    verify()


def test_the_bank_takes_no_cheque_before_its_date_nor_twice(
    till: Till, bank: CashBox, customer: Customer
) -> None:
    _, cheque = till.mixed(customer, d(7, 3))
    with pytest.raises(RuleError, match="deposit-too-early"):
        deposit(cheque, bank, 19)
    with pytest.raises(RuleError, match="not-a-bank"):
        deposit(cheque, till.box)
    deposit(cheque, bank)
    with pytest.raises(RuleError, match="cheque-not-in-state"):
        deposit(cheque, bank)
    assert till.held(bank) == Decimal("250.00")


@pytest.mark.parametrize("was_deposited", [False, True])
def test_a_rejected_cheque_takes_its_part_back_and_leaves_the_cash(
    till: Till, bank: CashBox, customer: Customer, was_deposited: bool
) -> None:
    payment, cheque = till.mixed(customer, d(7, 3))
    if was_deposited:
        deposit(cheque, bank)
    reject(cheque, cost="35.00")
    invoice = Invoice.objects.get(customer=customer)
    assert (invoice.remaining, invoice.state) == (Decimal("250.00"), "partial")
    assert till.balance(customer) == Decimal("285.00")
    assert till.cheques_held() == till.held(bank) == 0
    assert till.held(till.box) == Decimal("100.00")
    assert Adjustment.objects.get().amount == Decimal("35.00")
    payment.refresh_from_db()
    assert payment.deleted_at is None
    kinds = [row.kind for row in statement(customer, till.company, "MXN").rows]
    assert kinds == ["invoice", "payment", "rejection", "adjustment"]
    verify()


def test_the_cost_of_a_rejected_cheque_is_money_that_is_owed(
    till: Till, customer: Customer
) -> None:
    _payment, cheque = till.mixed(customer, d(7, 3))
    for cost in ("-35.00", "0.005"):
        with pytest.raises(RuleError, match="amount-"):
            reject(cheque, cost=cost)
    assert not Adjustment.objects.exists()


def test_rejected_it_reopens_what_its_money_had_reached_since(
    till: Till, bank: CashBox, customer: Customer
) -> None:
    payment = till.pay_parts(customer, d(7, 3), till.cash("100.00"), till.cheque("400.00", d(7, 3)))
    till.run(d(7, 28))
    july, august = till.invoices(customer)
    assert (july.remaining, august.remaining) == (0, Decimal("200.00"))
    reject(Cheque.objects.get(part__payment=payment), 29)
    july, august = till.invoices(customer)
    assert (july.remaining, august.remaining) == (Decimal("250.00"), Decimal("350.00"))
    assert till.balance(customer) == Decimal("600.00")
    verify()


def test_a_payment_that_was_the_cheque_alone_is_deleted(
    till: Till, bank: CashBox, customer: Customer
) -> None:
    payment = till.pay_parts(customer, d(7, 3), till.cheque("350.00", d(7, 20)))
    cheque = Cheque.objects.get()
    deposit(cheque, bank)
    reject(cheque)
    payment.refresh_from_db()
    assert payment.deleted_at is not None
    assert cheque.state == Cheque.State.REJECTED
    assert till.balance(customer) == Decimal("350.00")
    assert till.held(bank) == till.cheques_held() == 0
    with pytest.raises(RuleError, match="cheque-not-in-state"):
        reject(cheque)
    verify()


def test_deleting_the_payment_after_the_cheque_was_rejected_undoes_the_rest(
    till: Till, bank: CashBox, customer: Customer
) -> None:
    payment, cheque = till.mixed(customer, d(7, 3))
    deposit(cheque, bank)
    reject(cheque)
    till.delete(Payment.objects.get(pk=payment.pk), d(7, 23))
    assert till.balance(customer) == Decimal("350.00")
    assert till.held(till.box) == till.held(bank) == till.cheques_held() == 0
    cheque.refresh_from_db()
    assert cheque.state == Cheque.State.REJECTED
    verify()


def test_a_cheque_the_bank_has_paid_is_not_deleted(
    till: Till, bank: CashBox, customer: Customer
) -> None:
    payment, cheque = till.mixed(customer, d(7, 3))
    deposit(cheque, bank)
    clear_cheques(actor=CLERK, now=at(d(7, 22)), on=d(7, 22), cheques=[cheque])
    with pytest.raises(RuleError, match="cheque-cleared"):
        till.delete(payment, d(7, 23))
    assert till.balance(customer) == 0


def test_a_cheque_that_the_bank_paid_and_took_back_is_owed_again(
    till: Till, bank: CashBox, customer: Customer
) -> None:
    _payment, cheque = till.mixed(customer, d(7, 3))
    deposit(cheque, bank)
    clear_cheques(actor=CLERK, now=at(d(7, 22)), on=d(7, 22), cheques=[cheque])
    reject(cheque, 27, cost="40.00")
    invoice = Invoice.objects.get(customer=customer)
    assert (invoice.remaining, till.balance(customer)) == (Decimal("250.00"), Decimal("290.00"))
    assert (till.held(bank), till.held(till.box)) == (0, Decimal("100.00"))
    states = list(cheque.events.values_list("state", "on"))
    assert states[-2:] == [("cleared", d(7, 22)), ("rejected", d(7, 27))]
    with pytest.raises(RuleError, match="cheque-not-in-state"):
        reject(cheque, 28)
    verify()


def test_a_payment_that_was_a_cleared_cheque_alone_goes_back_whole(
    till: Till, bank: CashBox, customer: Customer
) -> None:
    payment = till.pay_parts(customer, d(7, 3), till.cheque("400.00", d(7, 20)))
    cheque = Cheque.objects.get()
    deposit(cheque, bank)
    clear_cheques(actor=CLERK, now=at(d(7, 22)), on=d(7, 22), cheques=[cheque])
    till.run(d(7, 28))
    assert till.balance(customer) == Decimal("300.00")
    reject(cheque, 29)
    payment.refresh_from_db()
    assert payment.deleted_at is not None
    assert till.balance(customer) == Decimal("700.00")
    assert till.held(bank) == till.cheques_held() == 0
    verify()


def test_a_cheque_is_not_turned_into_cash_by_editing(till: Till, customer: Customer) -> None:
    payment, _ = till.mixed(customer, d(7, 3))
    part = payment.parts.get(method="cheque")
    with pytest.raises(RuleError, match="cheque-is-paper"):
        edit_part(
            actor=CLERK, now=at(d(7, 4)), today=d(7, 4), part=part, method="cash",
            cash_box=till.box, reference="",
        )  # fmt: skip

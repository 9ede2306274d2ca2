"""Several cashiers at the same moment: nothing is taken twice, no count is wrong (I18, I21)."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.payments.actions import deposit_cheques
from caudal.apps.payments.models import CashSession, Cheque, Payment, Refund
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.models import User
from caudal.core.errors import RuleError
from tests.rig.kill import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
UserWithRole = Callable[..., User]


def test_two_cashiers_take_the_same_invoice(till: Till, user_with_role: UserWithRole) -> None:
    people = [user_with_role("cashier", name) for name in ("ana", "eva")]
    boxes = [till.create_box(f"Caja de {user}", operator=user) for user in people]
    customer = till.customer()
    till.run(d(6, 28))
    (invoice,) = till.invoices(customer)

    def take(number: int) -> None:
        till.pay(
            customer, "300.00", d(7, 2), invoice=invoice, operator=people[number],
            cash_box=boxes[number], external_id=f"form-{number}",
        )  # fmt: skip

    assert in_threads(2, take) == []
    assert Payment.objects.count() == 2
    invoice.refresh_from_db()
    assert (invoice.remaining, invoice.state) == (0, "paid")
    assert till.balance(customer) == Decimal("-300.00")
    verify()


def test_fifty_sendings_of_one_mixed_payment_are_one(till: Till) -> None:
    customer = till.customer(plan=till.create_plan("350.00"))
    till.run(d(6, 28))
    told = {"gateway": "pasarela", "external_id": "7001"}

    def take(_: int) -> None:
        parts = till.cash("100.00"), till.cheque("250.00", d(7, 20))
        till.pay_parts(customer, d(7, 2), *parts, **told)

    assert in_threads(50, take) == []
    assert (Payment.objects.count(), Cheque.objects.count()) == (1, 1)
    assert (till.held(till.box), till.cheques_held()) == (Decimal("100.00"), Decimal("250.00"))
    assert Invoice.objects.get().state == "paid"
    verify()


def test_a_drawer_closed_while_money_comes_in_counts_each_coin_once(
    till: Till, user_with_role: UserWithRole
) -> None:
    ana = user_with_role("cashier", "ana")
    till.box.needs_session = True
    till.box.save()
    session = till.open(ana, d(7, 6), "0")
    people = [till.customer() for _ in range(8)]

    def act(number: int) -> None:
        if number == 4:
            till.close(session, d(7, 6), "0")
            return
        try:
            till.pay(people[number], "10.00", d(7, 6), operator=ana)
        except RuleError as error:  # it came after the count
            assert error.code == "session-needed"

    assert in_threads(8, act) == []
    closed = CashSession.objects.get()
    assert closed.expected_cash == 10 * Payment.objects.count()
    assert till.held(till.box) == 0
    verify()


def test_one_credit_is_given_back_once(till: Till) -> None:
    customer = till.customer()
    till.pay(customer, "100.00", d(7, 2))
    refused = []

    def give(_: int) -> None:
        try:
            till.give_back(customer, "60.00", d(7, 3))
        except RuleError as error:
            refused.append(error.code)

    assert in_threads(6, give) == []
    assert Refund.objects.count() == 1
    assert refused == ["more-than-credit"] * 5
    assert till.held(till.box) == Decimal("40.00")
    verify()


def test_one_cheque_is_deposited_once(till: Till) -> None:
    bank = till.create_box("Banco", "bank")
    _, cheque = till.mixed(till.customer(), d(7, 3))
    refused = []

    def deposit(_: int) -> None:
        try:
            deposit_cheques(actor=CLERK, now=at(d(7, 20)), on=d(7, 20), cheques=[cheque], bank=bank)
        except RuleError as error:
            refused.append(error.code)

    assert in_threads(4, deposit) == []
    assert refused == ["cheque-not-in-state"] * 3
    assert till.held(bank) == Decimal("250.00")
    verify()

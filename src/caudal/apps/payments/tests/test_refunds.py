"""Money given back comes out of credit, or opens again what it had settled (PAY-7)."""

from decimal import Decimal

import pytest

from caudal.apps.billing.actions import adjust
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.ledger.reads import statement
from caudal.apps.payments.actions import delete_refund, refundable, refundable_of
from caudal.apps.payments.models import Payment, Refund
from caudal.apps.payments.tests.till import Till
from caudal.core.errors import RuleError

pytestmark = pytest.mark.django_db


def test_credit_is_given_back_up_to_the_credit(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    till.pay(customer, "340.00", d(7, 2))
    with pytest.raises(RuleError, match="more-than-credit"):
        till.give_back(customer, "40.01", d(7, 3))
    given = till.give_back(customer, "40.00", d(7, 3))
    assert (str(given), given.payment) == ("DEV-1", None)
    assert refundable(customer, "MXN") == 0
    assert till.balance(customer) == 0
    assert till.invoices(customer)[0].state == "paid"
    assert till.held(till.box) == Decimal("300.00")
    assert [row.kind for row in statement(customer, till.company, "MXN").rows][-1] == "refund"
    verify()


def test_credit_notes_are_given_back_too_the_oldest_credit_first(till: Till) -> None:
    customer = till.customer()
    till.pay(customer, "100.00", d(7, 3))
    adjust(
        actor=CLERK, now=at(d(7, 2)), customer=customer, amount=Decimal("-30.00"), currency="MXN",
        on=d(7, 2), reason="outage",
    )  # fmt: skip
    given = till.give_back(customer, "50.00", d(7, 4))
    taken = list(given.sources.order_by("credit__on").values_list("credit__origin", "amount"))
    assert taken == [("adjustment", Decimal(30)), ("payment", Decimal(20))]
    assert till.balance(customer) == Decimal("-80.00")
    verify()


def test_part_of_a_payment_given_back_opens_its_invoice_by_as_much(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    payment = till.pay(customer, "300.00", d(7, 2))
    till.give_back(customer, "120.00", d(7, 3), payment=payment)
    (invoice,) = till.invoices(customer)
    assert (invoice.remaining, invoice.state) == (Decimal("120.00"), "partial")
    assert till.balance(customer) == Decimal("120.00")
    assert refundable_of(Payment.objects.get(pk=payment.pk)) == Decimal("180.00")
    with pytest.raises(RuleError, match="more-than-credit"):
        till.give_back(customer, "180.01", d(7, 3), payment=payment)
    till.run(d(7, 5))
    assert till.state(customer) == "suspended"
    verify()


def test_what_no_invoice_used_goes_first_then_the_last_thing_paid(till: Till) -> None:
    customer = till.customer()
    june, july = (till.open_invoice(customer, "300.00", d(month, 1)) for month in (6, 7))
    payment = till.pay(customer, "650.00", d(7, 2))
    till.give_back(customer, "150.00", d(7, 3), payment=payment)
    june, july = till.invoices(customer)
    assert (june.remaining, july.remaining) == (0, Decimal("100.00"))
    assert till.balance(customer) == Decimal("100.00")
    verify()


def test_deleting_a_refund_is_a_linked_reversal_that_settles_again(till: Till) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    payment = till.pay(customer, "300.00", d(7, 2))
    given = till.give_back(customer, "120.00", d(7, 3), payment=payment)
    delete_refund(actor=CLERK, now=at(d(7, 4)), today=d(7, 4), refund=given, reason="not given")
    given.refresh_from_db()
    assert given.transaction.reversed_by.on == d(7, 4)
    assert till.invoices(customer)[0].state == "paid"
    assert till.balance(customer) == 0
    assert till.held(till.box) == Decimal("300.00")
    with pytest.raises(RuleError, match="refund-already-deleted"):
        delete_refund(actor=CLERK, now=at(d(7, 4)), today=d(7, 4), refund=given, reason="")
    verify()


@pytest.mark.parametrize("is_linked", [True, False])
def test_deleting_a_payment_takes_its_refunds_along(till: Till, is_linked: bool) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    payment = till.pay(customer, "340.00", d(7, 2))
    till.give_back(customer, "40.00", d(7, 3), payment=payment if is_linked else None)
    till.delete(payment, d(7, 4))
    assert till.balance(customer) == Decimal("300.00")
    assert till.held(till.box) == 0
    assert Refund.objects.get().deleted_at is not None
    assert till.invoices(customer)[0].remaining == Decimal("300.00")
    verify()


def test_a_drawer_gives_no_more_than_it_holds_and_a_bank_may(till: Till) -> None:
    customer = till.customer()
    bank = till.create_box("Banco", "bank")
    till.pay(customer, "100.00", d(7, 2), method="transfer", cash_box=bank)
    with pytest.raises(RuleError, match="not-enough-in-box"):
        till.give_back(customer, "50.00", d(7, 3))
    till.give_back(customer, "50.00", d(7, 3), method="transfer", cash_box=bank)
    assert till.balance(customer) == Decimal("-50.00")
    verify()


def test_a_refund_told_twice_is_one(till: Till) -> None:
    customer = till.customer()
    payment = till.pay(customer, "100.00", d(7, 2))
    told = {"gateway": "pasarela", "external_id": "r-1", "payment": payment}
    assert till.give_back(customer, "60.00", d(7, 3), **told) == till.give_back(
        customer, "60.00", d(7, 3), **told
    )
    with pytest.raises(RuleError, match="external-id-taken"):
        till.give_back(customer, "10.00", d(7, 3), **told)
    with pytest.raises(RuleError, match="payment-of-another-customer"):
        till.give_back(till.customer(), "10.00", d(7, 3), payment=payment)
    assert till.balance(customer) == Decimal("-40.00")
    verify()

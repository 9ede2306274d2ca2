"""Payments that customers report: once, with a proof that is what it says, approved or rejected."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers.models import Contact
from caudal.apps.messaging.models import Delivery
from caudal.apps.payments.models import Payment
from caudal.apps.treasury import actions
from caudal.apps.treasury.actions import reports
from caudal.apps.treasury.models import ReportedPayment
from caudal.apps.treasury.tests.counter import Counter
from caudal.core.errors import RuleError

NOW = {"actor": CLERK, "now": at(d(7, 20))}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


def report(counter: Counter, customer: Any, key: str = "k1", **more: Any) -> ReportedPayment:
    values: dict[str, Any] = {
        "amount": Decimal(300), "paid_on": d(7, 18), "method": "transfer", "reference": "SPEI1",
    }  # fmt: skip
    return actions.report_payment(**NOW, customer=customer, key=key, **(values | more))


def test_a_form_sent_twice_is_one_report_and_approved_twice_is_one_payment(
    counter: Counter,
) -> None:
    customer = counter.customer()
    counter.run(d(6, 28))
    row = report(counter, customer, proof=PNG)
    assert report(counter, customer).pk == row.pk
    assert counter.balance(customer) == 300
    payment = actions.approve_report(**NOW, report=row, cash_box=counter.bank, restore=True)
    assert (payment.paid_at, counter.balance(customer)) == (at(d(7, 18)), 0)
    with pytest.raises(RuleError, match="already-decided"):
        actions.approve_report(**NOW, report=row, cash_box=counter.bank, restore=True)
    with pytest.raises(RuleError, match="already-decided"):
        actions.reject_report(**NOW, report=row, reason="no")
    assert Payment.objects.count() == 1


def test_the_key_of_another_report_is_refused(counter: Counter) -> None:
    customer = counter.customer()
    report(counter, customer)
    with pytest.raises(RuleError, match="external-id-taken"):
        report(counter, counter.customer())
    with pytest.raises(RuleError, match="external-id-taken"):
        report(counter, customer, amount=Decimal(200))
    assert ReportedPayment.objects.count() == 1


def test_restoring_is_a_choice(counter: Counter) -> None:
    one, other = counter.customer(), counter.customer()
    counter.run(d(6, 28))
    counter.run(d(7, 5))
    for customer, restore in ((one, True), (other, False)):
        row = report(counter, customer, key=customer.code)
        actions.approve_report(**NOW, report=row, cash_box=counter.bank, restore=restore)
    assert (counter.state(one), counter.state(other)) == ("active", "suspended")


def test_a_rejected_report_tells_the_customer_why(counter: Counter) -> None:
    customer = counter.customer()
    Contact.objects.create(customer=customer, kind="email", value="ana@example.com")
    row = report(counter, customer)
    with pytest.raises(RuleError, match="reason-missing"):
        actions.reject_report(**NOW, report=row, reason="  ")
    actions.reject_report(**NOW, report=row, reason="El depósito no aparece.")
    mail = Delivery.objects.get()
    assert mail.to == "ana@example.com" and "El depósito no aparece." in mail.body
    assert not Payment.objects.exists()


def test_what_may_be_the_same_money_is_flagged(counter: Counter) -> None:
    customer, other = counter.customer(), counter.customer()
    counter.run(d(6, 28))
    paid = counter.pay(
        other, "300.00", d(7, 1), method="transfer", cash_box=counter.bank, reference="spei1"
    )
    row = report(counter, customer)
    assert list(actions.twins_of(row)) == [paid]
    again = report(counter, customer, key="k2", reference="")
    assert list(actions.other_reports_of(row)) == [again]
    actions.reject_report(**NOW, report=again, reason="twice")
    assert not actions.other_reports_of(row).exists()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount": Decimal(0)}, "amount-not-positive"),
        ({"amount": Decimal("1.005")}, "amount-too-fine"),
        ({"paid_on": d(7, 21)}, "paid-in-future"),
        ({"proof": b"<html><script>"}, "proof-not-read"),
        ({"proof": PNG + b"0" * 5_300_000}, "proof-too-large"),
        ({"proof": b"GIF89a" + b"0" * 9}, "proof-not-read"),
    ],
)
def test_what_makes_no_sense_is_refused(counter: Counter, more: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleError, match=code):
        report(counter, counter.customer(), **more)
    assert not ReportedPayment.objects.exists()


def test_a_proof_is_named_by_us_and_outside_of_what_is_served(counter: Counter) -> None:
    row = report(counter, counter.customer(), proof=PNG)
    assert row.proof_type == "image/png" and row.proof.name.endswith(".png")
    assert "static" not in row.proof.path and "media" not in row.proof.path
    with row.proof.open() as file:
        assert file.read() == PNG


def test_an_address_is_one_customers_and_ends(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = counter.customer()
    token = actions.report_token(customer)
    assert actions.customer_of(token) == customer
    assert actions.customer_of(token[:-2] + "xx") is None
    assert actions.customer_of(signing.dumps(customer.pk, salt="another")) is None
    customer.archived_at = at(d(7, 1))
    customer.save()
    assert actions.customer_of(token) is None
    customer.archived_at = None
    customer.save()
    monkeypatch.setattr(reports, "LASTS", timedelta(seconds=-1))
    assert actions.customer_of(token) is None

"""Notices of gateways by the door: genuine ones once, forged ones never (P40, PAY-6)."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from caudal.apps.billing.actions import ManualLine
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.clock.models import Shift
from caudal.apps.payments.actions import delete_payment
from caudal.apps.payments.models import Payment
from caudal.apps.treasury import actions
from caudal.apps.treasury.models import GatewayEvent, GatewayPayment
from caudal.apps.treasury.reads import gateway_money_waiting, offered
from caudal.apps.treasury.tests.counter import KEY, Counter, knock, post, told


def test_p40_gateway_notifications_duplicate_late_and_forged(
    counter: Counter, client: Client, caplog: pytest.LogCaptureFixture, capsys
) -> None:
    counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    approved = told("7001", "300.00", customer.code)
    answers = [knock(client, approved, "e1") for _ in range(3)]
    answers.append(knock(client, told("7001", "300.00", customer.code, "pending"), "e2"))
    answers.append(knock(client, approved, "e3"))
    assert answers == [200] * 5
    assert [row.amount for row in Payment.objects.all()] == [300]
    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.remaining, counter.balance(customer)) == ("paid", 0, 0)

    before = GatewayEvent.objects.count()
    forged = told("7002", "300.00", customer.code)
    assert knock(client, forged, "e4", key="another key") == 401
    assert post(client, "pasarela", b"{}", {}) == 401
    assert (GatewayEvent.objects.count(), Payment.objects.count()) == (before, 1)
    logged = capsys.readouterr().out + caplog.text
    assert "notice_refused" in logged and KEY not in logged and "7002" not in logged
    states = dict(GatewayEvent.objects.values_list("event_id", "state"))
    assert states == {"e1": "done", "e2": "late", "e3": "late"}
    assert GatewayEvent.objects.get(event_id="e1").repeats == 2


def test_stamps_go_by_the_machines_clock_however_far_the_demos_was_moved(
    counter: Counter, client: Client, settings: Any
) -> None:
    settings.DEMO = True
    Shift.objects.create(seconds=timedelta(days=90).total_seconds())
    counter.gateway()
    assert knock(client, told("7001", "300.00", counter.customer().code), "e1") == 200


def test_the_order_of_notices_does_not_matter(counter: Counter, client: Client) -> None:
    counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    for event, status in (("e1", "refunded"), ("e2", "approved"), ("e3", "pending")):
        knock(client, told("7001", "300.00", customer.code, status), event)
    assert not Payment.objects.exists()
    for event, status in (("f1", "pending"), ("f2", "rejected"), ("f3", "approved")):
        knock(client, told("7002", "300.00", customer.code, status), event)
    assert Payment.objects.get().external_id == "7002"


@pytest.mark.parametrize("status", ["refunded", "charged_back"])
def test_a_refund_or_charge_back_reverses_the_payment_once(
    counter: Counter, client: Client, status: str
) -> None:
    counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    knock(client, told("7001", "300.00", customer.code), "e1")
    for event in ("e2", "e2", "e3"):
        assert knock(client, told("7001", "300.00", customer.code, status), event) == 200
    knock(client, told("7001", "300.00", customer.code), "e4")
    assert Payment.objects.get().deleted_at is not None
    assert counter.balance(customer) == 300
    assert not gateway_money_waiting().exists()


def test_money_that_does_not_fit_waits_where_it_is_seen(counter: Counter, client: Client) -> None:
    gateway = counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    link = actions.ask_payment(actor=CLERK, now=at(d(7, 1)), gateway=gateway, customer=customer)
    dollars = told("1", "300.00", customer.code) | {"currency": "USD"}
    knock(client, dollars, "e1")
    knock(client, told("2", "300.00", "nobody"), "e2")
    knock(client, told("3", "299.99", link.reference), "e3")
    why = dict(gateway_money_waiting().values_list("external_id", "unmatched"))
    assert why == {"1": "other-currency", "2": "unknown-reference", "3": "other-amount"}
    assert counter.balance(customer) == 300

    row = GatewayPayment.objects.get(external_id="3")
    actions.assign_gateway_payment(actor=CLERK, now=at(d(12, 1)), row=row, customer=customer)
    assert counter.balance(customer).normalize() == counter.balance(customer)
    assert f"{counter.balance(customer):.2f}" == "0.01"
    with pytest.raises(ValueError, match="already-settled"):
        actions.assign_gateway_payment(actor=CLERK, now=at(d(12, 1)), row=row, customer=customer)
    other = GatewayPayment.objects.get(external_id="1")
    actions.set_aside(actor=CLERK, now=at(d(12, 1)), row=other, reason="given back")
    assert list(gateway_money_waiting().values_list("external_id", flat=True)) == ["2"]


def test_a_refused_payment_says_why_in_words(counter: Counter, client: Client) -> None:
    gateway = counter.gateway()
    customer = counter.customer()
    gateway.cash_box.is_active = False
    gateway.cash_box.save()
    knock(client, told("7001", "300.00", customer.code), "e1")
    row = gateway_money_waiting().get()
    assert row.unmatched == "refused"
    assert str(gateway.cash_box) in row.note and "cash-box" not in row.note


def test_a_payment_deleted_by_hand_waits_again_and_may_be_given_to_another(
    counter: Counter, client: Client
) -> None:
    counter.gateway()
    customer, other = counter.customer(), counter.customer()
    counter.run(d(6, 28))
    knock(client, told("7001", "300.00", customer.code), "e1")
    payment = Payment.objects.get()
    now = payment.registered_at
    delete_payment(actor=CLERK, now=now, today=now.date(), payment=payment, reason="wrong person")
    row = gateway_money_waiting().get()
    actions.assign_gateway_payment(actor=CLERK, now=now, row=row, customer=other)
    assert (counter.balance(customer), counter.balance(other)) == (300, 0)
    assert not gateway_money_waiting().exists()


def test_what_was_given_back_before_money_has_an_owner_is_not_his(
    counter: Counter, client: Client
) -> None:
    counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    knock(client, told("7001", "300.00", "nobody"), "e1")
    knock(client, told("7001", "300.00", "nobody", refunded="100.00"), "e2")
    row = gateway_money_waiting().get()
    actions.assign_gateway_payment(actor=CLERK, now=row.first_at, row=row, customer=customer)
    assert (counter.held(counter.gateway_box), counter.balance(customer)) == (200, 100)
    knock(client, told("7001", "300.00", "nobody", refunded="150.00"), "e3")
    assert (counter.held(counter.gateway_box), counter.balance(customer)) == (150, 150)


def test_what_was_given_back_of_a_deleted_payment_is_given_back_of_the_next(
    counter: Counter, client: Client
) -> None:
    counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    knock(client, told("7001", "300.00", customer.code), "e1")
    knock(client, told("7001", "300.00", customer.code, refunded="100.00"), "e2")
    payment = Payment.objects.get()
    now = payment.registered_at
    delete_payment(actor=CLERK, now=now, today=now.date(), payment=payment, reason="wrong person")
    row = gateway_money_waiting().get()
    actions.assign_gateway_payment(actor=CLERK, now=now, row=row, customer=customer)
    assert (counter.held(counter.gateway_box), counter.balance(customer)) == (200, 100)


def test_a_link_asks_for_service_invoices_alone(counter: Counter, client: Client) -> None:
    gateway = counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    link = actions.ask_payment(actor=CLERK, now=at(d(7, 1)), gateway=gateway, customer=customer)
    again = actions.ask_payment(actor=CLERK, now=at(d(7, 1)), gateway=gateway, customer=customer)
    assert (link.amount, again.pk) == (300, link.pk)
    knock(client, told("7001", "300.00", link.reference), "e1")
    assert counter.balance(customer) == 0
    with pytest.raises(ValueError, match="nothing-to-pay"):
        actions.ask_payment(actor=CLERK, now=at(d(7, 1)), gateway=gateway, customer=customer)


def test_p20_nothing_is_offered_for_a_free_invoice(counter: Counter) -> None:
    gateway = counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    counter.pay(customer, "300.00", d(7, 1))
    lines = [ManualLine("Router", Decimal("900.00"))]
    free = counter.issue(customer, d(7, 1), kind="free", emission=d(7, 1), due=d(7, 1), lines=lines)
    assert (offered(customer), counter.balance(customer)) == (0, 900)
    about = {"actor": CLERK, "now": at(d(7, 2)), "gateway": gateway, "customer": customer}
    with pytest.raises(ValueError, match="nothing-to-pay"):
        actions.ask_payment(**about)
    with pytest.raises(ValueError, match="not-offered"):
        actions.ask_payment(**about, invoice=free)


def test_old_repeats_and_oversized_bodies_are_refused(counter: Counter, client: Client) -> None:
    counter.gateway()
    body = told("7001", "300.00", "000001")
    assert knock(client, body, "e1", stamp=1_700_000_000) == 401
    assert knock(client, body | {"reference": "x" * 70_000}, "e1") == 413
    assert knock(client, body | {"amount": "NaN"}, "e1") == 400
    assert knock(client, body | {"amount": 300.5}, "e1") == 200
    assert knock(client, body, "e1", slug="another") == 404
    assert client.get("/treasury/notices/pasarela/").status_code == 405


def test_forged_notices_are_counted_and_genuine_ones_still_pass(
    counter: Counter, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    counter.gateway()
    customer = counter.customer()
    caplog.set_level(logging.WARNING)
    answers = [post(client, "pasarela", b"{}", {}) for _ in range(70)]
    assert answers == [401] * 60 + [429] * 10
    assert knock(client, told("7001", "300.00", customer.code), "e1") == 200
    assert Payment.objects.count() == 1

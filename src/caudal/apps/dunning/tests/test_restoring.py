"""Debt that goes away without a payment: nobody stays cut who owes nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caudal.apps.billing import actions as billing
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, SuspensionReason
from caudal.apps.dunning import actions
from caudal.apps.dunning.tests.street import Street
from caudal.apps.staff.models import JournalEntry


@pytest.fixture
def cut(street: Street) -> Customer:
    customer = street.owing()
    street.cut(d(7, 5))
    assert not street.is_active(customer)
    return customer


def void(customer: Customer) -> None:
    for invoice in Invoice.objects.filter(customer=customer):
        billing.void_invoice(
            actor=CLERK, now=at(d(7, 6), 9), today=d(7, 6), invoice=invoice, reason="Mistake"
        )


def clear(hour: int = 10) -> int:
    return actions.restore_cleared(at(d(7, 6), hour))


def test_who_owes_stays_cut(street: Street, cut: Customer) -> None:
    assert clear() == 0
    assert not street.is_active(cut)


def test_a_voided_invoice_restores_once(street: Street, cut: Customer) -> None:
    void(cut)
    assert (clear(), clear(11)) == (1, 0)
    assert street.is_active(cut)


def test_a_later_cut_date_restores(street: Street, cut: Customer) -> None:
    Invoice.objects.filter(customer=cut).update(due=d(7, 20), cut=d(7, 25))
    assert clear() == 1


def test_money_taken_without_restoring_is_left_to_a_person(street: Street, cut: Customer) -> None:
    street.pay(cut, "300.00", d(7, 6), restore=False)
    assert clear() == 0
    assert not street.is_active(cut)
    assert JournalEntry.objects.filter(verb="service.keep_suspended").count() == 1


def test_part_of_the_money_without_restoring_keeps_nothing(street: Street, cut: Customer) -> None:
    street.pay(cut, "100.00", d(7, 5), restore=False)
    void(cut)
    assert clear() == 1


def test_only_the_suspension_of_the_cut_job_is_lifted(street: Street) -> None:
    by_hand = street.customer()
    for reason in (SuspensionReason.UNPAID, SuspensionReason.ABUSE):
        customers.suspend(
            actor=CLERK,
            now=at(d(7, 5)),
            today=d(7, 5),
            service=street.service(by_hand),
            reason=reason,
        )
    assert clear() == 0
    assert not street.is_active(by_hand)


@pytest.mark.parametrize("switch", ["may_be_cut", "automatic_state", "is_invoiced"])
def test_a_switch_restores_nobody(street: Street, cut: Customer, switch: str) -> None:
    Customer.objects.filter(pk=cut.pk).update(**{switch: False})
    assert clear() == 0


@pytest.mark.parametrize("switch", ["may_be_cut", "automatic_state", "is_invoiced"])
def test_a_little_money_restores_nobody_for_a_switch(
    street: Street, cut: Customer, switch: str
) -> None:
    Customer.objects.filter(pk=cut.pk).update(**{switch: False})
    street.pay(cut, "1.00", d(7, 6))
    assert not street.is_active(cut)
    street.pay(cut, "299.00", d(7, 7))
    assert street.is_active(cut)


def test_a_promise_without_browsing_restores_nobody(street: Street, cut: Customer) -> None:
    street.promise(cut, d(7, 6), d(7, 10), restore=False)
    assert clear() == 0
    assert not street.is_active(cut)


def test_a_job_that_began_before_the_cut_does_not_undo_it(street: Street, cut: Customer) -> None:
    assert actions.restore_cleared(at(d(7, 4))) == 0
    assert not street.is_active(cut)


def test_many_take_as_many_queries_as_one(
    street: Street, cut: Customer, django_assert_num_queries: Callable[..., AbstractContextManager]
) -> None:
    with CaptureQueriesContext(connection) as one:
        clear()
    for _ in range(12):
        street.owing()
    street.cut(d(7, 5))
    with django_assert_num_queries(len(one)):
        clear()


def test_money_ahead_saves_the_service_that_is_cut_first_and_no_other(street: Street) -> None:
    customer = street.customer(services=2)
    street.create(d(6, 28))
    billing.adjust(
        actor=CLERK, now=at(d(7, 2)), customer=customer, amount=Decimal("-300.00"),
        currency="MXN", on=d(7, 2), reason="Bonus",
    )  # fmt: skip
    street.cut(d(7, 5))
    states = customer.services.order_by("number").values_list("state", flat=True)
    assert list(states) == ["active", "suspended"]
    billing.adjust(
        actor=CLERK, now=at(d(7, 6)), customer=customer, amount=Decimal("-299.99"),
        currency="MXN", on=d(7, 6), reason="Bonus",
    )  # fmt: skip
    assert clear() == 0
    billing.adjust(
        actor=CLERK, now=at(d(7, 6)), customer=customer, amount=Decimal("-0.01"),
        currency="MXN", on=d(7, 6), reason="Bonus",
    )  # fmt: skip
    assert clear() == 1

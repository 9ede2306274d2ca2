"""Holds at the customer's request: held days are not served and not charged, once."""

from decimal import Decimal

import pytest

from caudal.apps.billing.models import Hold
from caudal.apps.billing.tests.life import Life, price_by_day
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.billing.voiding import void_invoice
from caudal.apps.customers.models import Customer, Service
from caudal.core.errors import RuleError

TEN_OF_JULY = Decimal("-96.78")
"""11 to 20 July at 300.00."""


@pytest.fixture
def life(db: None) -> Life:
    return Life()


def billed_july(life: Life) -> tuple[Customer, Service]:
    customer = life.customer()
    life.run(d(6, 28))
    return customer, customer.services.get()


def state(service: Service) -> str:
    service.refresh_from_db()
    return str(service.state)


def test_days_that_are_billed_come_back_and_the_service_stops_and_goes_on(life: Life) -> None:
    customer, service = billed_july(life)
    life.hold(service, d(7, 11), d(7, 20), today=d(7, 5))
    assert state(service) == "active"
    assert life.waiting(customer) == [TEN_OF_JULY]
    life.pay(customer, "300.00", d(7, 5), hour=7)
    life.live(d(7, 6), d(7, 11))
    assert state(service) == "suspended"
    assert service.suspensions.get(closed_at=None).reason == "hold"
    life.live(d(7, 12), d(7, 20))
    assert state(service) == "suspended"
    life.live(d(7, 21), d(7, 28))
    assert state(service) == "active"
    assert life.totals(customer)[-1] == Decimal("203.22")
    verify()


def test_without_credit_billed_days_stay_and_later_ones_are_not_billed(life: Life) -> None:
    customer, service = billed_july(life)
    life.hold(service, d(7, 20), d(8, 10), credit=False)
    assert life.waiting(customer) == []
    life.run(d(7, 28))
    assert life.totals(customer)[-1] == Decimal("203.23")
    assert price_by_day(service)[d(7, 25)] == Decimal("300.00")
    assert price_by_day(service)[d(8, 10)] is None
    assert price_by_day(service)[d(8, 11)] == Decimal("300.00")


def test_an_early_release_charges_the_rest_again(life: Life) -> None:
    customer, service = billed_july(life)
    hold = life.hold(service, d(7, 11), d(7, 20))
    life.release(hold, d(7, 15))
    assert state(service) == "active"
    assert sum(life.waiting(customer)) == Decimal("-38.71")
    hold.refresh_from_db()
    assert (hold.last, hold.dropped_at) == (d(7, 14), None)
    with pytest.raises(RuleError, match="hold-over"):
        life.release(hold, d(7, 16))


def test_a_hold_released_before_it_began_never_was(life: Life) -> None:
    customer, service = billed_july(life)
    hold = life.hold(service, d(7, 11), d(7, 20), today=d(7, 5))
    life.release(hold, d(7, 8))
    assert sum(life.waiting(customer)) == 0
    life.turn(d(7, 11))
    assert state(service) == "active"


def test_a_whole_cycle_on_hold_is_not_billed(life: Life) -> None:
    customer, service = billed_july(life)
    life.hold(service, d(8, 1), d(8, 31), today=d(7, 20))
    life.run(d(7, 28))
    life.run(d(8, 28))
    assert life.totals(customer) == [Decimal("300.00")] * 2
    assert d(8, 15) not in price_by_day(service)


def test_released_within_a_cycle_that_was_not_billed_owes_its_rest(life: Life) -> None:
    customer, service = billed_july(life)
    hold = life.hold(service, d(8, 1), d(8, 31), today=d(7, 20))
    life.live(d(7, 21), d(8, 20))
    life.release(hold, d(8, 22))
    life.live(d(8, 23), d(8, 28))
    assert life.totals(customer)[-1] == Decimal("396.77")
    prices = price_by_day(service)
    assert d(8, 21) not in prices
    assert prices[d(8, 22)] == prices[d(9, 30)] == Decimal("300.00")
    verify()


def test_a_hold_and_a_plan_change_in_either_order(life: Life) -> None:
    plan = life.create_plan("500.00")
    sums = []
    for hold_first in (True, False):
        customer, service = billed_july(life)
        if hold_first:
            life.hold(service, d(7, 11), d(7, 20))
        life.change(service, plan, d(7, 6), today=d(7, 12))
        if not hold_first:
            life.hold(service, d(7, 11), d(7, 20), today=d(7, 12))
        sums.append((sum(life.waiting(customer)), list(price_by_day(service).values())))
        assert price_by_day(service)[d(7, 15)] is None
    assert sums[0] == sums[1]


def test_overlapping_holds_are_refused(life: Life) -> None:
    _, service = billed_july(life)
    life.hold(service, d(7, 11), d(7, 20))
    with pytest.raises(RuleError, match="hold-overlaps"):
        life.hold(service, d(7, 20), d(7, 25))
    assert Hold.objects.count() == 1


def test_voiding_the_invoice_takes_the_credit_back(life: Life) -> None:
    customer, service = billed_july(life)
    life.hold(service, d(7, 11), d(7, 20))
    (july,) = life.invoices(customer)
    void_invoice(actor=CLERK, now=at(d(7, 12)), today=d(7, 12), invoice=july, reason="x")
    assert life.waiting(customer) == []
    life.create(d(6, 28), hour=9)
    assert life.invoices(customer)[-1].total == Decimal("203.22")

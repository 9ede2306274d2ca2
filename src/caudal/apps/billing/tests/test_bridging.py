"""CAL-6: another payment day, another zone, an edited zone: no day twice, no day lost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from caudal.apps.billing.bridging import bill_calendar_changes, preview_bridge
from caudal.apps.billing.models import OwedDays
from caudal.apps.billing.tests.life import Life, days, price_by_day
from caudal.apps.billing.tests.world import CLERK, at, calendar_numbers, d, verify
from caudal.apps.billing.voiding import void_invoice
from caudal.apps.customers.actions import edit_customer
from caudal.apps.customers.actions.zones import save_zone
from caudal.apps.customers.calendars import calendar_from
from caudal.apps.customers.models import Customer, DayStyle, PaymentMode, Zone

POSTPAID = {
    "mode": PaymentMode.POSTPAID,
    "create_style": DayStyle.DAYS_BEFORE,
    "create_value": 1,
}


@pytest.fixture
def life(db: None) -> Life:
    return Life()


def billed_from(life: Life, customer: Customer, first: date) -> date:
    """The last billed day; every day from `first` to it is billed."""
    prices = price_by_day(customer.services.get())
    last = max(prices)
    assert set(days(first, last)) <= set(prices)
    verify()
    return last


def edit_zone(zone: Zone, today: date, **numbers: Any) -> None:
    for name, value in numbers.items():
        setattr(zone, name, value)
    save_zone(actor=CLERK, now=at(today), zone=zone)


def test_the_days_up_to_the_new_day_land_on_the_next_invoice(life: Life) -> None:
    customer = life.customer(plan=life.create_plan("310.00"))
    life.run(d(6, 28))
    life.move_payment_day(customer, 15, d(7, 20))
    (owed,) = OwedDays.objects.all()
    assert (owed.first, owed.last) == (d(8, 1), d(8, 14))
    life.live(d(7, 21), d(8, 15))
    bridge = life.invoices(customer)[-1]
    assert bridge.due == d(8, 15)
    assert bridge.total == Decimal("140.00") + Decimal("310.00")
    assert billed_from(life, customer, d(7, 1)) == d(9, 14)


def test_who_left_before_the_change_still_owes_his_last_days(life: Life) -> None:
    zone = life.create_zone("in arrears", **POSTPAID, payment_day=2)
    customer = life.customer(zone=zone, started=d(6, 1))
    life.run(d(6, 1))  # May 2 to June 1
    life.cancel(customer.services.get(), d(6, 3))
    life.move_payment_day(customer, 1, d(6, 3))
    (owed,) = OwedDays.objects.all()
    assert (owed.first, owed.last) == (d(6, 2), d(6, 3))
    life.live(d(6, 4), d(7, 31))
    assert set(price_by_day(customer.services.get())) == set(days(d(6, 1), d(6, 3)))
    verify()


def test_it_lands_at_the_first_new_payment_day_where_that_is_still_to_come(life: Life) -> None:
    customer = life.customer(plan=life.create_plan("310.00"))
    life.run(d(6, 28))
    life.move_payment_day(customer, 15, d(7, 5))
    life.live(d(7, 6), d(7, 31))
    bridge = life.invoices(customer)[-1]
    assert (bridge.due, bridge.total) == (d(7, 15), Decimal("140.00"))
    life.live(d(8, 1), d(8, 15))
    assert life.totals(customer)[-1] == Decimal("310.00")
    assert billed_from(life, customer, d(7, 1)) == d(9, 14)


def test_an_edited_zone_moves_all_its_customers(life: Life) -> None:
    people = [life.customer() for _ in range(3)]
    own = life.customer(own=calendar_numbers(28, 1, 5))
    life.run(d(6, 28))
    edit_zone(life.zone, d(7, 10), payment_day=10, create_value=5)
    life.live(d(7, 11), d(9, 10))
    for customer in people:
        assert billed_from(life, customer, d(7, 1)) == d(10, 9)
    assert billed_from(life, own, d(7, 1)) == d(9, 30)


def test_an_earlier_creation_day_loses_no_month(life: Life) -> None:
    customer = life.customer()
    life.run(d(6, 28))
    edit_zone(life.zone, d(7, 25), create_value=20)
    life.live(d(7, 26), d(8, 21))
    assert billed_from(life, customer, d(7, 1)) == d(9, 30)


def test_a_customer_who_moves_to_another_zone(life: Life) -> None:
    other = life.create_zone("Y", **calendar_numbers(15, 20, 25))
    customer = life.customer()
    life.run(d(6, 28))
    edit_customer(actor=CLERK, now=at(d(7, 3)), customer=customer, data={"zone": other})
    life.live(d(7, 4), d(8, 20))
    assert billed_from(life, customer, d(7, 1)) == d(9, 19)


def test_from_postpaid_to_prepaid_and_back(life: Life) -> None:
    zone = life.create_zone("postpaid", **POSTPAID)
    customer = life.customer(zone=zone, started=d(6, 1))
    life.live(d(6, 25), d(7, 9))
    edit_zone(zone, d(7, 10), mode=PaymentMode.PREPAID)
    life.live(d(7, 11), d(8, 9))
    assert billed_from(life, customer, d(6, 1)) == d(8, 31)
    edit_zone(zone, d(8, 10), mode=PaymentMode.POSTPAID)
    life.live(d(8, 11), d(10, 1))
    assert billed_from(life, customer, d(6, 1)) == d(9, 30)


def test_a_change_on_the_very_day_of_creation(life: Life) -> None:
    customer = life.customer(own={"payment_day": 1, "create_value": 1})
    life.create(d(5, 31))
    life.move_payment_day(customer, 2, d(6, 30))
    life.live(d(6, 30), d(8, 2))
    assert billed_from(life, customer, d(6, 1)) == d(9, 1)


def test_two_changes_before_anything_is_billed(life: Life) -> None:
    customer = life.customer()
    life.run(d(6, 28))
    life.move_payment_day(customer, 15, d(7, 12))
    life.move_payment_day(customer, 25, d(7, 13))
    life.move_payment_day(customer, 1, d(7, 14))
    life.live(d(7, 15), d(8, 28))
    assert billed_from(life, customer, d(7, 1)) == d(9, 30)
    assert life.totals(customer) == [Decimal("300.00")] * 3


def test_the_bridge_follows_a_plan_change_made_meanwhile(life: Life) -> None:
    customer = life.customer(plan=life.create_plan("310.00"))
    life.run(d(6, 28))
    life.move_payment_day(customer, 15, d(7, 20))
    life.change(customer.services.get(), life.create_plan("620.00"), d(8, 8))
    life.live(d(8, 9), d(8, 15))
    assert life.totals(customer)[-1] == Decimal("70.00") + 140 + 620


def test_priced_on_the_old_cycle_where_the_company_says_so(life: Life) -> None:
    rules = life.company.rules
    rules.bridge_base = "old-cycle"
    rules.save()
    customer = life.customer(plan=life.create_plan("310.00"))
    life.create(d(8, 28))
    life.move_payment_day(customer, 15, d(9, 20))
    life.live(d(9, 21), d(10, 15))
    assert life.totals(customer)[-1] == Decimal("140.00") + Decimal("310.00")


def test_a_voided_bridge_waits_for_the_next_invoice(life: Life) -> None:
    customer = life.customer()
    life.run(d(6, 28))
    life.move_payment_day(customer, 15, d(7, 5))
    life.live(d(7, 6), d(7, 20))
    bridge = life.invoices(customer)[-1]
    void_invoice(actor=CLERK, now=at(d(7, 20)), today=d(7, 20), invoice=bridge, reason="x")
    life.live(d(7, 21), d(8, 15))
    assert billed_from(life, customer, d(7, 1)) == d(9, 14)


def test_nothing_is_owed_where_the_calendar_stays(life: Life) -> None:
    customer = life.customer()
    life.run(d(6, 28))
    edit_zone(life.zone, d(7, 10), cut_value=8)
    assert bill_calendar_changes(d(7, 11), at(d(7, 11))) == 0
    assert not OwedDays.objects.exists()
    assert customer.services.get().owed_days.count() == 0


def test_a_preview_tells_the_days_and_leaves_nothing(life: Life) -> None:
    customer = life.customer()
    life.run(d(6, 28))
    after = calendar_from({**calendar_numbers(28, 15, 20), "mode": "prepaid"})
    ((_, owed, cost),) = preview_bridge(customer, after, d(7, 20))
    assert cost == Decimal("135.48")
    assert (owed.first, owed.last) == (d(8, 1), d(8, 14))
    assert not OwedDays.objects.exists()

"""The other readings of RD-4, RD-10, RD-13 and RD-21, as companies choose them."""

from decimal import Decimal

import pytest

from caudal.apps.billing.models import ReconnectionCharge
from caudal.apps.billing.tests.world import at, d
from caudal.apps.customers.models import CutStyle
from caudal.apps.dunning.cuts import cut_overdue
from caudal.apps.dunning.tests.street import Street

GRACE = {"payment_day": 1, "create_value": 3, "cut_style": CutStyle.GRACE_DAYS, "cut_value": 5}


@pytest.mark.parametrize(("counting", "last_served"), [("after", 6), ("on", 5)])
def test_days_of_grace_are_counted_as_the_company_says(
    street: Street, counting: str, last_served: int
) -> None:
    street.rules(grace_counting=counting)
    customer = street.owing(own=GRACE)
    street.cut(d(7, 1), d(7, last_served))
    assert street.is_active(customer)
    street.cut(d(7, last_served + 1))
    assert not street.is_active(customer)


@pytest.mark.parametrize(("clamp", "on"), [("next-day", d(3, 1)), ("same-day", d(2, 28))])
def test_a_cut_day_that_falls_on_the_due_date(street: Street, clamp: str, on: object) -> None:
    street.rules(cut_clamp=clamp)
    own = {"payment_day": 28, "create_style": "day", "create_value": 25}
    customer = street.customer(own=own | {"cut_style": "day", "cut_value": 30})
    street.create(d(2, 25))
    (invoice,) = street.invoices(customer)
    assert (invoice.due, invoice.cut) == (d(2, 28), on)
    street.cut(invoice.cut)
    assert not street.is_active(customer)


def test_weekends_and_holidays_cut_nobody_and_the_next_day_does(street: Street) -> None:
    """5 July 2026 is a Sunday."""
    street.rules(no_cut_weekdays=[5, 6])
    street.company.holidays.create(on=d(7, 6), name="Fiesta")
    customer = street.owing()
    street.cut(d(7, 5), d(7, 6))
    assert street.is_active(customer)
    street.cut(d(7, 7))
    assert not street.is_active(customer)


def test_a_late_job_cuts_nobody_on_a_day_without_cuts(street: Street) -> None:
    """4 July 2026 is a Saturday: its job, done on Sunday after a night off, waits for Monday."""
    street.rules(no_cut_weekdays=[6])
    customer = street.owing(own=GRACE | {"cut_value": 2})
    cut_overdue(d(7, 4), at(d(7, 5), 9))
    street.cut(d(7, 5))
    assert street.is_active(customer)
    cut_overdue(d(7, 4), at(d(7, 6), 9))
    assert not street.is_active(customer)


def test_a_reconnection_is_charged_in_the_companys_own_currency_alone(street: Street) -> None:
    street.company.reconnection_fee = 50
    street.company.save()
    plan = street.create_plan("20.00")
    plan.currency = "USD"
    plan.save()
    customer = street.owing(plan=plan)
    street.cut(d(7, 5))
    assert not street.is_active(customer)
    street.create(d(7, 28))
    assert street.totals(customer) == [Decimal(20), Decimal(20)]


@pytest.mark.parametrize(("style", "charges"), [("per-suspension", 2), ("per-invoice", 1)])
def test_a_reconnection_is_charged_per_suspension_or_per_invoice(
    street: Street, style: str, charges: int
) -> None:
    street.rules(reconnection_style=style)
    street.company.reconnection_fee = 50
    street.company.save()
    customer = street.owing()
    street.cut(d(7, 5))
    payment = street.pay(customer, "300.00", d(7, 6))
    street.delete(payment, d(7, 7))
    street.cut(d(7, 8))
    assert not street.is_active(customer)
    rows = ReconnectionCharge.objects.all()
    assert rows.count() == charges
    assert {row.overdue for row in rows} == set(street.invoices(customer))

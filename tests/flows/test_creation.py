"""P01..P12: which invoice is created when, for which days, with which dates."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from caudal.apps.billing.actions import ManualLine
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import calendar_numbers, d
from caudal.apps.customers.models import Customer, DayStyle, OwnCalendar, PaymentMode
from caudal.core.errors import RuleError
from caudal.core.periods import Overflow, Period, civil_date
from tests.flows.provider import Provider

JULY = Period(d(7, 1), d(7, 31))


def recharge(create: int, notice: int, payment: int, cut: int) -> dict[str, object]:
    return calendar_numbers(create, payment, cut, notice) | {"recharge": True}


def stored_days(customer: Customer) -> tuple[int, int | None, int, int]:
    own = OwnCalendar.objects.get(customer=customer)
    return own.create_value, own.notice_value, own.payment_day, own.cut_value


def test_p01_recharge_user_paid_28_april(isp: Provider) -> None:
    customer = isp.customer(own=recharge(26, 26, 1, 8))
    isp.run(d(4, 26))
    (invoice,) = isp.invoices(customer)
    assert invoice.due == d(5, 1)
    isp.pay(customer, "300.00", d(4, 28), invoice=invoice)
    assert stored_days(customer) == (22, 24, 28, 4)
    isp.run(d(5, 21))
    assert len(isp.invoices(customer)) == 1
    isp.run(d(5, 22))
    _, following = isp.invoices(customer)
    assert following.emission == d(5, 22)
    assert (following.notice, following.due, following.cut) == (d(5, 24), d(5, 28), d(6, 4))
    assert isp.balance(customer) == Decimal("300.00")


def test_p02_recharge_user_paid_24_april(isp: Provider) -> None:
    customer = isp.customer(own=recharge(19, 20, 22, 29))
    isp.run(d(4, 19))
    payment = isp.pay(customer, "300.00", d(4, 24))
    assert stored_days(customer) == (18, 20, 24, 30)
    isp.delete(payment, d(4, 25))
    assert stored_days(customer) == (19, 20, 22, 29)
    isp.pay(customer, "300.00", d(4, 24))
    isp.run(d(5, 18))
    following = isp.invoices(customer)[-1]
    assert following.emission == d(5, 18)
    assert (following.notice, following.due, following.cut) == (d(5, 20), d(5, 24), d(5, 30))


def test_p03_first_invoice_prorated_with_a_back_dated_emission(isp: Provider) -> None:
    customer = isp.customer(started=d(6, 23))
    last = civil_date(2026, 6, 31)
    assert last == d(6, 30)
    with pytest.raises(RuleError):
        civil_date(2026, 6, 31, Overflow.REFUSE)
    first = isp.bill_days(customer, d(6, 20), d(5, 28), Period(d(6, 23), last))
    assert first.total == Decimal("80.00")
    isp.run(d(6, 28))
    first, july = isp.invoices(customer)
    assert isp.days_of(first) == (d(6, 23), d(6, 30))
    assert (july.emission, july.due, july.cut) == (d(6, 28), d(7, 1), d(7, 5))
    assert (isp.days_of(july), july.total) == ((d(7, 1), d(7, 31)), Decimal("300.00"))
    assert isp.balance(customer) == Decimal("380.00")


def test_p04_parts_add_up_to_the_month(isp: Provider) -> None:
    plan = isp.create_plan("250.00")

    def cost(first: int, last: int) -> Decimal:
        customer = isp.customer(plan=plan, started=d(6, first))
        days = Period(d(6, first), d(6, last))
        return Decimal(isp.bill_days(customer, d(6, first), d(5, 28), days).total)

    assert (cost(1, 22), cost(23, 30)) == (Decimal("183.33"), Decimal("66.67"))
    assert cost(20, 30) == Decimal("91.67")
    assert cost(1, 30) == Decimal("250.00")


def test_p05_a_zero_invoice_blocks_its_period_and_is_settled_at_birth(isp: Provider) -> None:
    customer = isp.customer(started=d(6, 23))
    free = isp.bill_days(customer, d(6, 23), d(6, 28), JULY, price="0")
    assert (free.state, free.remaining) == (Invoice.State.PAID, Decimal(0))
    isp.run(d(6, 28))
    assert isp.balance(customer) == 0
    isp.run(d(7, 5))
    assert isp.state(customer) == "active"
    isp.run(d(7, 28))
    _, august = isp.invoices(customer)
    assert (august.emission, august.due) == (d(7, 28), d(8, 1))
    assert isp.days_of(august) == (d(8, 1), d(8, 31))
    assert isp.balance(customer) == Decimal("300.00")


def test_p06_the_creation_run_is_idempotent(isp: Provider) -> None:
    isp.series(101)
    people = [isp.customer() for _ in range(3)]
    assert isp.create(d(6, 28))["created"] == 3
    assert isp.create(d(6, 28), hour=6)["created"] == 0
    assert isp.create(d(6, 28), hour=23)["created"] == 0
    isp.run(d(6, 28))
    assert [invoice.label for invoice in Invoice.objects.order_by("id")] == [
        "A-101",
        "A-102",
        "A-103",
    ]
    assert [isp.balance(person) for person in people] == [Decimal("300.00")] * 3


def by_hand_in_june(isp: Provider) -> tuple[Customer, Customer]:
    a, b = isp.customer(), isp.customer()
    line = ManualLine("Visita técnica", Decimal("150.00"))
    isp.issue(a, d(6, 10), emission=d(6, 10), lines=[line])
    isp.free_invoice(b, "150.00", d(6, 10))
    isp.run(d(6, 28))
    return a, b


def test_p07_a_service_invoice_by_hand_blocks_its_month_and_a_free_one_does_not(
    isp: Provider,
) -> None:
    a, b = by_hand_in_june(isp)
    assert (isp.balance(a), isp.balance(b)) == (Decimal("150.00"), Decimal("450.00"))
    isp.run(d(7, 28))
    assert (isp.balance(a), isp.balance(b)) == (Decimal("450.00"), Decimal("750.00"))


def test_p08_prepaid_created_a_day_before_the_payment_day(isp: Provider) -> None:
    zone = isp.create_zone("eve", payment_day=1, create_value=1)
    customer = isp.customer(zone=zone, started=d(3, 1))
    day = d(2, 20)
    while day <= d(8, 2):
        isp.create(day)
        day += timedelta(days=1)
    invoices = isp.invoices(customer)
    assert [(row.emission, row.due) for row in invoices] == [
        (d(2, 28), d(3, 1)),
        (d(3, 31), d(4, 1)),
        (d(4, 30), d(5, 1)),
        (d(5, 31), d(6, 1)),
        (d(6, 30), d(7, 1)),
        (d(7, 31), d(8, 1)),
    ]
    assert isp.days_of(invoices[0]) == (d(3, 1), d(3, 31))
    assert isp.days_of(invoices[-1]) == (d(8, 1), d(8, 31))
    isp.run(d(8, 2))


def test_p09_postpaid_bills_the_period_that_ends_the_day_before_the_payment_day(
    isp: Provider,
) -> None:
    zone = isp.create_zone(
        "postpaid",
        mode=PaymentMode.POSTPAID,
        payment_day=1,
        create_style=DayStyle.DAYS_BEFORE,
        create_value=1,
    )
    a = isp.customer(zone=zone, started=d(6, 1))
    b = isp.customer(zone=zone, started=d(6, 10))
    isp.run(d(5, 31))
    assert not Invoice.objects.exists()
    isp.run(d(6, 30))
    (of_a,), (of_b,) = isp.invoices(a), isp.invoices(b)
    assert (isp.days_of(of_a), of_a.due) == ((d(6, 1), d(6, 30)), d(7, 1))
    assert (isp.days_of(of_b), of_b.due) == ((d(6, 10), d(6, 30)), d(7, 1))
    assert (of_a.total, of_b.total) == (Decimal("300.00"), Decimal("210.00"))


def test_p10_a_payment_day_in_mid_month(isp: Provider) -> None:
    plan = isp.create_plan("310.00")
    zone = isp.create_zone("mid", payment_day=15, create_value=5)
    customer = isp.customer(zone=zone, plan=plan)
    late = isp.customer(zone=zone, plan=plan, started=d(7, 20))
    isp.run(d(7, 10))
    (invoice,), (first,) = isp.invoices(customer), isp.invoices(late)
    assert (isp.days_of(invoice), invoice.due) == ((d(7, 15), d(8, 14)), d(7, 15))
    assert invoice.total == Decimal("310.00")
    assert (isp.days_of(first), first.total) == ((d(7, 20), d(8, 14)), Decimal("260.00"))


def test_p11_payment_day_31_does_not_drift(isp: Provider) -> None:
    zone = isp.create_zone("end", payment_day=31, create_value=0)
    customer = isp.customer(zone=zone, started=d(1, 31), may_be_cut=False)
    for day in (d(1, 31), d(2, 28), d(3, 31), d(4, 30)):
        isp.run(day)
    invoices = isp.invoices(customer)
    assert [invoice.due for invoice in invoices] == [d(1, 31), d(2, 28), d(3, 31), d(4, 30)]
    assert [isp.days_of(invoice) for invoice in invoices] == [
        (d(1, 31), d(2, 27)),
        (d(2, 28), d(3, 30)),
        (d(3, 31), d(4, 29)),
        (d(4, 30), d(5, 30)),
    ]
    assert isp.totals(customer) == [Decimal("300.00")] * 4


def dates(isp: Provider, customer: Customer) -> list[tuple[date, date, date | None]]:
    return [(row.emission, row.due, row.cut) for row in isp.invoices(customer)]


def test_p12_day_numbers_in_february_and_a_cut_that_is_never_on_the_due_date(
    isp: Provider,
) -> None:
    zones = [
        isp.create_zone("A", **calendar_numbers(25, 28, 30)),
        isp.create_zone("B", **calendar_numbers(28, 30, 2)),
    ]
    first, second = (isp.customer(zone=zone, may_be_cut=False) for zone in zones)
    for day in (d(1, 25), d(2, 25), d(2, 28), d(3, 25)):
        isp.run(day)
    assert dates(isp, first) == [
        (d(1, 25), d(1, 28), d(1, 30)),
        (d(2, 25), d(2, 28), d(3, 1)),
        (d(3, 25), d(3, 28), d(3, 30)),
    ]
    assert dates(isp, second) == [(d(2, 28), d(2, 28), d(3, 2))]

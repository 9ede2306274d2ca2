"""Fees of invoices paid late, recharges that wait, and cases with two services or a part."""

from datetime import date
from decimal import Decimal

import pytest

from caudal.apps.billing.actions import (
    ManualLine,
    Order,
    Sale,
    add_product,
    adjust,
    issue_invoice,
    void_invoice,
)
from caudal.apps.billing.models import Invoice, ReconnectionCharge
from caudal.apps.billing.tests.readings import days, owing, rules, settle_all, totals
from caudal.apps.billing.tests.world import CLERK, World, at, calendar_numbers, d, verify
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import (
    OwnCalendar,
    Suspension,
)


@pytest.mark.parametrize(
    ("paid_late", "paid_on", "second"),
    [
        (False, d(6, 10), "300.00"),
        (True, d(6, 10), "330.00"),
        (True, d(6, 1), "300.00"),
    ],
)
def test_an_invoice_that_was_paid_late_bears_the_fee_where_the_company_says_so(
    world: World, paid_late: bool, paid_on: date, second: str
) -> None:
    rules(late_fee_paid_late=paid_late)
    customer = owing(world)
    settle_all(world, customer, paid_on)
    world.create(d(6, 28))
    settle_all(world, customer, d(6, 30))
    world.create(d(7, 28))
    assert totals(world, customer) == ["300.00", second, "300.00"]


RECHARGE = calendar_numbers(19, 22, 29) | {"recharge": True}


def test_a_recharge_follows_what_is_billed_or_begins_on_the_payment_day(world: World) -> None:
    def periods(start: str, new_day: int) -> list[tuple[date, date]]:
        rules(recharge_start=start)
        customer = world.customer(own=RECHARGE)
        world.create(d(4, 19))
        OwnCalendar.objects.filter(customer=customer).update(payment_day=new_day, create_value=18)
        world.create(d(5, 18))
        return [days(invoice) for invoice in world.invoices(customer)]

    april = (d(4, 22), d(5, 21))
    assert periods("after-billed", 24) == [april, (d(5, 22), d(6, 23))]
    assert periods("from-payment", 24) == [april, (d(5, 24), d(6, 23))]
    assert periods("after-billed", 20) == [april, (d(5, 22), d(6, 19))]
    assert periods("from-payment", 20) == [april, (d(5, 22), d(6, 19))]
    assert set(Invoice.objects.values_list("total", flat=True)) == {Decimal(300)}


@pytest.mark.parametrize(("waits", "made"), [(False, 2), (True, 1)])
def test_an_unpaid_recharge_stops_the_next_one_where_the_company_says_so(
    world: World, waits: bool, made: int
) -> None:
    rules(recharge_waits=waits)
    customer = world.customer(own=RECHARGE)
    world.create(d(4, 19))
    world.create(d(5, 19))
    assert len(world.invoices(customer)) == made
    settle_all(world, customer, d(5, 20))
    world.create(d(6, 19))
    assert len(world.invoices(customer)) == made + 1


def test_late_fees_of_two_services_on_one_invoice_come_once(world: World) -> None:
    Company.objects.update(late_fee=Decimal(30), grouping=Company.Grouping.PER_CUSTOMER)
    customer = world.customer(services=2, may_be_cut=False)
    world.create(d(5, 28))
    world.create(d(6, 28))
    assert totals(world, customer) == ["600.00", "630.00"]


def test_p39_in_one_invoice_per_service_each_bears_its_own_fee(world: World) -> None:
    Company.objects.update(late_fee=Decimal(30))
    world.series(51, prefix="RS1-")
    customer = world.customer(services=2, may_be_cut=False)
    second = customer.services.get(number=2)
    second.plan = world.create_plan("450.00")
    second.save()
    world.create(d(5, 28))
    assert [str(each) for each in world.invoices(customer)] == ["RS1-51", "RS1-52"]
    world.create(d(6, 28))
    assert totals(world, customer) == ["300.00", "450.00", "330.00", "480.00"]


def test_p10_a_first_part_and_its_product_of_a_payment_day_in_mid_month(world: World) -> None:
    rules(prorate_products=True)
    plan = world.create_plan("310.00")
    zone = world.create_zone("mid", payment_day=15, create_value=5)
    customer = world.customer(zone=zone, plan=plan, started=d(7, 20))
    sale = Sale(description="TV", price=Decimal("62.00"))
    add_product(actor=CLERK, now=at(d(7, 1)), customer=customer, sale=sale)
    world.create(d(7, 10))
    # 20 July to 14 August: 26 of 31 days of 310.00 and of 62.00.
    assert totals(world, customer) == ["312.00"]


def test_p22_only_automatic_cuts_leave_a_charge_and_it_lands_once(world: World) -> None:
    customer = world.customer()
    service = customer.services.get()
    cut = Suspension.objects.create(
        service=service, reason="unpaid", opened_at=at(d(7, 5)), opened_on=d(7, 5),
        opened_by="clock", is_automatic=True, closed_at=at(d(7, 10)),
    )  # fmt: skip
    ReconnectionCharge.objects.create(suspension=cut, customer=customer, amount=Decimal(50))
    world.create(d(7, 28))
    world.create(d(8, 28))
    assert totals(world, customer) == ["350.00", "300.00"]
    void_invoice(
        actor=CLERK, now=at(d(8, 29)), today=d(8, 29), invoice=world.invoices(customer)[0],
        reason="x",
    )  # fmt: skip
    world.create(d(9, 28))
    assert totals(world, customer)[-1] == "350.00"


def test_p23_to_p25_notes_land_on_service_invoices_alone(world: World) -> None:
    customer = world.customer()

    def note(amount: str, on: date) -> None:
        adjust(
            actor=CLERK, now=at(on), customer=customer, amount=Decimal(amount), currency="MXN",
            on=on, reason="x",
        )  # fmt: skip

    note("-700.00", d(6, 10))
    free = Order(kind="free", lines=[ManualLine("Visita", Decimal("80.00"))])
    made = issue_invoice(actor=CLERK, now=at(d(6, 12)), customer=customer, order=free)
    assert made.remaining == 80
    note("45.50", d(6, 13))
    for month in (6, 7, 8):
        world.create(d(month, 28))
    service = [each for each in world.invoices(customer) if each.kind == "service"]
    assert [each.total for each in service] == [300, 300, 300]
    assert [each.remaining for each in service] == [0, 0, Decimal("245.50")]
    assert world.balance(customer) == Decimal("325.50")
    verify()

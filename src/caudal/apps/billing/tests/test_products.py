"""Products, discounts and waiting items on service invoices: PRD, ADJ and their alternatives."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from caudal.apps.billing.actions import (
    Order,
    Sale,
    add_discount,
    add_product,
    cancel_item,
    cancel_product,
    end_product,
    issue_invoice,
    leave_item,
    void_invoice,
)
from caudal.apps.billing.models import CustomerProduct, Invoice, PendingItem, ProductCharge
from caudal.apps.billing.product_checks import (
    discounts_count_their_uses,
    products_cost_their_price,
    products_count_their_charges,
    void_invoices_hold_no_turns,
)
from caudal.apps.billing.tests.world import CLERK, World, at, d, verify
from caudal.apps.catalog.models import BillingRules, Company, Product, Tax
from caudal.apps.customers.models import Customer
from caudal.core.errors import RuleError
from caudal.core.periods import Period

ONCE, MONTHLY = CustomerProduct.Billing.ONCE, CustomerProduct.Billing.INSTALMENTS


def sell(customer: Customer, name: str, price: str, billing: str = "recurring", **more: object):  # type: ignore[no-untyped-def]
    service = more.pop("service", None)
    sale = Sale(description=name, price=Decimal(price), billing=billing, **more)  # type: ignore[arg-type]
    return add_product(
        actor=CLERK, now=at(d(6, 1)), customer=customer, sale=sale, service=service  # type: ignore[arg-type]
    )  # fmt: skip


def leave(customer: Customer, amount: str, **more: object) -> PendingItem:
    return leave_item(
        actor=CLERK, now=at(d(6, 1)), customer=customer, amount=Decimal(amount), currency="MXN",
        on=d(6, 1), description="Ajuste", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def void(invoice: Invoice, on: date) -> None:
    void_invoice(actor=CLERK, now=at(on), today=on, invoice=invoice, reason="mistake")


def totals(world: World, customer: Customer) -> list[str]:
    return [f"{total:.2f}" for total in world.totals(customer)]


def test_p30_one_off_three_instalments_and_recurring(world: World) -> None:
    customer = world.customer()
    router = sell(customer, "Router Wifi", "450.00", ONCE)
    installation = sell(customer, "Instalación", "1000.00", MONTHLY, instalments=3)
    tv = sell(customer, "TV", "99.90")
    world.create(d(6, 28))
    router.refresh_from_db()
    assert router.completed_at is not None
    for month in (7, 8, 9):
        world.create(d(month, 28))
    assert totals(world, customer) == ["1183.23", "733.23", "733.24", "399.90"]
    charges = installation.charges.order_by("number").values_list("amount", flat=True)
    assert list(charges) == [Decimal("333.33"), Decimal("333.33"), Decimal("333.34")]
    installation.refresh_from_db()
    tv.refresh_from_db()
    assert installation.completed_at is not None and installation.rest == 0
    assert tv.completed_at is None and tv.billed == 4
    assert (
        "2/3" in world.invoices(customer)[1].lines.get(description__startswith="Inst").description
    )
    assert world.balance(customer) == Decimal("3049.60")
    verify()


def test_p31_both_dates_are_emission_dates_and_included(world: World) -> None:
    customer = world.customer()
    sell(customer, "VoIP", "75.00", starts=d(7, 15), ends=d(9, 28))
    for month in (6, 7, 8, 9, 10):
        world.create(d(month, 28))
    assert totals(world, customer) == ["300.00", "375.00", "375.00", "375.00", "300.00"]


def test_an_end_before_the_last_instalment_stops_it_and_shows_the_rest(world: World) -> None:
    customer = world.customer()
    sold = sell(customer, "Antena", "1000.00", MONTHLY, instalments=4)
    world.create(d(6, 28))
    end_product(actor=CLERK, now=at(d(7, 1)), sold=sold, ends=d(7, 28))
    for month in (7, 8):
        world.create(d(month, 28))
    sold.refresh_from_db()
    assert totals(world, customer) == ["550.00", "550.00", "300.00"]
    assert sold.billed == 2 and sold.rest == Decimal("500.00")


def test_a_cancelled_product_is_charged_no_more(world: World) -> None:
    customer = world.customer()
    sold = sell(customer, "TV", "99.90")
    world.create(d(6, 28))
    cancel_product(actor=CLERK, now=at(d(7, 1)), sold=sold)
    world.create(d(7, 28))
    assert totals(world, customer) == ["399.90", "300.00"]


def test_a_product_of_no_service_lands_once_a_period_on_the_first_one(world: World) -> None:
    customer = world.customer(services=2)
    sell(customer, "TV", "99.90")
    second = customer.services.get(number=2)
    sell(customer, "VoIP", "50.00", service=second)
    world.create(d(6, 28))
    assert totals(world, customer) == ["399.90", "350.00"]
    void(world.invoices(customer)[1], d(6, 29))
    world.create(d(6, 28))
    assert totals(world, customer) == ["399.90", "350.00", "350.00"]


def test_one_invoice_per_customer_takes_all_his_products(world: World) -> None:
    customer = world.customer(services=2, grouping=Company.Grouping.PER_CUSTOMER)
    sell(customer, "TV", "99.90")
    sell(customer, "VoIP", "50.00", service=customer.services.get(number=2))
    world.create(d(6, 28))
    assert totals(world, customer) == ["749.90"]


def test_a_customer_may_have_another_grouping_than_his_company(world: World) -> None:
    Company.objects.update(grouping=Company.Grouping.PER_CUSTOMER)
    joined = world.customer(services=2)
    apart = world.customer(services=2, grouping=Company.Grouping.PER_SERVICE)
    world.create(d(6, 28))
    assert totals(world, joined) == ["600.00"]
    assert totals(world, apart) == ["300.00", "300.00"]


def test_a_voided_invoice_gives_its_instalment_back(world: World) -> None:
    customer = world.customer()
    sold = sell(customer, "Instalación", "1000.00", MONTHLY, instalments=3)
    for month in (6, 7, 8):
        world.create(d(month, 28))
    void(world.invoices(customer)[0], d(8, 29))
    sold.refresh_from_db()
    assert sold.billed == 2 and sold.completed_at is None
    world.create(d(9, 28))
    sold.refresh_from_db()
    assert totals(world, customer)[-1] == "633.33"
    assert sold.billed == 3 and sold.completed_at is not None
    live = sold.charges.filter(is_void=False)
    assert sum(charge.amount for charge in live) == Decimal("1000.00")
    assert world.balance(customer) == Decimal("1900.00")


def test_a_voided_one_off_product_is_charged_again(world: World) -> None:
    customer = world.customer()
    sell(customer, "Router", "450.00", ONCE)
    world.create(d(6, 28))
    void(world.invoices(customer)[0], d(6, 29))
    world.create(d(6, 28), hour=9)
    assert totals(world, customer) == ["750.00", "750.00"]
    assert world.balance(customer) == Decimal("750.00")


def test_products_are_prorated_where_the_company_reads_it_so(world: World) -> None:
    BillingRules.objects.update(prorate_products=True)
    customer = world.customer()
    sell(customer, "TV", "310.00", starts=d(7, 15))
    for month in (6, 7, 8):
        world.create(d(month, 28))
    # 15-31 July is 17 of 31 days: 170.00, on the first invoice after it began.
    assert totals(world, customer) == ["300.00", "780.00", "610.00"]


def test_an_invoice_by_hand_takes_what_waits_only_if_it_is_asked_to(world: World) -> None:
    def first(takes: bool) -> Decimal:
        customer = world.customer(started=d(6, 16))
        sell(customer, "Router", "450.00", ONCE)
        days = Period(d(6, 16), d(6, 30))
        order = Order(service=customer.services.get(), days=days, takes_waiting=takes)
        now = at(d(6, 16))
        return issue_invoice(actor=CLERK, now=now, customer=customer, order=order).total

    assert first(True) == Decimal("600.00")
    assert first(False) == Decimal("150.00")


def test_a_discount_in_percent_ends_after_its_months(world: World) -> None:
    customer = world.customer()
    sell(customer, "TV", "100.00")
    add_discount(
        actor=CLERK, now=at(d(6, 1)), customer=customer, description="Promo",
        percent=Decimal("33.333"), months=2,
    )  # fmt: skip
    for month in (6, 7, 8):
        world.create(d(month, 28))
    # 33.333 % of the plan alone, 100.00 with half-up rounding.
    assert totals(world, customer) == ["300.00", "300.00", "400.00"]


def test_discounts_never_take_more_than_the_plan_costs_and_come_back_when_voided(
    world: World,
) -> None:
    customer = world.customer()
    discount = add_discount(
        actor=CLERK, now=at(d(6, 1)), customer=customer, description="Cortesía",
        amount=Decimal("500.00"), months=1,
    )  # fmt: skip
    add_discount(
        actor=CLERK, now=at(d(6, 1)), customer=customer, description="Otra", percent=Decimal(50)
    )
    world.create(d(6, 28))
    assert totals(world, customer) == ["0.00"]
    void(world.invoices(customer)[0], d(6, 29))
    discount.refresh_from_db()
    assert discount.used == 0
    world.create(d(6, 28), hour=9)
    world.create(d(7, 28))
    assert totals(world, customer) == ["0.00", "0.00", "150.00"]


def test_a_discount_between_dates_counts_emissions(world: World) -> None:
    customer = world.customer()
    add_discount(
        actor=CLERK, now=at(d(6, 1)), customer=customer, description="Verano",
        amount=Decimal("20.00"), starts=d(7, 28), ends=d(7, 28),
    )  # fmt: skip
    for month in (6, 7, 8):
        world.create(d(month, 28))
    assert totals(world, customer) == ["300.00", "280.00", "300.00"]


def test_waiting_items_land_with_tax_on_the_next_service_invoice(world: World) -> None:
    tax = Tax.objects.create(name="IVA", rate=Decimal(16))
    Company.objects.update(tax_mode="added")
    world.company.taxes.add(tax)
    customer = world.customer()
    leave(customer, "135.48")
    assert world.balance(customer) == 0
    world.create(d(6, 28))
    assert totals(world, customer) == ["505.16"]  # 435.48 + 69.68
    assert world.balance(customer) == Decimal("505.16")
    verify()


def test_a_credit_larger_than_the_invoice_waits_in_part(world: World) -> None:
    customer = world.customer()
    leave(customer, "-700.00")
    for month in (6, 7, 8):
        world.create(d(month, 28))
    assert totals(world, customer) == ["0.00", "0.00", "200.00"]
    void(world.invoices(customer)[1], d(8, 29))
    world.create(d(9, 28))
    assert totals(world, customer)[-1] == "0.00"
    assert world.balance(customer) == Decimal("200.00")


def test_an_item_left_twice_is_one_and_a_cancelled_one_never_lands(world: World) -> None:
    customer = world.customer()
    item = leave(customer, "50.00", origin_key="change:1")
    assert leave(customer, "50.00", origin_key="change:1") == item
    cancel_item(actor=CLERK, now=at(d(6, 2)), item=item)
    landed = leave(customer, "25.00")
    world.create(d(6, 28))
    assert totals(world, customer) == ["325.00"]
    with pytest.raises(RuleError, match="item-landed"):
        cancel_item(actor=CLERK, now=at(d(6, 29)), item=landed)


def test_an_item_of_a_service_waits_for_its_own_invoice(world: World) -> None:
    customer = world.customer(services=2)
    leave(customer, "-40.00", service=customer.services.get(number=2))
    world.create(d(6, 28))
    assert totals(world, customer) == ["300.00", "260.00"]


def test_what_is_sold_must_make_sense(world: World) -> None:
    customer = world.customer()
    dollars = Product.objects.create(name="Router", price=Decimal(50), currency="USD")
    wrong: list[Sale] = [
        Sale(price=Decimal(10)),
        Sale(description="x", price=Decimal(-1)),
        Sale(description="x", price=Decimal("1.005")),
        Sale(description="x", price=Decimal(10), billing=MONTHLY, instalments=25),
        Sale(description="x", price=Decimal(10), starts=d(6, 2), ends=d(6, 1)),
        Sale(product=dollars),
    ]
    for sale in wrong:
        with pytest.raises(RuleError):
            add_product(actor=CLERK, now=at(d(6, 1)), customer=customer, sale=sale)


def test_the_number_of_queries_does_not_grow_with_the_customers(world: World) -> None:
    def customers(count: int) -> None:
        for _ in range(count):
            customer = world.customer()
            sell(customer, "TV", "99.90")
            sell(customer, "Router", "450.00", MONTHLY, instalments=3)
            leave(customer, "-10.00")
            add_discount(
                actor=CLERK, now=at(d(6, 1)), customer=customer, description="P",
                percent=Decimal(10),
            )  # fmt: skip

    def queries(day: date) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            world.create(day)
        return len(found)

    customers(2)
    few = queries(d(6, 28))
    customers(6)
    assert queries(d(7, 28)) <= few + 2


def test_books_whose_turns_do_not_add_up_are_found(world: World) -> None:
    customer = world.customer()
    sold = sell(customer, "Router", "450.00", ONCE)
    promo = add_discount(
        actor=CLERK, now=at(d(6, 1)), customer=customer, description="P", percent=Decimal(10)
    )
    world.create(d(6, 28))
    verify()
    checks = {
        products_count_their_charges: (sold, {"billed": 2}, {"billed": 1}),
        discounts_count_their_uses: (promo, {"used": 0}, {"used": 1}),
        products_cost_their_price: (sold, {"price": 451}, {"price": 450}),
    }
    for check, (row, wrong, right) in checks.items():
        type(row).objects.filter(pk=row.pk).update(**wrong)
        (finding,) = check()
        assert finding.row.endswith(f"({row.pk})")
        type(row).objects.filter(pk=row.pk).update(**right)
        assert list(check()) == []
    assert list(void_invoices_hold_no_turns()) == []
    Invoice.objects.update(state=Invoice.State.VOID)
    assert len(list(void_invoices_hold_no_turns())) == 2


def test_the_database_itself_refuses_a_second_charge_of_a_turn_or_a_period(world: World) -> None:
    customer = world.customer()
    sold = sell(customer, "Instalación", "1000.00", MONTHLY, instalments=3)
    world.create(d(6, 28))
    charge = sold.charges.get()
    for changes in ({"number": 2}, {"cycle": d(9, 1)}):
        values = {"number": charge.number, "cycle": charge.cycle} | changes
        with pytest.raises(IntegrityError), transaction.atomic():
            ProductCharge.objects.create(
                customer_product=sold, invoice=charge.invoice, amount=1, **values
            )

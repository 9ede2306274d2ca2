"""P37: the customer leaves, with or without credit, and may come back."""

from decimal import Decimal

import pytest

from caudal.apps.billing import cancelling, plan_changes
from caudal.apps.billing.actions import add_discount, leave_item
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.life import Life, price_by_day
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.billing.voiding import void_invoice
from caudal.apps.catalog.models import Company, Tax
from caudal.apps.customers.models import Customer, DayStyle, PaymentMode, Service


@pytest.fixture
def life(db: None) -> Life:
    return Life()


@pytest.fixture
def customer(life: Life) -> Customer:
    return life.customer(plan=life.create_plan("310.00"))


@pytest.fixture
def service(customer: Customer) -> Service:
    return customer.services.get()


def test_p37_days_not_used_become_credit_and_nothing_is_billed_after(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    life.pay(customer, "310.00", d(7, 1))
    farewell = life.cancel(service, d(7, 20), credit_unused=True)
    assert farewell.net == Decimal("-110.00")
    assert life.balance(customer) == Decimal("-110.00")
    life.run(d(7, 28))
    life.run(d(8, 28))
    assert life.totals(customer) == [Decimal("310.00")]
    verify()


def test_p37_pending_invoices_are_voided(life: Life, customer: Customer, service: Service) -> None:
    life.run(d(5, 28))
    life.run(d(6, 28))
    life.cancel(service, d(7, 20), void_pending=True)
    assert life.balance(customer) == 0
    assert {row.state for row in life.invoices(customer)} == {Invoice.State.VOID}
    life.run(d(7, 28))
    assert len(life.invoices(customer)) == 2
    verify()


def test_p37_or_the_debt_stays_and_is_there_on_return(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(5, 28))
    life.run(d(6, 28))
    life.cancel(service, d(7, 20))
    assert life.balance(customer) == Decimal("620.00")
    life.run(d(7, 28))
    life.come_back(service, d(9, 10))
    service.refresh_from_db()
    assert (service.number, service.started_on) == (1, d(9, 10))
    assert life.balance(customer) == Decimal("620.00")
    life.run(d(9, 28))
    assert life.totals(customer)[-1] == Decimal("310.00") + Decimal("217.00")
    assert d(8, 15) not in price_by_day(service)
    assert d(9, 9) not in price_by_day(service)
    verify()


def test_an_invoice_paid_in_part_keeps_its_rest(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(5, 28))
    life.run(d(6, 28))
    life.pay(customer, "100.00", d(6, 30))
    life.cancel(service, d(7, 20), void_pending=True)
    june, july = life.invoices(customer)
    assert (june.state, june.remaining, july.state) == ("partial", Decimal("210.00"), "void")
    verify()


def test_credit_pays_what_is_owed_first(life: Life, customer: Customer, service: Service) -> None:
    life.run(d(6, 28))
    life.cancel(service, d(7, 20), credit_unused=True)
    (july,) = life.invoices(customer)
    assert july.remaining == Decimal("200.00")
    assert life.balance(customer) == Decimal("200.00")
    verify()


def test_a_charge_that_waited_is_asked_for_by_a_last_invoice(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    life.cancel(service, d(7, 20))
    last = life.invoices(customer)[-1]
    assert (last.kind, last.total) == ("service", Decimal("128.71"))
    assert life.waiting(customer) == []
    verify()


def test_with_added_tax_the_credit_holds_the_tax_too(
    life: Life, customer: Customer, service: Service
) -> None:
    Company.objects.update(tax_mode="added")
    life.company.taxes.add(Tax.objects.create(name="IVA", rate=Decimal(16)))
    life.run(d(6, 28))
    life.pay(customer, "359.60", d(7, 1))
    life.cancel(service, d(7, 20), credit_unused=True)
    assert life.balance(customer) == Decimal("-127.60")


def test_who_returns_within_the_credited_days_pays_them_again(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    life.pay(customer, "310.00", d(7, 1))
    life.cancel(service, d(7, 20), credit_unused=True)
    life.come_back(service, d(7, 25))
    assert life.waiting(customer) == [Decimal("70.00")]
    life.run(d(7, 28))
    august = life.invoices(customer)[-1]
    assert (august.total, august.remaining) == (Decimal("380.00"), Decimal("270.00"))
    assert [day for day, price in price_by_day(service).items() if price is None] == [
        d(7, 21), d(7, 22), d(7, 23), d(7, 24),
    ]  # fmt: skip
    verify()


def test_who_returns_within_days_that_he_paid_owes_nothing_more(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    life.cancel(service, d(7, 20))
    life.come_back(service, d(7, 25))
    life.run(d(7, 28))
    assert life.totals(customer) == [Decimal("310.00")] * 2


def test_voiding_the_invoice_afterwards_takes_the_credit_back(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    life.pay(customer, "310.00", d(7, 1))
    life.cancel(service, d(7, 20), credit_unused=True)
    (july,) = life.invoices(customer)
    void_invoice(actor=CLERK, now=at(d(7, 22)), today=d(7, 22), invoice=july, reason="x")
    assert life.balance(customer) == Decimal("-310.00")
    verify()


def test_a_postpaid_customer_who_left_still_pays_his_last_days(life: Life) -> None:
    zone = life.create_zone(
        "postpaid", mode=PaymentMode.POSTPAID, create_style=DayStyle.DAYS_BEFORE, create_value=1
    )
    customer = life.customer(zone=zone, plan=life.create_plan("310.00"), started=d(6, 1))
    service = customer.services.get()
    life.run(d(6, 30))
    life.cancel(service, d(7, 20))
    life.run(d(7, 31))
    life.run(d(8, 31))
    assert life.totals(customer) == [Decimal("310.00"), Decimal("200.00")]


def test_a_postpaid_customer_who_came_back_pays_both_stays(life: Life) -> None:
    zone = life.create_zone(
        "postpaid", mode=PaymentMode.POSTPAID, create_style=DayStyle.DAYS_BEFORE, create_value=1
    )
    customer = life.customer(zone=zone, plan=life.create_plan("310.00"), started=d(7, 1))
    service = customer.services.get()
    life.cancel(service, d(7, 10))
    life.come_back(service, d(7, 22))
    life.run(d(7, 31))
    assert life.totals(customer) == [Decimal("200.00")]


def test_a_cancellation_to_come_bills_only_up_to_its_day(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    change = cancelling.schedule_cancellation(
        actor=CLERK, now=at(d(7, 10)), service=service, last_day=d(8, 20), reason="x"
    )
    life.run(d(7, 28))
    assert life.totals(customer)[-1] == Decimal("200.00")
    plan_changes.drop_change(actor=CLERK, now=at(d(8, 2)), today=d(8, 2), change=change)
    assert life.waiting(customer) == [Decimal("110.00")]


def test_days_that_a_discount_made_cheaper_give_back_what_they_cost(
    life: Life, customer: Customer, service: Service
) -> None:
    add_discount(
        actor=CLERK,
        now=at(d(6, 20)),
        customer=customer,
        service=service,
        description="Promoción",
        percent=Decimal(50),
        months=3,
    )
    life.run(d(6, 28))
    life.pay(customer, "155.00", d(7, 1))
    life.cancel(service, d(7, 20), credit_unused=True)
    assert life.balance(customer) == Decimal("-55.00")
    verify()


def test_the_last_number_is_used_again_where_the_company_wants_so(
    life: Life, customer: Customer
) -> None:
    life.company.rules.reuse_last_number = True
    life.company.rules.save()
    life.series(7)
    life.run(d(5, 28))
    life.run(d(6, 28))
    june, july = life.invoices(customer)
    for row in (july, june):
        void_invoice(actor=CLERK, now=at(d(7, 1)), today=d(7, 1), invoice=row, reason="x")
    july.refresh_from_db()
    assert (july.number, july.gave_number_back) == (8, True)
    life.run(d(7, 28))
    assert life.invoices(customer)[-1].number == 7
    verify()


def test_a_number_that_is_not_the_last_stays(life: Life, customer: Customer) -> None:
    life.company.rules.reuse_last_number = True
    life.company.rules.save()
    life.run(d(5, 28))
    life.run(d(6, 28))
    june, _ = life.invoices(customer)
    void_invoice(actor=CLERK, now=at(d(7, 1)), today=d(7, 1), invoice=june, reason="x")
    life.run(d(7, 28))
    assert [row.number for row in life.invoices(customer)] == [1, 2, 3]
    verify()


def test_the_last_invoice_of_who_left_does_not_stop_the_one_after_his_return(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    life.cancel(service, d(7, 15))
    last = life.invoices(customer)[-1]
    assert (last.emission, last.periods.count()) == (d(7, 15), 0)
    life.come_back(service, d(7, 20))
    life.run(d(7, 28))
    bills = price_by_day(service)
    assert bills[d(8, 1)] == bills[d(8, 31)] == Decimal("500.00")
    verify()


def void_of(life: Life, invoice: Invoice, day: int = 25) -> None:
    void_invoice(actor=CLERK, now=at(d(7, day)), today=d(7, day), invoice=invoice, reason="x")


def test_voiding_the_invoice_of_a_change_voids_the_last_one_that_charged_it(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    life.cancel(service, d(7, 20))
    july, last = life.invoices(customer)
    assert last.total == Decimal("128.71")
    void_of(life, july)
    assert life.balance(customer) == 0
    assert {row.state for row in life.invoices(customer)} == {Invoice.State.VOID}
    assert life.waiting(customer) == []
    verify()


def test_what_else_the_last_invoice_had_asked_for_is_asked_for_anew(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    leave_item(
        actor=CLERK, now=at(d(7, 12)), customer=customer, service=service,
        amount=Decimal("80.00"), currency="MXN", on=d(7, 12), description="Visita",
    )  # fmt: skip
    life.cancel(service, d(7, 20))
    july, last = life.invoices(customer)
    assert last.total == Decimal("208.71")
    life.pay(customer, "208.71", d(7, 22), invoice=last)
    void_of(life, july)
    *_, anew = life.invoices(customer)
    assert (anew.total, anew.remaining) == (Decimal("80.00"), 0)
    assert life.balance(customer) == Decimal("-128.71")
    verify()


def test_a_credit_that_held_a_change_and_days_not_used_goes_back_whole(
    life: Life, customer: Customer, service: Service
) -> None:
    Company.objects.update(tax_mode="added")
    life.company.taxes.add(Tax.objects.create(name="IVA", rate=Decimal(16)))
    life.run(d(6, 28))
    life.pay(customer, "359.60", d(7, 1))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    life.cancel(service, d(7, 15), credit_unused=True)
    assert life.balance(customer) == Decimal("-150.05")
    (july,) = life.invoices(customer)
    void_of(life, july)
    assert life.balance(customer) == Decimal("-359.60")
    verify()


def test_a_change_that_had_landed_before_he_left_comes_back_as_credit_at_once(
    life: Life, customer: Customer, service: Service
) -> None:
    life.run(d(6, 28))
    life.change(service, life.create_plan("500.00"), d(7, 11))
    life.run(d(7, 28))
    july, august = life.invoices(customer)
    assert august.total == Decimal("628.71")
    life.cancel(service, d(8, 31))
    void_invoice(actor=CLERK, now=at(d(9, 1)), today=d(9, 1), invoice=july, reason="x")
    assert life.balance(customer) == Decimal("500.00")
    assert life.waiting(customer) == []
    verify()

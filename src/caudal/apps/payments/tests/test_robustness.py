"""Two workers, fifty tellers, and a worker killed anywhere: the books come out the same."""

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from caudal.apps.billing.models import (
    Application,
    BilledPeriod,
    Credit,
    Invoice,
    InvoiceLine,
    Parked,
)
from caudal.apps.billing.tests.world import d, verify
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer, Service, Suspension
from caudal.apps.ledger.models import Balance, Entry
from caudal.apps.payments.models import Payment
from caudal.apps.payments.tests.till import Till
from tests.rig.kill import Killed, in_threads, killed_at


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """All that money is, without ids and instants."""
    return {
        "invoices": list(
            Invoice.objects.order_by("number").values_list(
                "customer__code", "prefix", "number", "emission", "due", "cut", "total",
                "remaining", "state",
            )
        ),
        "lines": list(
            InvoiceLine.objects.order_by("invoice__number", "position").values_list(
                "invoice__number", "kind", "net"
            )
        ),
        "periods": list(
            BilledPeriod.objects.order_by("service__customer__code", "first").values_list(
                "service__customer__code", "first", "last", "is_void"
            )
        ),
        "applications": sorted(
            Application.objects.values_list("invoice__number", "amount", "undone_at")
        ),
        "credits": list(Credit.objects.order_by("id").values_list("amount", "remaining")),
        "entries": sorted(
            Entry.objects.values_list(
                "transaction__on", "account__kind", "account__name", "customer__code", "amount"
            ),
            key=str,
        ),
        "balances": list(Balance.objects.order_by("customer").values_list("amount")),
        "services": list(Service.objects.order_by("customer").values_list("state")),
        "suspensions": list(Suspension.objects.order_by("service", "id").values_list("opened_on")),
    }  # fmt: skip


def story(till: Till, step: Callable[[Callable[[], object]], None]) -> dict[str, Any]:
    """Two months of ten customers, some of whom pay; `step` runs each act."""
    till.company.late_fee, till.company.reconnection_fee = Decimal(30), Decimal(50)
    till.company.save()
    people = [till.customer() for _ in range(10)]
    step(lambda: till.run(d(6, 28)))
    for person in people[:3]:
        till.pay(person, "310.00", d(7, 3))
    step(lambda: till.run(d(7, 5)))
    till.pay(people[5], "100.00", d(7, 6))
    till.pay(people[6], "400.00", d(7, 6))
    step(lambda: till.run(d(7, 28)))
    step(lambda: till.run(d(8, 5)))
    return rows()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_killed_anywhere_and_run_again_equals_undisturbed(seed: int) -> None:
    dice = random.Random(seed)

    def disturbed(act: Callable[[], object]) -> None:
        for _ in range(4):
            try:
                with killed_at(dice.randrange(80)):
                    act()
            except Killed:
                continue
        act()
        act()

    with pytest.raises(Killed), transaction.atomic():  # what the undisturbed story gives
        plain = story(Till(), lambda act: act())
        raise Killed
    assert story(Till(), disturbed)["invoices"] == plain["invoices"]
    assert rows() == plain
    verify()


@pytest.mark.django_db(transaction=True)
def test_two_workers_create_each_invoice_once() -> None:
    till = Till()
    till.series(101)
    people = [till.customer() for _ in range(40)]
    wrong = in_threads(4, lambda _: till.create(d(6, 28)))
    assert wrong == []
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == list(range(101, 141))
    assert {till.balance(person) for person in people} == {Decimal("300.00")}
    verify()


@pytest.mark.django_db(transaction=True)
def test_fifty_registrations_of_one_payment_are_one_payment() -> None:
    till = Till()
    customer = till.customer()
    till.create(d(6, 28))
    told = {"gateway": "pasarela", "external_id": "7001"}
    wrong = in_threads(50, lambda _: till.pay(customer, "300.00", d(7, 2), **told))
    assert wrong == []
    assert Payment.objects.count() == 1
    assert till.balance(customer) == 0
    verify()


@pytest.mark.django_db
def test_a_poisoned_customer_is_parked_and_the_others_go_on(till: Till) -> None:
    people = [till.customer() for _ in range(5)]
    bad = people[2].services.get()
    broken = till.create_plan("100.00")
    broken.currency = "XXX"  # no rule knows how many decimals it has
    broken.save()
    bad.plan = broken
    bad.save()
    run = Run()
    summary = till.create(d(6, 28), run=run)
    assert (summary["created"], summary["parked"]) == (4, 1)
    assert run.failures == 1
    assert people[2].code in run.errors[0]
    assert Parked.objects.get().customer == people[2]

    bad.plan = till.plan
    bad.save()
    assert till.create(d(6, 29))["created"] == 1
    assert not Parked.objects.exists()
    assert till.invoices(people[2])[0].emission == d(6, 28)
    verify()


@pytest.mark.django_db
def test_the_database_itself_refuses_a_day_billed_twice(till: Till) -> None:
    customer = till.customer()
    till.create(d(6, 28))
    (invoice,) = till.invoices(customer)
    service = customer.services.get()

    def bill(first: date, last: date) -> None:
        with transaction.atomic():
            BilledPeriod.objects.create(service=service, invoice=invoice, first=first, last=last)

    with pytest.raises(IntegrityError):
        bill(d(7, 31), d(8, 30))
    with pytest.raises(IntegrityError):
        bill(d(7, 1), d(7, 2))
    bill(d(8, 1), d(8, 31))


@pytest.mark.django_db
def test_the_number_of_queries_does_not_depend_on_the_number_of_customers(
    till: Till, django_assert_max_num_queries: Any
) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            till.customer()
        with django_assert_max_num_queries(200) as captured:
            till.create(d(6, 28))
        # SQLite splits long INSERTs by the number of their parameters; PostgreSQL copies rows
        # with COPY, which is captured as psycopg composed it.
        read = [str(query["sql"]) for query in captured]
        return sum(1 for sql in read if not sql.startswith(("INSERT", "Composed")))

    queries(2)
    few, many = queries(5), queries(100)
    assert few == many


@pytest.mark.django_db
def test_the_cut_job_asks_once_for_many(till: Till) -> None:
    for _ in range(30):
        till.customer()
    till.create(d(6, 28))
    assert Customer.objects.count() == 30
    till.run(d(7, 5))
    assert Suspension.objects.count() == 30

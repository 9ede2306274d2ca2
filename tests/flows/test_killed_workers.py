"""Worker processes that are killed at random instants of their work on 2,000 customers."""

import os
import signal
import time
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from random import Random

import pytest
from django.db import connection, transaction

from caudal.apps.billing import batches
from caudal.apps.billing.actions import add_product, adjust
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.selling import Sale
from caudal.apps.billing.tests.world import CLERK, MEXICO, at, d, verify
from caudal.apps.clock.jobs import Run
from caudal.apps.clock.schedule import job_named
from caudal.apps.customers.models import Customer, Service
from tests.flows.dump import Rows, differences, money_rows
from tests.flows.provider import Provider
from tests.rig.kill import Killed

PEOPLE = 2000
KILLS = 20
SEED = 20260628
DAYS = [d(6, 28), d(7, 28), d(8, 28)]


def found() -> Provider:
    """2,000 customers; some have credit, debit notes and products that their invoices take."""
    isp = Provider()
    isp.series(101)
    isp.settings(late_fee=Decimal("30.00"), reconnection_fee=Decimal("50.00"))
    isp.rules(cut_brake_percent=100, total_brake_percent=9999)
    first = isp.customer()
    pattern, service = first, first.services.get()
    people = [
        Customer(**values(pattern) | {"code": f"{n:06}", "name": f"Customer {n}"})
        for n in range(2, PEOPLE + 1)
    ]
    Customer.objects.bulk_create(people)
    Service.objects.bulk_create(
        Service(**values(service) | {"customer_id": each.pk}) for each in people
    )
    for number, customer in enumerate(people[::50]):
        amount = Decimal(number * 17 - 300)
        adjust(actor=CLERK, now=at(d(6, 1)), customer=customer, amount=amount or Decimal(1),
               currency="MXN", on=d(6, 1), reason="")  # fmt: skip
        sale = Sale(description="Equipo", billing="instalments", price=amount.copy_abs() + 100,
                    instalments=3)  # fmt: skip
        add_product(actor=CLERK, now=at(d(6, 1)), customer=customer, sale=sale)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what the tables held before the test is no guide
    return isp


def values(row: Customer | Service) -> dict[str, object]:
    """Its columns but the key: what another row like it is made of."""
    fields = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return {name: getattr(row, name) for name in fields}


def create(day: date) -> None:
    """The job of the clock."""
    job = job_named("billing.create_invoices")
    assert job is not None
    job.work(Run(), day, str(MEXICO), at(day, 6))  # type: ignore[call-arg, arg-type]


def in_a_process(day: date, dice: Random | None = None) -> bool:
    """The job in a process of its own; with `dice` it is killed after some more invoices, in the
    middle of others. True if it was killed before it ended."""
    target = PEOPLE if dice is None else Invoice.objects.count() + dice.randrange(PEOPLE // 12)
    connection.close()  # a connection must not be shared with the child
    child = get_context("fork").Process(target=create, args=(day,))
    child.start()
    assert child.pid is not None
    while dice is not None and child.is_alive():
        if Invoice.objects.count() >= target:
            time.sleep(dice.uniform(0, 0.1))
            os.kill(child.pid, signal.SIGKILL)
            break
        time.sleep(0.003)
    child.join()
    return child.exitcode == -signal.SIGKILL


def undisturbed() -> Rows:
    """The rows that the jobs lead to; then nothing has happened."""
    try:
        with transaction.atomic():
            found()
            for day in DAYS:
                create(day)
            rows = money_rows()
            raise Killed
    except Killed:
        return rows


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty transactions instead of two, so that most kills leave a part of the work done."""
    monkeypatch.setattr(batches, "BATCH", PEOPLE // 20)


@pytest.mark.django_db(transaction=True)
def test_i7_a_worker_killed_twenty_times_leaves_what_an_undisturbed_one_leaves() -> None:
    expected = undisturbed()
    isp, dice, kills = found(), Random(SEED), 0
    for day in DAYS:
        while kills < KILLS and in_a_process(day, dice):
            kills += 1
        assert not in_a_process(day)
    assert kills == KILLS
    assert differences(expected, money_rows()) == []
    numbers = Invoice.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(101, 101 + 3 * PEOPLE))
    assert isp.balance(Customer.objects.first()) > 0  # type: ignore[arg-type]
    verify()


@pytest.mark.django_db(transaction=True)
def test_i8_two_workers_at_once_leave_what_one_leaves() -> None:
    expected = undisturbed()
    found()
    for day in DAYS:
        connection.close()
        pair = [get_context("fork").Process(target=create, args=(day,)) for _ in range(2)]
        for child in pair:
            child.start()
        for child in pair:
            child.join()
        assert [child.exitcode for child in pair] == [0, 0]
    assert differences(expected, money_rows()) == []
    verify()

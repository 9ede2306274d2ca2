"""Collection files: who is in them, for how much, and what comes back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client

from caudal.apps.billing.actions import ManualLine
from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers.models import Customer
from caudal.apps.treasury import collect
from caudal.apps.treasury.actions import take_statement
from caudal.apps.treasury.collection import debts
from caudal.apps.treasury.models import BankLine
from caudal.apps.treasury.proposals import proposals
from caudal.apps.treasury.tests.counter import Counter


def amounts(counter: Counter, user: Any) -> dict[str, Decimal]:
    return {row.code: row.amount for row in debts(user, counter.company)}


def test_p34_a_gratis_customer_has_no_row_and_free_invoices_are_not_collected(
    counter: Counter, user_with_role: Callable[..., Any]
) -> None:
    owner = user_with_role("owner")
    owes, gratis, paid, ahead, left = (counter.customer() for _ in range(5))
    counter.run(d(6, 28))
    Customer.objects.filter(pk=gratis.pk).update(is_invoiced=False)
    Customer.objects.filter(pk=left.pk).update(archived_at=at(d(7, 1)))
    counter.pay(paid, "300.00", d(7, 1))
    counter.pay(ahead, "500.00", d(7, 1))
    free = [ManualLine("Router", Decimal(900))]
    for customer in (owes, paid):
        counter.issue(customer, d(7, 1), kind="free", emission=d(7, 1), due=d(7, 9), lines=free)
    counter.pay(owes, "50.00", d(7, 2))
    assert amounts(counter, owner) == {owes.code: Decimal("250.00")}


def test_columns_are_chosen_and_the_file_that_comes_back_finds_its_customers(
    counter: Counter, client_as: Callable[..., Client]
) -> None:
    customer = counter.customer(electronic_payment_code="PC778811", name="=Ana")
    counter.run(d(6, 28))
    client = client_as("owner")
    assert "PC778811" in client.get("/treasury/collection/").content.decode()
    asked = {"part": ["payment_code", "amount", "name"], "separator": "semicolon"}
    answer = client.get("/treasury/collection/file.csv", asked)
    header, row = b"".join(answer.streaming_content).decode().splitlines()
    assert row == "PC778811;'=Ana;300.00" and header.count(";") == 2

    back = f"Fecha;Código de pago;Importe pagado\n02/07/2026;{row.split(';')[0]};300,00\n"
    slug, reading = collect.read_statement(back.encode())
    take_statement(
        actor=CLERK, now=at(d(7, 3)), account=counter.bank_account("Agencia"), filename="r.csv",
        format=slug, content=back.encode(), reading=reading,
    )  # fmt: skip
    line = BankLine.objects.get()
    best = proposals([line])[line.pk][0]
    assert (best.person, line.on) == (customer.pk, date(2026, 7, 2)) and best.score >= 85


def test_a_collector_collects_of_his_own_customers_alone(
    counter: Counter, user_with_role: Callable[..., Any]
) -> None:
    collector = user_with_role("collector")
    mine = counter.customer(collector=collector)
    counter.customer()
    counter.run(d(6, 28))
    assert list(amounts(counter, collector)) == [mine.code]

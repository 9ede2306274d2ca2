"""I18: whatever comes at the same instant, from however many sides, is one payment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.payments.models import Payment
from caudal.apps.treasury.actions import Share, assign
from caudal.apps.treasury.models import GatewayEvent, GatewayPayment
from caudal.apps.treasury.tests.counter import Counter, knock, told
from caudal.core.errors import RuleError

AT_ONCE = 50


def together(acts: list[object]) -> list[object]:
    """Each in a thread of its own, all starting at the same instant."""
    start = Barrier(len(acts))

    def one(act: object) -> object:
        start.wait()
        try:
            return act()  # type: ignore[operator]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.mark.django_db(transaction=True)
def test_fifty_notices_at_once_are_one_payment() -> None:
    counter = Counter()
    counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    body = told("7001", "300.00", customer.code)

    def notice(number: int) -> object:
        return lambda: knock(Client(), body, f"e{number % 10}")

    answers = together([notice(number) for number in range(AT_ONCE)])
    assert answers == [200] * AT_ONCE
    assert Payment.objects.count() == GatewayPayment.objects.count() == 1
    assert GatewayEvent.objects.count() == 10
    assert not GatewayEvent.objects.filter(state="waiting").exists()
    assert sum(GatewayEvent.objects.values_list("repeats", flat=True)) == AT_ONCE - 10
    assert counter.balance(customer) == 0


@pytest.mark.django_db(transaction=True)
def test_a_line_accepted_by_ten_at_once_is_one_payment() -> None:
    counter = Counter()
    customers = [counter.customer() for _ in range(2)]
    counter.run(d(6, 28))
    line = counter.line("300.00")

    def give(number: int) -> object:
        def act() -> str:
            share = Share(customers[number % 2], line.amount)
            try:
                assign(actor=CLERK, now=at(d(7, 9)), line=line, shares=[share])
            except RuleError as refusal:
                return refusal.code
            return "done"

        return act

    answers = together([give(number) for number in range(10)])
    assert sorted(answers) == ["already-settled"] * 9 + ["done"]
    assert Payment.objects.count() == 1
    assert sum(counter.balance(each) for each in customers) == 300

"""I18: whatever comes at the same instant, from however many sides, is one payment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from caudal.apps.billing.tests.world import d
from caudal.apps.payments.models import Payment
from caudal.apps.treasury.models import GatewayEvent, GatewayPayment
from caudal.apps.treasury.tests.counter import Counter, knock, told

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

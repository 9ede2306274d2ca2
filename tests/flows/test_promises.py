"""P32, P33: promises to pay, on a practice router that fails."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.actions import promise, restore_by_hand
from caudal.apps.dunning.models import PromiseAttempt
from caudal.apps.messaging.models import Delivery
from caudal.core.errors import RuleError
from caudal.practice.routeros import V7, PracticeRouter
from tests.flows.provider import Provider
from tests.flows.tower import Tower

JULY_10 = d(7, 10)


@pytest.fixture
def practice() -> Iterator[PracticeRouter]:
    with PracticeRouter(V7) as running:
        yield running


def promised(isp: Provider, until: date = JULY_10, **fields: object) -> Customer:
    customer = isp.customer(**fields)
    isp.create(d(6, 28))
    promise(actor=CLERK, now=at(d(7, 4)), customer=customer, until=until)
    return customer


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def attempts(customer: Customer) -> list[tuple[int, bool]]:
    rows = PromiseAttempt.objects.filter(promise__customer=customer).order_by("on")
    return [(row.on.day, row.done) for row in rows]


def test_p32_a_promise_is_tried_for_five_days_while_the_router_fails(
    isp: Provider, practice: PracticeRouter
) -> None:
    customer = promised(isp)
    tower = Tower(practice, isp.service(customer))
    for day in days(d(7, 5), d(7, 9)):
        isp.run(day)
        tower.reconcile(day)
        assert isp.state(customer) == "active" and tower.can_browse()
    tower.fails(True)
    for day in days(d(7, 10), d(7, 11)):
        isp.run(day)
        tower.reconcile(day)
        assert tower.can_browse()
    tower.fails(False)
    isp.run(d(7, 12))
    tower.reconcile(d(7, 12))
    assert isp.state(customer) == "suspended" and not tower.can_browse()
    for day in days(d(7, 13), d(7, 17)):
        isp.run(day)
    assert attempts(customer) == [(10, False), (11, False), (12, True)]
    assert isp.balance(customer) == Decimal("300.00")


def test_p32_a_router_that_is_down_is_tried_six_times_and_told_once(
    isp: Provider, practice: PracticeRouter
) -> None:
    isp.settings(email="dueno@example.org")
    customer = promised(isp, name="Ramírez")
    tower = Tower(practice, isp.service(customer))
    tower.fails(True)
    for day in days(d(7, 5), d(7, 20)):
        isp.run(day)
        tower.reconcile(day)
    assert attempts(customer) == [(day, False) for day in range(10, 16)]
    (alert,) = Delivery.objects.filter(occasion="promise_given_up")
    assert "Ramírez" in alert.subject + alert.body


def test_p33_threshold_removal_and_enabling_by_hand(isp: Provider) -> None:
    isp.settings(unlock_value=Decimal("50.00"))
    a, b, c, kept, dropped = people = [promised(isp) for _ in range(5)]
    for day in days(d(7, 5), d(7, 7)):
        isp.run(day)
    promise(actor=CLERK, now=at(d(7, 7), 10), customer=c, until=None)
    isp.run(d(7, 8))
    assert isp.states(*people) == ["active", "active", "suspended", "active", "active"]
    isp.pay(a, "250.00", d(7, 9))
    isp.pay(b, "249.99", d(7, 9))
    isp.run(d(7, 10))
    assert isp.states(a, b, kept, dropped) == ["active", *["suspended"] * 3]
    enable(isp, kept, drop=False)
    enable(isp, dropped, drop=True)
    isp.run(d(7, 11))
    for day in days(d(7, 12), d(7, 15)):
        isp.run(day)
        assert isp.states(kept, dropped) == ["suspended", "active"]
    assert attempts(dropped) == [(10, True)]
    assert (isp.balance(a), isp.balance(b)) == (Decimal("50.00"), Decimal("50.01"))


def enable(isp: Provider, customer: Customer, *, drop: bool) -> None:
    """On 11 July after the job: the system asks whether to drop the promise."""
    now, service = at(d(7, 11), 10), isp.service(customer)
    with pytest.raises(RuleError, match="promise-asks"):
        restore_by_hand(actor=CLERK, now=now, service=service)
    restore_by_hand(actor=CLERK, now=now, service=service, drop_promise=drop)
    assert isp.state(customer) == "active"

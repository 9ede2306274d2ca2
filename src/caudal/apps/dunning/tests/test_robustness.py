"""Several workers and several clerks at once: one cut, one attempt, one live promise."""

import pytest

from caudal.apps.billing.models import ReconnectionCharge
from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.customers.models import Suspension
from caudal.apps.dunning import actions
from caudal.apps.dunning.models import Promise, PromiseAttempt
from caudal.apps.dunning.tests.street import Street
from caudal.apps.messaging.models import Delivery
from tests.rig.kill import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_workers_cut_and_follow_each_promise_once() -> None:
    street = Street()
    street.company.email, street.company.reconnection_fee = "dueno@example.org", 50
    street.company.save()
    people = [street.customer() for _ in range(12)]
    street.create(d(6, 28))
    for customer in people[:6]:
        street.promise(customer, d(7, 4), d(7, 10))

    def work(day: int) -> list[BaseException]:
        on = d(7, day)
        return in_threads(4, lambda _: actions.cut_overdue(on, at(on, 8)))

    assert work(5) == []
    assert Suspension.objects.count() == 6
    for day in range(10, 18):
        assert work(day) == []
    assert Suspension.objects.count() == 12
    assert PromiseAttempt.objects.count() == 6
    assert ReconnectionCharge.objects.count() == 12
    assert set(Promise.objects.values_list("outcome", flat=True)) == {"broken"}


def test_one_alert_although_four_workers_give_up() -> None:
    street = Street()
    street.company.email = "dueno@example.org"
    street.company.save()
    street.rules(no_cut_weekdays=[4], promise_control_days=0)
    customer = street.owing()
    street.promise(customer, d(7, 4), d(7, 10))
    on = d(7, 11)
    assert in_threads(4, lambda _: actions.follow_promises(on, at(on, 8))) == []
    assert Delivery.objects.filter(occasion="promise_given_up").count() == 1


def test_clerks_at_once_leave_one_live_promise() -> None:
    street = Street()
    customer = street.owing()

    def work(number: int) -> None:
        until = d(7, 10 + number)
        actions.promise(actor=CLERK, now=at(d(7, 4)), customer=customer, until=until)

    assert in_threads(8, work) == []
    assert Promise.objects.live().count() == 1
    assert Promise.objects.filter(outcome="replaced").count() == 7

"""Credits for the time without service: measured, decided by a person, posted once."""

from datetime import datetime, timedelta
from decimal import Decimal as D

import pytest

from caudal.apps.billing.models import Adjustment
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.billing.why import tell_all
from caudal.apps.catalog.models import Company
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, SuspensionReason
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.actions import credits
from caudal.apps.monitoring.actions.credits import post_approved
from caudal.apps.monitoring.errors import MonitoringCode
from caudal.apps.monitoring.models import CreditProposal
from caudal.apps.monitoring.tests.conftest import Tower
from caudal.apps.outages.actions import void_outage
from caudal.apps.outages.models import Outage
from caudal.core.errors import RuleError

FIRST, LAST = at(d(7, 3)), at(d(7, 4), 14)
"""26 hours of July at 300 per 31 days: 10.48."""


def proposed(outage: Outage) -> dict[int, tuple[int, D]]:
    rows = outage.credits.order_by("customer")
    return {row.customer_id: (row.minutes, row.amount) for row in rows}


def propose(outage: Outage, now: datetime = LAST) -> int:
    return actions.propose_credits(actor=CLERK, now=now, outage=outage)


def approve(outage: Outage) -> int:
    return actions.approve_credits(actor=CLERK, now=LAST, outage=outage)


def post(now: datetime = LAST) -> int:
    return post_approved(Run(), now).get("posted", 0)


def test_downtime_is_credited_at_the_price_of_the_plan_by_days(tower: Tower) -> None:
    plain, dear = tower.customer(), tower.customer()
    service = tower.service(dear)
    service.price = D(620)
    service.save()
    free = tower.customer(is_invoiced=False)
    outage = tower.outage(FIRST, LAST, customer=[plain, dear, free])
    assert propose(outage) == 2
    assert proposed(outage) == {plain.pk: (1560, D("10.48")), dear.pk: (1560, D("21.67"))}
    Company.objects.update(prorate_base="thirty")
    propose(outage)
    assert proposed(outage)[plain.pk] == (1560, D("10.83"))
    trace = outage.credits.get(customer=plain).trace
    assert "1560" in tell_all(trace, "MXN")[0]


def test_time_of_a_suspension_is_not_credited(tower: Tower) -> None:
    customer = tower.customer()
    how = {"actor": CLERK, "service": tower.service(customer), "reason": SuspensionReason.MANUAL}
    customers.suspend(now=at(d(7, 2)), today=d(7, 2), **how)  # type: ignore[arg-type]
    customers.lift(now=FIRST + timedelta(hours=20), **how)  # type: ignore[arg-type]
    outage = tower.outage(FIRST, LAST, customer=[customer])
    propose(outage)
    assert proposed(outage) == {customer.pk: (360, D("2.42"))}


def test_the_same_minute_is_not_credited_twice_by_two_outages(tower: Tower) -> None:
    customer = tower.customer()
    one = tower.outage(FIRST, FIRST + timedelta(hours=20), customer=[customer])
    two = tower.outage(FIRST + timedelta(hours=10), LAST, customer=[customer])
    propose(one)
    propose(two)
    assert (proposed(one)[customer.pk][0], proposed(two)[customer.pk][0]) == (1200, 360)
    actions.reject_credits(actor=CLERK, now=LAST, outage=one)
    propose(two)
    assert proposed(two)[customer.pk][0] == 960


def test_a_short_outage_proposes_nothing(tower: Tower) -> None:
    outage = tower.outage(FIRST, FIRST + timedelta(minutes=119), customer=[tower.customer()])
    assert propose(outage) == 0


def test_what_goes_on_or_was_a_false_alarm_is_not_credited(tower: Tower) -> None:
    customer = tower.customer()
    going_on = tower.outage(FIRST, customer=[customer])
    with pytest.raises(RuleError) as refused:
        propose(going_on)
    assert refused.value.code == MonitoringCode.NOT_OVER
    false = tower.outage(FIRST, LAST, customer=[customer])
    propose(false)
    void_outage(actor=CLERK, now=LAST, outage=false)
    assert approve(false) == 0


def test_an_approved_credit_lowers_what_he_owes_once(tower: Tower) -> None:
    customer, other = tower.customer(), tower.customer()
    outage = tower.outage(FIRST, LAST, customer=[customer, other])
    propose(outage)
    assert post() == 0, "nobody has approved it"
    only = outage.credits.get(customer=customer).pk
    assert actions.approve_credits(actor=CLERK, now=LAST, outage=outage, only=[only]) == 1
    assert (post(), post()) == (1, 0)
    assert approve(outage) == 1, "the other one"
    assert propose(outage) == 0, "what is decided stays"
    assert tower.balance(customer) == D("-10.48")
    note = Adjustment.objects.get(customer=customer)
    assert (note.kind, note.amount, note.created_by) == ("credit", D("10.48"), "clerk")
    assert "26" in note.reason
    assert "Cerro" in note.reason
    assert outage.credits.get(customer=customer).adjustment == note
    assert tower.balance(other) == 0
    verify()


def test_a_worker_that_dies_posts_nothing_twice(
    tower: Tower, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [tower.customer() for _ in range(4)]
    outage = tower.outage(FIRST, LAST, customer=people)
    propose(outage)
    approve(outage)
    plain, count = credits.adjust, iter(range(99))

    def dying(**order: object) -> Adjustment:
        note = plain(**order)  # type: ignore[arg-type]
        if next(count) == 2:
            raise KeyboardInterrupt  # after the note, before the proposal knows of it
        return note

    monkeypatch.setattr(credits, "adjust", dying)
    with pytest.raises(KeyboardInterrupt):
        post()
    assert (Adjustment.objects.count(), post()) == (2, 2)
    assert {tower.balance(each) for each in people} == {D("-10.48")}


def test_one_that_cannot_be_posted_stops_nobody_else(
    tower: Tower, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tower.customer(), tower.customer()
    outage = tower.outage(FIRST, LAST, customer=[first, second])
    propose(outage)
    approve(outage)
    plain = credits.adjust

    def refusing(*, customer: Customer, **order: object) -> Adjustment:
        if customer.pk == first.pk:
            raise RuleError("no")
        return plain(customer=customer, **order)  # type: ignore[arg-type]

    monkeypatch.setattr(credits, "adjust", refusing)
    run = Run()
    assert post_approved(run, LAST) == {"posted": 1}
    assert run.failures == 1
    assert outage.credits.get(customer=first).status == CreditProposal.Status.FAILED
    monkeypatch.undo()
    assert (approve(outage), post()) == (1, 1)

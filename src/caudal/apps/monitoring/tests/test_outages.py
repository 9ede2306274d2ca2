"""Outages opened by hand: who is behind them, who is told, and what is held."""

from datetime import timedelta

import pytest

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.clock.jobs import Run
from caudal.apps.customers import actions as customers
from caudal.apps.dunning.cuts import cut_overdue
from caudal.apps.messaging.models import Delivery
from caudal.apps.monitoring import actions
from caudal.apps.monitoring.actions import outages as telling
from caudal.apps.monitoring.actions.outages import tell_customers
from caudal.apps.monitoring.errors import MonitoringCode
from caudal.apps.monitoring.models import Announcement
from caudal.apps.monitoring.tests.conftest import NOON, Tower
from caudal.apps.network.models import Router
from caudal.apps.outages.models import Outage
from caudal.core.errors import RuleError


def behind(outage: Outage) -> dict[int, str]:
    return dict(outage.affected.values_list("customer", "through"))


def test_each_kind_of_part_leads_to_its_customers(tower: Tower) -> None:
    by_router, by_radio, by_zone, alone, elsewhere = (tower.customer() for _ in range(5))
    tower.on_router(by_router)
    tower.on_radio(by_radio)
    hill = tower.create_zone("Loma")
    for customer in (by_zone,):
        customer.zone = hill
        customer.save()
    tower.on_router(elsewhere, Router.objects.create(name="Otro", host="10.9.9.9"))
    cases = {
        "site": ([tower.site], {by_router, by_radio}),
        "router": ([tower.box], {by_router}),
        "device": ([tower.radio], {by_radio}),
        "zone": ([hill], {by_zone}),
        "customer": ([alone], {alone}),
    }
    for part, (rows, expected) in cases.items():
        outage = tower.outage(NOON, **{part: rows})
        assert set(behind(outage)) == {customer.pk for customer in expected}, part
    everything = tower.outage(NOON, **{part: rows for part, (rows, _) in cases.items()})
    assert set(behind(everything)) == {c.pk for c in (by_router, by_radio, by_zone, alone)}
    assert behind(everything)[by_radio.pk] == "Sector 1", "the nearest reason"


def test_a_backbone_device_takes_down_the_routers_that_hang_from_it(tower: Tower) -> None:
    backbone = tower.device("Fibra", kind="switch")
    tower.router.parent = backbone
    actions.save_device(actor=CLERK, now=NOON, device=tower.router)
    customer = tower.customer()
    tower.on_router(customer)
    assert behind(tower.outage(NOON, device=[backbone])) == {customer.pk: "RB Cerro"}


def test_who_has_left_or_is_not_installed_is_not_behind_it(tower: Tower) -> None:
    gone = tower.customer()
    connection = tower.on_router(gone)
    service = tower.service(gone)
    customers.cancel(actor=CLERK, now=NOON, service=service, last_day=d(7, 1), reason="se mudó")
    assert connection.pk
    assert behind(tower.outage(NOON, router=[tower.box])) == {}


def test_looking_again_adds_who_came_and_keeps_who_was_there(tower: Tower) -> None:
    first, second = tower.customer(), tower.customer()
    connection = tower.on_router(first)
    outage = tower.outage(NOON, router=[tower.box])
    connection.delete()
    tower.on_router(second)
    assert actions.look_again(outage=outage) == 1
    assert set(behind(outage)) == {first.pk, second.pk}


def test_an_outage_of_nothing_is_refused(tower: Tower) -> None:
    with pytest.raises(RuleError) as refused:
        tower.outage(NOON, site=[], router=[])
    assert refused.value.code == MonitoringCode.NOTHING_COVERED
    assert Outage.objects.count() == 0


def test_who_is_behind_it_is_not_cut(tower: Tower) -> None:
    customer, other = tower.customer(), tower.customer()
    tower.on_router(customer)
    tower.create(d(6, 28))
    tower.outage(at(d(7, 4)), site=[tower.site])
    cut_overdue(d(7, 5), at(d(7, 5), 8))
    assert (tower.state(customer), tower.state(other)) == ("active", "suspended")


def told(kind: str) -> list[str]:
    rows = Delivery.objects.filter(occasion=f"outage_{kind}").order_by("to")
    return list(rows.values_list("to", flat=True))


def test_everybody_behind_it_is_told_once_however_often_it_is_asked(
    tower: Tower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "PAGE", 2)
    people = [tower.mailed() for _ in range(4)]
    silent = [tower.customer(), tower.mailed(may_be_notified=False)]
    two = tower.mailed(services=2)
    outage = tower.outage(NOON, customer=[*people, *silent, two])
    for _ in range(2):
        actions.announce(actor=CLERK, now=NOON, outage=outage, kind=Announcement.Kind.BEGUN)
    assert tell_customers(Run(), NOON) == 5, "two services are one customer"
    assert tell_customers(Run(), NOON + timedelta(hours=1)) == 0
    expected = sorted(f"c{each.pk}@example.com" for each in (*people, two))
    assert sorted(told("begun")) == expected
    body = Delivery.objects.filter(occasion="outage_begun")[0].body
    assert "Cerro" in body
    assert "05/07/2026 12:00" in body


def test_a_worker_that_dies_between_pages_goes_on_where_it_was(
    tower: Tower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "PAGE", 2)
    people = [tower.mailed() for _ in range(5)]
    outage = tower.outage(NOON, NOON + timedelta(hours=2), customer=people)
    later = NOON + timedelta(hours=2)
    actions.announce(actor=CLERK, now=later, outage=outage, kind=Announcement.Kind.ENDED)

    class Dying(Run):
        def advance(self, n: int = 1) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell_customers(Dying(), later)
    assert len(told("ended")) == 2
    assert tell_customers(Run(), later) == 3
    assert len(told("ended")) == 5


def test_nobody_is_told_of_an_outage_without_anybody(tower: Tower) -> None:
    outage = tower.outage(NOON, router=[tower.box])
    with pytest.raises(RuleError) as refused:
        actions.announce(actor=CLERK, now=NOON, outage=outage, kind="begun")
    assert refused.value.code == MonitoringCode.NOBODY_BEHIND

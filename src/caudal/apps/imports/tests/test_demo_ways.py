"""The demo's customers on DHCP, HotSpot, PCQ and bound addresses really browse, and are cut."""

from datetime import UTC, datetime, timedelta

import pytest

from caudal.apps.catalog.models import Technology
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Service
from caudal.apps.imports.demo.founding import found
from caudal.apps.imports.demo.ways import let_people_move_in
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import reconcile
from caudal.apps.radius.models import Login
from caudal.apps.staff.actor import Actor
from caudal.practice.newcomers import NEWCOMERS, make_room
from caudal.practice.routeros import V7, PracticeRouter, configure_by_hand

NOW = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
DEMO = Actor.system("demo")


@pytest.mark.django_db
def test_people_move_in_once_on_every_way_and_browse_until_they_are_cut() -> None:
    found(DEMO, NOW)
    with PracticeRouter(V7) as practice:
        configure_by_hand(practice, secrets=0, queues=3)
        make_room(practice)
        router = Router.objects.get(name="RB Norte")
        Router.objects.filter(pk=router.pk).update(port=practice.port)
        for _again in range(2):
            let_people_move_in(DEMO, NOW, NOW.date())
        assert Customer.objects.count() == len(NEWCOMERS) + 3
        ways = set(Connection.objects.values_list("technology", flat=True))
        assert ways == {Technology.DHCP, Technology.HOTSPOT, Technology.PCQ, Technology.STATIC,
                        Technology.PPPOE}  # fmt: skip
        reconcile(router, NOW)
        practice.pass_time(120)
        seen = {row["name"]: row for row in practice.customers()}
        assert all(seen[one.user or one.mac]["browses"] for one in NEWCOMERS), seen
        done = reconcile(router, NOW + timedelta(minutes=1))
        assert done.planned == 0, done.findings
        for service in Service.objects.filter(connection__router=router):
            customers.suspend(
                actor=DEMO, now=NOW, today=NOW.date(), service=service, reason="unpaid"
            )
        reconcile(router, NOW + timedelta(minutes=2))
        practice.pass_time(120)
        seen = {row["name"]: row for row in practice.customers()}
        assert not any(seen[one.user or one.mac]["browses"] for one in NEWCOMERS), seen
    assert Login.objects.filter(router__name="RB Sur").count() == 3

"""The owner hears of a router's trouble when it has lasted, and of its end; each once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from caudal.apps.clock.jobs import Run
from caudal.apps.messaging.models import Delivery
from caudal.apps.network import jobs
from caudal.apps.network.jobs import reconcile_routers, tell_of_alarms
from caudal.apps.network.models import Router
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import NOW, Subscribe, suspend
from caudal.apps.staff.models import Role, User
from caudal.integrations.access.memory import MemoryRouter

SOON = NOW + timedelta(minutes=1)
HOURS = NOW + timedelta(hours=3)


@pytest.fixture(autouse=True)
def owner(db: None) -> User:
    return User.objects.create(
        username="duena", name="Dueña", email="duena@rio.example", created_at=NOW,
        role=Role.objects.get(code="owner"),
    )  # fmt: skip


def told() -> list[str]:
    return [row.occasion for row in Delivery.objects.order_by("pk")]


def test_router_that_is_off_for_hours_is_told_once_and_its_return_too(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5")
    reconcile(router, NOW)
    suspend(connection, SOON)
    box.online = False
    reconcile(router, SOON)
    assert tell_of_alarms(Run(), SOON + timedelta(minutes=90)) == {} and not told()
    assert tell_of_alarms(Run(), HOURS) == {"alarms": 1}
    assert tell_of_alarms(Run(), HOURS) == {} and told() == ["router_alarm"]
    message = Delivery.objects.get()
    assert message.to == "duena@rio.example" and router.name in message.subject
    assert "no responde" in message.body and "Cambios que esperan: 1" in message.body
    box.online = True
    reconcile(router, HOURS)
    assert tell_of_alarms(Run(), HOURS) == {"recovered": 1}
    assert tell_of_alarms(Run(), HOURS) == {}
    assert told() == ["router_alarm", "router_recovered"]


def test_changes_that_wait_for_hours_are_an_alarm_although_the_router_answers(
    subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connections = [subscribe(f"Cliente {n}", address=f"10.0.1.{n + 1}") for n in range(21)]
    reconcile(router, NOW)
    for connection in connections:
        suspend(connection, SOON)
    assert reconcile(router, SOON).outcome == "braked"
    assert tell_of_alarms(Run(), SOON + timedelta(hours=1)) == {}
    assert tell_of_alarms(Run(), HOURS) == {"alarms": 1}
    assert "Cambios que esperan: 21" in Delivery.objects.get().body


def test_short_trouble_is_not_told(subscribe: Subscribe, router: Router, box: MemoryRouter) -> None:
    subscribe()
    box.online = False
    reconcile(router, NOW)
    box.online = True
    reconcile(router, SOON)
    assert tell_of_alarms(Run(), HOURS) == {} and not told()


def test_company_is_told_where_no_owner_has_an_address(
    owner: User, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    owner.delete()
    connection = subscribe()
    company = connection.service.customer.company
    company.email = "hola@rio.example"
    company.save()
    box.online = False
    reconcile(router, NOW)
    tell_of_alarms(Run(), HOURS)
    assert Delivery.objects.get().to == "hola@rio.example"


def test_worker_is_asked_back_when_a_retry_is_due_before_the_next_minute(
    subscribe: Subscribe, router: Router, box: MemoryRouter, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    monkeypatch.setattr(jobs, "wake_in", asked.append)
    subscribe()
    box.online = False
    reconcile_routers(Run(), NOW)
    assert len(asked) == 1 and 3 < asked[0] < 8
    box.online = True
    later: Any = NOW + timedelta(minutes=1)
    reconcile_routers(Run(), later)
    assert len(asked) == 1, "nothing is left to try again"


def test_who_is_told_is_asked_once_however_many_routers_are_in_trouble(router: Router) -> None:
    down = {"failing_since": NOW, "last_error": "unreachable"}
    Router.objects.update(**down)
    for n in range(3):
        like = Router.objects.get(pk=router.pk)
        like.pk, like.name, like.host = None, f"Otro {n}", f"10.9.0.{n}"
        like.save(force_insert=True)
    with CaptureQueriesContext(database) as found:
        assert tell_of_alarms(Run(), HOURS) == {"alarms": 4}
    assert sum('FROM "staff_user"' in each["sql"] for each in found) == 1

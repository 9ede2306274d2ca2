"""Who owes and browses is led to the notice every so often until he has read it (IC-72)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from caudal.apps.billing.tests.world import at, d
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.tests.street import Street
from caudal.apps.network.models import Connection
from caudal.apps.network.sync import wanted_state
from caudal.apps.portal import actions, jobs, views
from caudal.apps.portal.models import NoticePage, Reading
from caudal.apps.portal.tests.conftest import HERE
from caudal.core.access import Kind, wanted

TODAY = d(7, 4)
NOON = at(TODAY, 12)


@pytest.fixture
def eva(street: Street, connect: Callable[..., Connection]) -> Customer:
    """She owes July and is not cut yet."""
    customer = street.owing(name="Eva")
    connect(customer)
    return customer


def led(customer: Customer) -> bool:
    return Connection.objects.get(service__customer=customer).reminded


def remind(now: datetime = NOON) -> int:
    return actions.remind(today=now.date(), now=now)


def test_who_owes_is_led_to_the_notice_on_his_days_alone(eva: Customer) -> None:
    assert remind() == 1 and led(eva)
    assert remind() == 0
    assert actions.remind(today=d(7, 20), now=at(d(7, 20), 12)) == 1
    assert not led(eva)


def test_who_pays_browses_again_without_reading(eva: Customer, street: Street) -> None:
    remind()
    street.pay(eva, "300.00", TODAY)
    remind()
    assert not led(eva)


def test_routers_hold_the_reminded_on_a_list_of_their_own(eva: Customer) -> None:
    remind()
    connection = Connection.objects.get()
    (line,) = wanted_state(connection.router)
    assert line.access
    rows = wanted([line.access]).rows
    assert [row.key for row in rows if row.kind is Kind.MEMBER] == [f"{HERE} avisos"]


def test_a_change_of_reminder_brings_the_router_up_to_date(eva: Customer) -> None:
    before = Connection.objects.select_related("service").get().service.revision
    remind()
    assert Connection.objects.select_related("service").get().service.revision == before + 1


def test_who_is_cut_is_not_reminded_besides(eva: Customer, street: Street) -> None:
    remind()
    street.cut(d(7, 5), d(7, 6))
    (line,) = wanted_state(Connection.objects.get().router)
    assert line.access and line.access.suspended
    assert not [row for row in wanted([line.access]).rows if row.kind is Kind.MEMBER]


def test_who_read_it_goes_on_for_the_hours_of_his_company(eva: Customer, street: Street) -> None:
    NoticePage.objects.create(company=street.company, every_hours=6)
    remind()
    actions.go_on(now=NOON, customer_id=eva.pk)
    assert not led(eva)
    remind(NOON + timedelta(hours=5))
    assert not led(eva)
    remind(NOON + timedelta(hours=7))
    assert led(eva)


def test_the_button_is_there_for_who_is_reminded_and_works(
    eva: Customer, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "today", lambda: TODAY)
    monkeypatch.setattr(views, "now", lambda: NOON)
    remind()
    assert b'action="/aviso/seguir/"' in browser.get("/aviso/").content
    done = browser.post("/aviso/seguir/", follow=True)
    assert b'action="/aviso/seguir/"' not in done.content
    assert not led(eva) and Reading.objects.get().customer == eva


def test_the_button_may_wait(
    eva: Customer, street: Street, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "today", lambda: TODAY)
    NoticePage.objects.create(company=street.company, for_seconds=15)
    assert b"animation-delay:15s" in browser.get("/aviso/").content


def test_who_is_cut_cannot_read_himself_free(ana: Customer, browser: Client) -> None:
    page = browser.get("/aviso/").content
    assert b"seguir" not in page
    browser.post("/aviso/seguir/")
    assert not Reading.objects.exists()


def test_the_clock_reminds(eva: Customer) -> None:
    assert jobs.remind(Run(), NOON) == {"changed": 1}

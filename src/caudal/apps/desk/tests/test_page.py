"""The customer's page: what its top says, panels that come when they are looked at, few queries."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.billing.actions import ManualLine, Order, issue_invoice
from caudal.apps.catalog.models import Plan
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer, Service
from caudal.apps.desk.tests.many import person
from caudal.apps.dunning.actions import promise
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Router
from caudal.apps.staff.actor import Actor

CLERK = Actor.system("test")


@pytest.fixture
def client(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(captured)


def test_the_top_says_plan_debt_dates_and_promise(
    client: Client, customer: Customer, service: Service, now: datetime
) -> None:
    line = ManualLine("Mensualidad", Decimal(250))
    issue_invoice(actor=CLERK, now=now, customer=customer, order=Order(lines=[line]))
    until = now.date() + timedelta(days=5)
    promise(actor=CLERK, now=now, customer=customer, until=until)
    text = client.get(f"/customers/{customer.pk}/").content.decode()
    for part in ("Básico 10Mb · $250.00", "$250.00", until.strftime("%d/%m/%Y"), "customer-bar"):
        assert part in text, part


def test_only_what_is_seen_first_is_asked_at_once(client: Client, customer: Customer) -> None:
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert page.count('hx-trigger="load, refresh') == 4
    assert page.count('hx-trigger="intersect once') > 10


@pytest.mark.parametrize(
    "part", ["", "summary/", "services/", "equipment/", "traffic/", "tickets/", "tools/", "side/"]
)
def test_a_page_asks_as_often_for_many_services_as_for_one(
    client: Client, customer: Customer, service: Service, plan: Plan, router: Router,
    now: datetime, part: str
) -> None:  # fmt: skip
    def connected(one: Service, n: int) -> None:
        network.connect(actor=CLERK, now=now, service=one, router=router, technology="pppoe",
                        username=f"u{n}", address=f"10.20.0.{20 + n}")  # fmt: skip

    address = f"/customers/{customer.pk}/{part}"
    connected(service, 0)
    asked(client, address)
    few = asked(client, address)
    for n in range(1, 4):
        more = actions.add_service(
            actor=CLERK, now=now, customer=customer, plan=plan, started_on=now.date()
        )
        connected(more, n)
    assert asked(client, address) == few


def test_equipment_tells_the_registered_mac_from_the_one_that_was_seen(
    client: Client, zone: object, plan: Plan, router: Router, now: datetime
) -> None:
    who = person(1, zone, plan, router, now)  # type: ignore[arg-type]
    Connection.objects.filter(service__customer=who).update(
        mac="AA:BB:CC:00:00:01", last_session={"mac": "AA:BB:CC:00:00:02", "address": "10.20.0.11"}
    )
    text = client.get(f"/customers/{who.pk}/equipment/").content.decode()
    assert "AA:BB:CC:00:00:01" in text
    assert "AA:BB:CC:00:00:02" in text
    assert "state-" in text


def test_the_way_to_him_opens_in_the_maps_that_people_have(
    client: Client, customer: Customer
) -> None:
    Customer.objects.filter(pk=customer.pk).update(latitude="19.432608", longitude="-99.133209")
    text = client.get(f"/customers/{customer.pk}/summary/").content.decode()
    for link in ("geo:19.432608,-99.133209", "google.com/maps/dir", "waze.com", "openstreetmap"):
        assert link in text, link
    assert "19,43" not in text


def test_panels_of_customers_of_others_are_not_shown(
    client_as: Callable[..., Client], customer: Customer
) -> None:
    collector = client_as("collector")
    for part in ("equipment", "traffic", "tickets"):
        assert collector.get(f"/customers/{customer.pk}/{part}/").status_code == 404


def test_the_journal_of_one_customer_is_narrowed_by_act_person_and_day(
    client: Client, customer: Customer, service: Service, now: datetime
) -> None:
    actions.suspend(
        actor=CLERK, now=now, today=now.date(), service=service, reason="abuse", note="spam"
    )
    client.post(f"/customers/{customer.pk}/rename/", {"name": "José Ruiz"})
    panel = f"/staff/journal/customer/{customer.pk}/"
    api = f"/api/v1/customers/{customer.pk}/journal/"

    def told(**asked: object) -> list[str]:
        entries = client.get(panel, asked).context["entries"]
        return [each.entry.verb for each in entries]

    assert told() == ["customer.edit", "service.suspend", "service.add", "customer.register"]
    assert told(act="service.suspend") == ["service.suspend"]
    day = now.date().isoformat()
    assert told(last=day)[0] == "service.suspend"
    assert told(act="customer.edit", last=day) == []
    offered = client.get(panel).context["form"].fields["act"].choices
    assert len(offered) == 1 + 4
    rows = client.get(api, {"verb": "customer.edit"}).json()["results"]
    assert [(row["before"]["name"], row["after"]["name"]) for row in rows] == [
        ("José Peña Núñez", "José Ruiz")
    ]
    assert client.get(api, {"first": "nonsense"}).status_code == 400
    assert len(client.get(api, {"last": day}).json()["results"]) == 3


def test_the_journal_of_somebody_elses_customer_stays_closed(
    client_as: Callable[..., Client], user_with_role: Callable[..., object], customer: Customer
) -> None:
    role = user_with_role("collector").role  # type: ignore[attr-defined]
    role.verbs = [*role.verbs, "staff.journal"]
    role.save()
    collector = client_as("collector")
    assert collector.get(f"/api/v1/customers/{customer.pk}/journal/").status_code == 404
    panel = collector.get(f"/staff/journal/customer/{customer.pk}/")
    assert panel.context["entries"] == []

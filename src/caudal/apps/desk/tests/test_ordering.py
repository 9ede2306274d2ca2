"""Lists of the API in the order of the screens: by their columns, each row once."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caudal.apps.billing.actions import ManualLine, Order, issue_invoice
from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.many import TEST
from caudal.apps.ledger.models import Balance
from caudal.apps.staff.models import Role

ClientAs = Callable[..., Client]
CUSTOMERS, INVOICES = "/api/v1/customers/", "/api/v1/invoices/"


@pytest.fixture
def client(client_as: ClientAs) -> Client:
    return client_as("owner")


def told(client: Client, address: str, **asked: Any) -> list[int]:
    """Keys of all pages, in their order."""
    found: list[int] = []
    answer = client.get(address, asked).json()
    while True:
        found += [row["id"] for row in answer["results"]]
        if not answer["next"]:
            return found
        answer = client.get(_path(answer["next"])).json()


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_customers_stand_in_the_order_of_a_column(client: Client, people: list[Customer]) -> None:
    for customer, name in zip(people, ("Zoe", "Ana", "Luis", "Beto"), strict=True):
        Customer.objects.filter(pk=customer.pk).update(name=name)
    zoe, ana, luis, beto = (customer.pk for customer in people)
    assert told(client, CUSTOMERS, ordering="name") == [ana, beto, luis, zoe]
    assert told(client, CUSTOMERS, ordering="-name", q="calle") == [zoe, luis, beto, ana]
    Balance.objects.create(
        customer=people[2], company=people[2].company, currency="MXN", amount=Decimal(50)
    )
    assert told(client, CUSTOMERS, ordering="-debt")[0] == luis
    assert told(client, CUSTOMERS, ordering="debt", debt="yes") == [luis]


def test_each_row_comes_once_however_many_are_equal(client: Client, people: list[Customer]) -> None:
    for way in ("city", "-city", "zone", "-registered"):
        found = told(client, CUSTOMERS, ordering=way, size=1)
        assert len(found) == 4 and set(found) == {customer.pk for customer in people}
    first = client.get(CUSTOMERS, {"ordering": "name", "size": 2}).json()
    second = client.get(_path(first["next"])).json()
    back = client.get(_path(second["previous"])).json()
    assert back["results"] == first["results"] and second["next"] is None
    assert first["previous"] is None


def test_an_own_field_sorts_for_who_sees_it(
    client: Client, client_as: ClientAs, people: list[Customer], now: datetime
) -> None:
    field = actions.create_field(
        actor=TEST, now=now, kind="number", name="Poste", roles=Role.objects.filter(code="owner")
    )
    for customer, number in zip(people[:3], (30, 4, 100), strict=True):
        values = {field: Decimal(number)}
        actions.set_fields(actor=TEST, now=now, customer=customer, values=values)
    pks = [customer.pk for customer in people]
    assert told(client, CUSTOMERS, ordering="cf_poste") == [pks[1], pks[0], pks[2], pks[3]]
    assert told(client, CUSTOMERS, ordering="-cf_poste") == [pks[2], pks[0], pks[1], pks[3]]
    refused = client_as("manager").get(CUSTOMERS, {"ordering": "cf_poste"})
    assert refused.status_code == 400


def test_an_unknown_column_is_refused_with_those_there_are(client: Client, db: None) -> None:
    for asked in ("secret", "--name", "name,code", "password"):
        answer = client.get(CUSTOMERS, {"ordering": asked})
        assert answer.status_code == 400
        assert "name" in answer.json()["ordering"][0] and "debt" in answer.json()["ordering"][0]


def test_invoices_payments_promises_and_runs_have_it_too(
    client: Client, people: list[Customer], now: datetime
) -> None:
    made = [
        issue_invoice(
            actor=TEST, now=now, customer=customer,
            order=Order(kind="free", emission=date(2026, 7, day), due=date(2026, 7, 30),
                              lines=[ManualLine("Visita", Decimal(amount))]),
        ).pk
        for customer, day, amount in zip(people[:3], (3, 1, 2), (20, 10, 30), strict=True)
    ]  # fmt: skip
    a, b, c = made
    assert told(client, INVOICES, ordering="emission") == [b, c, a]
    assert told(client, INVOICES, ordering="-total") == [c, a, b]
    assert told(client, INVOICES, ordering="customer.name") == [a, b, c]
    assert told(client, INVOICES) == [c, b, a]
    for address in ("payments", "promises", "runs"):
        assert client.get(f"/api/v1/{address}/", {"ordering": "x"}).status_code == 400
    assert client.get("/api/v1/payments/", {"ordering": "-amount"}).status_code == 200
    assert client.get("/api/v1/promises/", {"ordering": "until"}).status_code == 200
    assert client.get("/api/v1/runs/", {"ordering": "-on"}).status_code == 200


def test_the_order_costs_no_query_per_row(client: Client, people: list[Customer]) -> None:
    def asked(**query: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(CUSTOMERS, query)
        return len(captured)

    asked(ordering="-debt")
    assert asked(ordering="-debt", size=2) == asked(ordering="-debt", size=4)

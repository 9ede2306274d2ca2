"""The customers list: columns by person, filters in tabs, named views, count and files."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from caudal.apps.customers import actions
from caudal.apps.customers.contacts import ContactData
from caudal.apps.customers.models import Customer, Service, Zone
from caudal.apps.desk.filters import FIELDS, TABS, DeskFilter
from caudal.apps.desk.list.columns import BY_KEY, COLUMNS
from caudal.apps.desk.models import SavedView
from caudal.apps.ledger.models import Balance
from caudal.apps.network import actions as network
from caudal.apps.network.models import Router
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Branch, User
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]
ANY = Actor.system("test")


@pytest.fixture
def people(zone: Zone, plan: Any, router: Router, now: datetime) -> list[Customer]:
    """José owes and is on the router; Ana has no service."""
    jose = actions.register_customer(
        actor=ANY, now=now, data={"name": "José Núñez", "zone": zone, "address": "Calle Uno",
                                  "city": "Oaxaca", "payment_method": "OXXO"},
        contacts=[ContactData("phone", "+525512345678"), ContactData("email", "j@x.example")],
    )  # fmt: skip
    ana = actions.register_customer(
        actor=ANY, now=now, data={"name": "Ana López", "zone": zone, "address": "Calle Dos"}
    )
    service = actions.add_service(
        actor=ANY, now=now, customer=jose, plan=plan, started_on=now.date()
    )
    network.connect(actor=ANY, now=now, service=service, router=router, technology="pppoe",
                    username="jose", address="10.20.0.9")  # fmt: skip
    Balance.objects.create(
        customer=jose, company=zone.company, currency="MXN", amount=Decimal("300")
    )
    return [jose, ana]


def shown(client: Client, **query: Any) -> str:
    answer = client.get("/customers/", query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_column_is_drawn_and_filed(people: list[Customer], client_as: ClientAs) -> None:
    client = client_as("owner")
    page = shown(client, cols=",".join(BY_KEY))
    for text in ("José Núñez", "10.20.0.9", "+525512345678", "j@x.example", "OXXO", "Oaxaca"):
        assert text in page, text
    assert page.count("<th ") == len(COLUMNS) + 2
    rows = json.loads(b"".join(client.get("/customers/export.json").streaming_content))
    assert [row["name"] for row in rows] == ["Ana López", "José Núñez"]
    assert rows[1].keys() == BY_KEY.keys()
    assert (rows[1]["debt"], rows[1]["mac"], rows[1]["plan"]) == ("300.0000", "", "Básico 10Mb")


def test_nobody_pays_for_columns_that_he_does_not_see(
    people: list[Customer], client_as: ClientAs
) -> None:
    def queries(**query: Any) -> int:
        return queries_of(lambda: shown(client, **query))

    client = client_as("owner")
    shown(client)
    few, usual = queries(cols="code,name"), queries()
    assert few < usual < queries(cols=",".join(BY_KEY)) <= few + 5


def test_a_person_chooses_columns_for_himself_alone(
    people: list[Customer], client_as: ClientAs, user_with_role: Callable[..., User]
) -> None:
    client = client_as("owner")
    client.post("/customers/columns/", {"columns": ["phones", "name", "nonsense"], "query": ""})
    page = shown(client)
    assert page.index("+525512345678") < page.index("José Núñez")
    assert "10.20.0.9" not in page
    assert "10.20.0.9" in shown(client_as("manager"))
    client.post("/customers/columns/", {"usual": "1"})
    assert "10.20.0.9" in shown(client)


def test_a_named_view_brings_filters_order_and_columns_back(
    people: list[Customer], client_as: ClientAs
) -> None:
    client = client_as("owner")
    query = "debt=yes&sort=-name&cols=name,debt&cursor=abc"
    client.post("/customers/views/", {"name": "Deudores", "query": query})
    view = SavedView.objects.get()
    assert "cursor" not in view.query
    menu = client.get("/customers/views/").content.decode()
    assert "Deudores" in menu
    page = client.get(f"/customers/?{view.query}&list=1").content.decode()
    assert "José Núñez" in page and "Ana López" not in page
    other = client_as("manager")
    assert "Deudores" not in other.get("/customers/views/").content.decode()
    other.post(f"/customers/views/{view.pk}/forget/")
    assert SavedView.objects.exists()
    client.post(f"/customers/views/{view.pk}/forget/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"debt": "yes"}, ["José"]),
        ({"debt": "no"}, ["Ana"]),
        ({"owes_from": "300"}, ["José"]),
        ({"owes_from": "300.01"}, []),
        ({"city": "oaxa"}, ["José"]),
        ({"served": "no"}, ["Ana"]),
        ({"sync": "pending"}, ["José"]),
        ({"sync": "in_sync"}, []),
        ({"online": "no"}, ["Ana", "José"]),
        ({"technology": "pppoe", "address": "yes"}, ["José"]),
        ({"payment_method": "oxxo", "state": "active", "debt": "yes", "online": "no"}, ["José"]),
        ({"payment_day": "5"}, ["Ana", "José"]),
        ({"payment_day": "6"}, []),
        ({"own_dates": "yes"}, []),
        ({"unpaid_from": "1"}, []),
        ({"registered_from": "2199-01-01"}, []),
        ({"reason": "unpaid"}, []),
        ({"position": "no", "card": "no", "electronic_code": "no"}, ["Ana", "José"]),
        ({"city": "zz", "registered_to": "no es un día"}, []),
    ],
)
def test_filters_find_who_they_say(
    people: list[Customer], query: dict[str, str], found: list[str]
) -> None:
    rows = DeskFilter(query).narrow(Customer.objects.order_by("name"))
    assert [customer.name.split()[0] for customer in rows] == found


def test_filters_of_a_service_speak_of_the_same_one(
    people: list[Customer], plan: Any, router: Router, now: datetime
) -> None:
    """He has an active service on the router and a suspended one that is not on it."""
    second = actions.add_service(
        actor=ANY, now=now, customer=people[0], plan=plan, started_on=now.date()
    )
    actions.suspend(actor=ANY, now=now, today=now.date(), service=second, reason="manual")

    def found(**query: Any) -> int:
        return DeskFilter(query).narrow(Customer.objects.all()).count()

    assert found(state="active", router=router.pk, plan=plan.pk) == 1
    assert found(state="suspended", router=router.pk) == 0
    assert found(state="suspended", plan=plan.pk, debt="yes") == 1


def test_every_filter_stands_in_one_tab_and_has_a_condition(db: None) -> None:
    without = DeskFilter({}, whole=True)
    Branch.objects.create(name="Centro")
    form = DeskFilter({}, whole=True)
    assert set(form.fields) - set(without.fields) == {"branch"}
    standing = [name for _label, names in TABS.values() for name in names]
    assert sorted(standing) == sorted(set(form.fields) - {"q"})
    assert set(form.conditions()) == set(form.fields)
    assert set(FIELDS) <= set(standing)


def test_the_filters_come_in_tabs_that_say_how_many_are_in_force(
    people: list[Customer], client_as: ClientAs
) -> None:
    page = client_as("owner").get("/customers/filters/?debt=yes&own_dates=no").content.decode()
    assert page.count('role="tab"') == len(TABS)
    assert '<span class="badge bg-blue-lt">2</span>' in page


def test_the_count_stops_at_a_thousand(
    people: list[Customer], client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("owner")
    assert "2" in client.get("/customers/count/").content.decode()
    monkeypatch.setattr("caudal.apps.desk.views.customers.COUNTED", 1)
    assert "1" in client.get("/customers/count/").content.decode()
    assert "2" not in client.get("/customers/count/").content.decode()


def test_sorting_by_debt_pages_through_everybody_once(
    people: list[Customer], client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caudal.apps.desk.views.customers.PAGE", 1)
    client = client_as("owner")
    first = client.get("/customers/", {"sort": "-debt"})
    second = client.get(
        "/customers/", {"sort": "-debt", "cursor": first.context["page"].next_cursor}
    )
    names = [answer.context["rows"][0].customer.name for answer in (first, second)]
    assert names == ["José Núñez", "Ana López"]


def test_a_large_file_is_offered_as_a_job(
    people: list[Customer], client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caudal.apps.desk.views.customers.DIRECT", 1)
    client = client_as("owner")
    assert client.get("/customers/export.csv?debt=yes&city=").streaming  # one row: at once
    page = client.get("/customers/export.csv").content.decode()
    assert 'value="customers.export"' in page
    direct = client.get("/customers/export.csv?direct=1")
    assert b"".join(direct.streaming_content).count(b"\n") == 3


def test_only_the_columns_shown_are_filed_where_asked(
    people: list[Customer], client_as: ClientAs
) -> None:
    answer = client_as("owner").get("/customers/export.csv?file_columns=shown&cols=code,phones")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.count(",") for line in lines] == [1, 1, 1]


def test_the_page_of_codes_offers_what_may_be_done(client_as: ClientAs, zone: Zone) -> None:
    page = client_as("owner").get("/customers/codes/").content.decode()
    assert 'name="codes"' in page
    assert Service.objects.count() == 0

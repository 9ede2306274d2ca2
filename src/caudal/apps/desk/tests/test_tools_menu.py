"""The menu of tools of one customer: the same on the list and on his page."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.many import TEST
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection

ClientAs = Callable[..., Client]
PLACES = ("", "tools/")


@pytest.fixture
def held(people: list[Customer]) -> Connection:
    return Connection.objects.get(service__customer=people[0])


def menu(client: Client, customer: Customer, place: str) -> str:
    return client.get(f"/customers/{customer.pk}/{place}").content.decode()


@pytest.mark.parametrize("place", PLACES)
def test_both_offer_the_user_of_the_service_his_device_and_the_acts(
    client_as: ClientAs, people: list[Customer], held: Connection, place: str
) -> None:
    page = menu(client_as("owner"), people[0], place)
    edit = f"/network/connections/{held.pk}/edit/"
    assert f'href="{edit}"' in page and f'href="{edit}#id_bind_mac"' in page
    assert 'href="http://10.20.0.10/" target="_blank" rel="noopener noreferrer"' in page
    for act in ("welcome", "move", "delete", "delete_on_router"):
        assert f'value="customers.{act}"' in page


@pytest.mark.parametrize("place", PLACES)
def test_who_may_not_see_the_network_or_edit_services_is_offered_neither(
    client_as: ClientAs, people: list[Customer], held: Connection, place: str
) -> None:
    page = menu(client_as("cashier"), people[0], place)
    assert "http://10.20.0.10" not in page
    assert f"/network/connections/{held.pk}/" not in page
    assert "customers.delete" not in page


def test_what_was_released_leads_to_no_device(
    client_as: ClientAs, people: list[Customer], held: Connection, now: datetime
) -> None:
    network.release(actor=TEST, now=now, connection=held)
    client = client_as("owner")
    for place in (*PLACES, "services/"):
        assert "http://10.20.0.10" not in menu(client, people[0], place)


def test_each_service_leads_to_its_own_user_and_device(
    client_as: ClientAs, people: list[Customer], held: Connection
) -> None:
    page = menu(client_as("owner"), people[0], "services/")
    assert f"/network/connections/{held.pk}/" in page and "http://10.20.0.10/" in page
    assert "http://" not in menu(client_as("cashier"), people[0], "services/")


def test_an_address_of_six_stands_in_brackets() -> None:
    assert Connection(address="2001:db8::5").device_url == "http://[2001:db8::5]/"
    assert Connection().device_url == ""

"""Registering a customer in one page: all of it or nothing, once, with every mistake said."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer, Service
from caudal.apps.network.models import Connection
from caudal.apps.staff.models import JournalEntry

ClientAs = Callable[..., Client]
NEW = "/customers/new/"


@pytest.fixture
def owner(client_as: ClientAs) -> Client:
    return client_as("owner")


def errors_of(owner: Client, page: dict[str, Any]) -> dict[str, Any]:
    """The form's errors; nothing was saved, and what was typed is still there."""
    answer = owner.post(NEW, page)
    assert answer.status_code == 200
    assert not Customer.objects.filter(name=page["name"]).exists()
    form = answer.context["form"]
    assert form["address"].value() == page["address"]
    return dict(form.errors)


def test_one_page_makes_customer_service_and_connection(
    owner: Client, page: dict[str, Any]
) -> None:
    answer = owner.post(NEW, page)
    customer = Customer.objects.get()
    assert answer["Location"] == f"/customers/?sort=-registered&new={customer.pk}"
    connection = Connection.objects.get(service__customer=customer)
    assert (connection.address, connection.username) == ("10.20.0.9", "maria.pena")
    assert JournalEntry.objects.filter(customer_id=customer.pk, verb="customer.register").exists()
    shown = owner.get(answer["Location"]).content.decode()
    assert "is-new" in shown
    assert "10.20.0.9" in shown


def test_the_same_page_sent_twice_is_one_customer(owner: Client, page: dict[str, Any]) -> None:
    first, second = owner.post(NEW, page), owner.post(NEW, page)
    assert first["Location"] == second["Location"]
    assert Customer.objects.count() == 1


def test_a_failure_in_the_last_room_leaves_nothing(
    owner: Client, page: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("the last room")

    monkeypatch.setattr("caudal.apps.billing.actions.issue_invoice", fail)
    with pytest.raises(RuntimeError):
        owner.post(NEW, page | {"first_invoice": "now", "registered_on": "2026-07-20"})
    assert not Customer.objects.exists()
    assert not Service.objects.exists()


def test_the_days_left_of_the_cycle_are_invoiced_at_once(
    owner: Client, page: dict[str, Any]
) -> None:
    owner.post(NEW, page | {"first_invoice": "now", "registered_on": "2026-07-20"})
    period = Invoice.objects.get().periods.get()
    assert (period.first.isoformat(), period.last.isoformat()) == ("2026-07-20", "2026-08-04")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("phones", "123"),
        ("phones", ""),
        ("emails", "maria@"),
        ("address", "x" * 251),
        ("zone", ""),
        ("plan", ""),
        ("payment_day", "32"),
        ("registered_on", "2026-02-31"),
        ("price", "-1"),
        ("ip_address", "10.99.0.1"),
        ("ip_address", "999.1.1.1"),
        ("username", "🌵"),
        ("mac", "no es una MAC"),
        ("position", "ninguna parte"),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field(
    owner: Client, page: dict[str, Any], field: str, typed: str
) -> None:
    wrong = {**page, field: typed}
    answer = owner.post(NEW, wrong)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Customer.objects.exists()


def test_every_mistake_is_told_at_once_and_nothing_typed_is_lost(
    owner: Client, page: dict[str, Any]
) -> None:
    found = errors_of(owner, page | {"phones": "12", "emails": "x", "payment_day": "0"})
    assert {"phones", "emails", "payment_day"} <= found.keys()


def test_long_names_and_emoji_are_kept(owner: Client, page: dict[str, Any]) -> None:
    name = "Señora 🌵 " + "ñ" * 191
    owner.post(NEW, page | {"name": name})
    assert Customer.objects.get().name == name


def test_one_field_is_checked_while_the_rest_is_being_written(
    owner: Client, page: dict[str, Any]
) -> None:
    answer = owner.post(
        NEW,
        {**page, "phones": "12", "validate": "phones"},
        headers={"HX-Request": "true", "HX-Trigger-Name": "phones"},
    )
    assert answer.status_code in {200, 422}
    assert not Customer.objects.exists()


def test_somebody_who_looks_like_a_customer_is_shown_before_saving(
    owner: Client, page: dict[str, Any]
) -> None:
    owner.post(NEW, page)
    again = {**page, "form_key": "6b1f4b2e-6a55-4d0a-9f0b-3f5f0a4b1c11", "name": "M. Peña"}
    again |= {"ip_address": "10.20.0.10", "username": "maria.otra"}
    assert owner.post(NEW, again).context["form"].non_field_errors()
    shown = owner.post(NEW, again | {"refresh": "duplicates"}).content.decode()
    assert "María Peña" in shown
    owner.post(NEW, again | {"accept_duplicates": "on"})
    assert Customer.objects.count() == 2


def test_another_payment_day_gives_the_customer_his_own_calendar(
    owner: Client, page: dict[str, Any]
) -> None:
    owner.post(NEW, page | {"payment_day": "20"})
    assert Customer.objects.get().own_calendar.payment_day == 20


def test_a_free_customer_is_neither_invoiced_nor_cut_nor_told(
    owner: Client, page: dict[str, Any]
) -> None:
    owner.post(NEW, page | {"is_free": "on"})
    customer = Customer.objects.get()
    assert not (customer.is_invoiced or customer.may_be_cut or customer.may_be_notified)


def test_a_position_is_read_from_a_map_link(owner: Client, page: dict[str, Any]) -> None:
    owner.post(NEW, page | {"position": "https://www.google.com/maps/@19.4326,-99.1332,15z"})
    customer = Customer.objects.get()
    assert (str(customer.latitude), str(customer.longitude)) == ("19.432600", "-99.133200")


def test_only_those_who_may_register_see_the_page(client_as: ClientAs) -> None:
    assert client_as("cashier").get(NEW).status_code == 403
    assert client_as("seller").get(NEW).status_code == 200

"""Rename, the switches with what they do, and the portal's password: from the customer's page."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Contact, Customer, OwnCalendar, Service, Zone
from caudal.apps.desk.tests.many import person
from caudal.apps.network.models import Router
from caudal.apps.staff.models import JournalEntry

ON = {"is_invoiced": "on", "may_be_cut": "on", "may_be_notified": "on"}


@pytest.fixture
def client(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def test_a_rename_reaches_the_router_and_is_told_in_the_journal(
    client: Client, zone: Zone, plan: Plan, router: Router, now: datetime
) -> None:
    who = person(1, zone, plan, router, now)
    before = Service.objects.get(customer=who).revision
    assert client.post(f"/customers/{who.pk}/rename/", {"name": "Ana Ruiz"}).status_code == 302
    assert Service.objects.get(customer=who).revision == before + 1
    entry = JournalEntry.objects.filter(customer_id=who.pk, verb="customer.edit").latest("id")
    assert (entry.before["name"], entry.after["name"]) == (who.name, "Ana Ruiz")
    assert "name" in client.post(f"/customers/{who.pk}/rename/", {}).context["form"].errors


def test_a_natural_person_is_renamed_by_his_four_names(client: Client, customer: Customer) -> None:
    Customer.objects.update(person_kind="natural")
    where = f"/customers/{customer.pk}/rename/"
    assert "name" not in client.get(where).context["form"].fields
    names = {"first_name": "Ana", "first_surname": "Ruiz", "second_surname": "Paz"}
    assert client.post(where, names).status_code == 302
    customer.refresh_from_db()
    assert customer.name == "Ana Ruiz Paz"
    assert client.post(where, {"first_name": "Ana"}).status_code == 200


def test_free_switches_all_three_off_and_says_what_that_does(
    client: Client, customer: Customer, service: Service
) -> None:
    Contact.objects.create(customer=customer, kind="email", value="jose@correo.example")
    where = f"/customers/{customer.pk}/switches/"
    shown = client.post(where, {**ON, "free": "on", "preview": "1"})
    notes = shown.context["effect"].notes
    assert len(notes) == 3
    customer.refresh_from_db()
    assert customer.is_invoiced
    assert client.post(where, {**ON, "free": "on"}).status_code == 302
    customer.refresh_from_db()
    assert not (customer.is_invoiced or customer.may_be_cut or customer.may_be_notified)
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert page.count(where) >= 4  # three marks, and the menu
    assert client.post(where, ON).status_code == 302
    customer.refresh_from_db()
    assert customer.is_invoiced and customer.may_be_cut and customer.may_be_notified


def test_his_own_days_of_notices_come_in_pairs(client: Client, customer: Customer) -> None:
    where = f"/customers/{customer.pk}/switches/"
    assert client.post(where, {**ON, "notice_from_day": "1"}).context["form"].errors
    assert (
        client.post(where, {**ON, "notice_from_day": "1", "notice_to_day": "8"}).status_code == 302
    )
    customer.refresh_from_db()
    assert (customer.notice_from_day, customer.notice_to_day) == (1, 8)


def test_who_is_suspended_for_debt_stays_so_when_he_is_no_longer_to_be_cut(
    client: Client, customer: Customer, service: Service
) -> None:
    Service.objects.update(state="suspended")
    service.suspensions.create(
        reason="unpaid", opened_at=service.created_at, opened_on=service.started_on, opened_by="x"
    )
    sent = {"is_invoiced": "on", "may_be_notified": "on", "preview": "1"}
    shown = client.post(f"/customers/{customer.pk}/switches/", sent).content.decode()
    assert shown.count("<li>") >= 3


def test_recharge_is_marked_on_the_page(client: Client, customer: Customer) -> None:
    assert '/dates/" title' not in client.get(f"/customers/{customer.pk}/").content.decode()
    OwnCalendar.objects.create(customer=customer, payment_day=9, recharge=True)
    assert '/dates/" title' in client.get(f"/customers/{customer.pk}/").content.decode()


def test_the_portal_password_is_shown_once_and_kept_as_a_hash(
    client: Client, customer: Customer
) -> None:
    where = f"/customers/{customer.pk}/portal-password/"
    answer = client.post(where, {"portal_user": "jose", "password": ""})
    password = answer.context["password"]
    assert answer["Cache-Control"] == "no-store"
    customer.refresh_from_db()
    assert customer.portal_user == "jose"
    assert check_password(password, customer.portal_password)
    assert password not in client.get(where).content.decode()
    entries = JournalEntry.objects.filter(customer_id=customer.pk).values_list("after", "note")
    assert password not in str(list(entries))
    assert client.post(where, {"password": "corta"}).context["form"].errors


def test_two_customers_do_not_share_a_portal_user(
    client: Client, customer: Customer, zone: Zone, plan: Plan, router: Router, now: datetime
) -> None:
    other = person(1, zone, plan, router, now)
    Customer.objects.filter(pk=other.pk).update(portal_user="jose")
    sent = {"portal_user": "jose", "password": "una clave larga"}
    answer = client.post(f"/customers/{customer.pk}/portal-password/", sent)
    assert "portal_user" in answer.context["form"].errors
    customer.refresh_from_db()
    assert customer.portal_password == ""


@pytest.mark.parametrize("page", ["rename", "switches", "portal-password"])
def test_cashiers_change_none_of_it(
    client_as: Callable[..., Client], customer: Customer, page: str
) -> None:
    assert client_as("cashier").post(f"/customers/{customer.pk}/{page}/").status_code == 403

"""Merging by screen and API."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.life import Life
from caudal.apps.billing.tests.world import d
from caudal.apps.customers.models import Customer


@pytest.fixture
def life(db: None) -> Life:
    return Life()


@pytest.fixture
def customer(life: Life) -> Customer:
    customer = life.customer()
    life.create(d(6, 28))
    life.create(d(7, 28))
    return customer


def test_a_customers_invoices_are_merged_and_come_apart(
    life: Life, customer: Customer, client_as: Callable[[str], Client]
) -> None:
    owner = client_as("owner")
    page = owner.get(f"/billing/customers/{customer.pk}/merge/")
    assert page.status_code == 200
    chosen = [row.pk for row in life.invoices(customer)]
    answer = owner.post(f"/billing/customers/{customer.pk}/merge/", {"invoices": chosen})
    merged = Invoice.objects.get(origin="merge")
    assert answer.headers["Location"] == f"/billing/invoices/{merged.pk}/"
    shown = owner.get(f"/billing/invoices/{merged.pk}/").content.decode()
    assert all(row.label in shown for row in merged.merged_from.all())
    assert owner.get(f"/billing/invoices/{chosen[0]}/").status_code == 200
    owner.post(f"/billing/invoices/{merged.pk}/unmerge/")
    assert Invoice.objects.unpaid().count() == 2


def test_one_invoice_alone_is_refused_in_words(
    life: Life, customer: Customer, client_as: Callable[[str], Client]
) -> None:
    owner, (june, _) = client_as("owner"), life.invoices(customer)
    answer = owner.post(f"/billing/customers/{customer.pk}/merge/", {"invoices": [june.pk]})
    assert answer.status_code == 200
    assert not Invoice.objects.filter(origin="merge").exists()


def test_the_api_merges_and_undoes(
    life: Life, customer: Customer, client_as: Callable[[str], Client]
) -> None:
    owner = client_as("owner")
    chosen = [row.pk for row in life.invoices(customer)]
    made = owner.post(
        "/api/v1/invoices/merge/", {"invoices": chosen}, content_type="application/json"
    )
    assert made.status_code == 201
    assert Decimal(made.json()["remaining"]) == Decimal("600.00")
    assert sorted(made.json()["merged_from"]) == sorted(chosen)
    back = owner.post(f"/api/v1/invoices/{made.json()['id']}/unmerge/")
    assert {row["state"] for row in back.json()} == {"open"}
    again = owner.post(f"/api/v1/invoices/{made.json()['id']}/unmerge/")
    assert again.status_code == 400


def test_who_owes_one_invoice_is_told_that_there_is_nothing_to_merge(
    life: Life, client_as: Callable[[str], Client]
) -> None:
    customer = life.customer()
    life.create(d(6, 28))
    address = f"/billing/customers/{customer.pk}/merge/"
    page = client_as("owner").get(address)
    assert page.status_code == 200
    assert "<form" not in page.content.decode().partition("<main")[2].partition("</main>")[0]
    assert not Invoice.objects.filter(origin="merge").exists()

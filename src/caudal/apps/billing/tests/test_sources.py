"""MW-17, MW-21: each setting says whether it is his own, his zone's or his company's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from caudal.apps.billing.sources import Setting, Source, settings_of
from caudal.apps.billing.tests.world import World, calendar_numbers
from caudal.apps.customers.models import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def shown(customer: Customer) -> dict[str, Setting]:
    with translation.override("en"):
        rows = settings_of(
            Customer.objects.select_related("zone", "company__rules").get(pk=customer.pk)
        )
        return {row.label: row for row in rows}


def test_a_plain_customer_has_nothing_of_his_own(world: World) -> None:
    found = shown(world.customer())
    assert {row.source for row in found.values()} == {Source.ZONE, Source.COMPANY}
    assert found["payment day"].source is Source.ZONE
    assert found["Taxes"].source is Source.COMPANY


def test_what_is_his_own_says_so(world: World) -> None:
    customer = world.customer(own=calendar_numbers(9, 15, 20, 11) | {"recharge": True})
    Customer.objects.filter(pk=customer.pk).update(
        tax_mode="included", late_fee_applies=False, notice_from_day=3
    )
    found = shown(customer)
    own = {label for label, row in found.items() if row.source is Source.OWN}
    assert own == {
        "payment", "payment day", "invoice is created", "cut", "cut after so many unpaid invoices",
        "Recharge", "Taxes", "Late fee", "Notice is given", "Days of notices",
    }  # fmt: skip
    assert found["payment day"].value == "15"
    assert found["invoice is created"].value == "day 9 of the month"
    assert found["Late fee"].value == "No"
    assert found["Days of notices"].value == "from day 3 to day 10 of the month"


def test_the_panel_takes_few_queries_and_nobody_sees_it_unknown(
    world: World, client_as: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    address = reverse("billing:customer-settings", args=[world.customer().pk])
    manager = client_as("manager")
    with django_assert_max_num_queries(6):
        page = manager.get(address)
    assert page.status_code == 200
    assert Client().get(address).status_code == 302

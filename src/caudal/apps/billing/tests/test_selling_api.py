"""The API of products, discounts, waiting items and fixed dates."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from caudal.apps.billing.actions import leave_item
from caudal.apps.billing.tests.world import CLERK, World, at, d
from caudal.apps.clock.now import now
from caudal.apps.customers.models import Customer
from caudal.apps.staff.actions import create_token
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User

API = "/api/v1"


@pytest.fixture
def customer(world: World, now: datetime) -> Customer:
    return world.customer()


@pytest.fixture
def owner(user_with_role: Callable[..., User]) -> APIClient:
    return api(user_with_role("owner"))


def api(user: User) -> APIClient:
    _row, text = create_token(
        actor=Actor.person(user), now=now(), user=user, name="t", verbs=list(user.role.verbs),
        expires_at=None,
    )  # fmt: skip
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def test_a_product_is_sold_ended_and_cancelled(customer: Customer, owner: APIClient) -> None:
    given = {
        "customer": customer.pk, "description": "Router", "billing": "instalments",
        "price": "1000.00", "instalments": 3,
    }  # fmt: skip
    sold = owner.post(f"{API}/customer-products/", given, format="json")
    assert sold.status_code == 201, sold.json()
    assert (sold.json()["rest"], sold.json()["billed"]) == ("1000.00", 0)
    where = f"{API}/customer-products/{sold.json()['id']}/"
    ended = owner.post(f"{where}end/", {"ends": "2026-12-28"}, format="json").json()
    assert ended["ends"] == "2026-12-28"
    mine = customer.services.get().pk
    assert owner.post(f"{where}move/", {"service": mine}, format="json").json()["service"] == mine
    assert owner.post(f"{where}move/", {"service": None}, format="json").json()["service"] is None
    assert owner.post(f"{where}cancel/").json()["cancelled_at"] is not None
    found = owner.get(f"{API}/customer-products/?customer={customer.pk}").json()
    assert len(found["results"]) == 1


def test_refusals_carry_a_code_or_name_the_field(
    world: World, customer: Customer, owner: APIClient
) -> None:
    def post(path: str, **given: object) -> dict[str, object]:
        sent = {"customer": customer.pk, **given}
        answer = owner.post(f"{API}/{path}/", sent, format="json")
        assert answer.status_code == 400
        found: dict[str, object] = answer.json()
        return found

    assert post("customer-products", billing="once")["code"] == "product-without-name"
    assert "instalments" in post(
        "customer-products", billing="instalments", description="x", instalments=25
    )
    assert post("discounts", description="x")["code"] == "discount-percent-or-amount"
    assert post("fixed-dates", on="2020-01-01")["code"] == "date-in-the-past"
    other = world.customer().services.get()
    assert "service" in post("discounts", description="x", percent="5", service=other.pk)
    sold = {"customer": customer.pk, "billing": "once", "description": "x", "price": "1"}
    made = owner.post(f"{API}/customer-products/", sold, format="json").json()
    assert post(f"customer-products/{made['id']}/move", service=other.pk)["code"] == (
        "service-of-another"
    )


def test_a_discount_an_item_and_a_fixed_date(customer: Customer, owner: APIClient) -> None:
    given = {"customer": customer.pk, "description": "Promo", "percent": "10", "months": 2}
    made = owner.post(f"{API}/discounts/", given, format="json").json()
    assert owner.post(f"{API}/discounts/{made['id']}/cancel/").json()["cancelled_at"]
    item = leave_item(
        actor=CLERK, now=at(d(6, 1)), customer=customer, amount=Decimal("-5.00"),
        currency="MXN", on=d(6, 1), description="x",
    )  # fmt: skip
    assert owner.get(f"{API}/pending-items/").json()["results"][0]["amount"] == "-5.00"
    assert owner.post(f"{API}/pending-items/{item.pk}/cancel/").json()["cancelled_at"]
    sent = {"customer": customer.pk, "on": "2030-01-10"}
    fixed = owner.post(f"{API}/fixed-dates/", sent, format="json")
    assert fixed.status_code == 201, fixed.json()
    assert owner.delete(f"{API}/fixed-dates/{fixed.json()['id']}/").status_code == 204


def test_other_peoples_customers_are_not_there(
    customer: Customer, user_with_role: Callable[..., User], owner: APIClient
) -> None:
    given = {"customer": customer.pk, "description": "TV", "price": "10", "billing": "once"}
    owner.post(f"{API}/customer-products/", given, format="json")
    collector = api(user_with_role("collector"))
    assert collector.get(f"{API}/customer-products/").json()["results"] == []
    assert collector.post(f"{API}/customer-products/", given, format="json").status_code == 403

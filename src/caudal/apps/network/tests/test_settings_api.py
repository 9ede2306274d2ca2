"""Routers, pools and sites written over the API, as their forms write them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from caudal.apps.customers.models import Zone
from caudal.apps.network.models import Pool, Router, Site
from caudal.apps.staff.models import JournalEntry

pytestmark = pytest.mark.django_db
Browsers = Callable[..., Client]
JSON = "application/json"
AT = "/api/v1/"
ROUTER = {
    "name": "RB Sur", "driver": "routeros", "host": "10.9.9.1", "port": 8728, "username": "caudal",
    "password": "secreta", "blocked_list": "morosos", "alarm_after_hours": 2, "is_active": True,
}  # fmt: skip


def test_a_router_is_added_and_changed_and_its_password_never_told(
    client_as: Browsers, zone: Zone
) -> None:
    owner = client_as("owner")
    made = owner.post(f"{AT}routers/", ROUTER | {"zones": [zone.pk]}, JSON)
    assert made.status_code == 201, made.content
    assert "password" not in made.json() and made.json()["zones"] == [zone.pk]
    one = f"{AT}routers/{made.json()['id']}/"
    changed = owner.patch(one, {"host": "10.9.9.2"}, JSON)
    assert changed.status_code == 200, changed.content
    row = Router.objects.get(name="RB Sur")
    assert (row.host, row.password, row.username) == ("10.9.9.2", "secreta", "caudal")
    assert [each.pk for each in row.zones.all()] == [zone.pk]
    assert not any("secreta" in str(each.after) for each in JournalEntry.objects.all())


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"host": "http://10.9.9.1/"}, "host"),
        ({"driver": "cisco"}, "driver"),
        ({"username": ""}, "username"),
        ({"port": "x"}, "port"),
        ({"zones": [999]}, "zones"),
        ({"name": None}, "name"),
        ({"driver": "radius", "host": "rb.example"}, "host"),
    ],
)
def test_what_the_form_refuses_the_api_refuses(
    client_as: Browsers, wrong: dict[str, Any], where: str
) -> None:
    answer = client_as("owner").post(f"{AT}routers/", ROUTER | wrong, JSON)
    assert answer.status_code == 400 and where in answer.json(), answer.content
    assert not Router.objects.filter(name="RB Sur").exists()


def test_a_name_is_used_once(client_as: Browsers, router: Router) -> None:
    answer = client_as("owner").post(f"{AT}routers/", ROUTER | {"name": router.name}, JSON)
    assert answer.status_code == 400 and "name" in answer.json()


def test_who_applies_changes_does_not_configure(client_as: Browsers, router: Router) -> None:
    support = client_as("support")
    for method, at in (("post", "routers/"), ("patch", f"routers/{router.pk}/")):
        assert getattr(support, method)(f"{AT}{at}", ROUTER, JSON).status_code == 403
    assert client_as("cashier").post(f"{AT}sites/", {"name": "Cerro"}, JSON).status_code == 403


def test_pools_and_sites_are_added_and_changed(client_as: Browsers, router: Router) -> None:
    owner = client_as("owner")
    sent = {"router": router.pk, "name": "Casas", "network": "10.44.0.0/24", "gateway": "10.44.0.1"}
    made = owner.post(f"{AT}address-pools/", sent, JSON)
    assert made.status_code == 201, made.content
    one = f"{AT}address-pools/{made.json()['id']}/"
    assert owner.patch(one, {"gateway": "10.45.0.1"}, JSON).status_code == 400
    assert owner.patch(one, {"name": "Casas norte"}, JSON).json()["network"] == "10.44.0.0/24"
    assert Pool.objects.get(pk=made.json()["id"]).name == "Casas norte"
    site = owner.post(
        f"{AT}sites/", {"name": "Cerro", "latitude": "19.4", "longitude": "-99.1"}, JSON
    )
    assert site.status_code == 201, site.content
    at = f"{AT}sites/{site.json()['id']}/"
    assert owner.patch(at, {"latitude": "95"}, JSON).status_code == 400
    assert owner.patch(at, {"contact": "Don Pepe"}, JSON).json()["contact"] == "Don Pepe"
    assert Site.objects.get(name="Cerro").contact == "Don Pepe"
    assert owner.post(f"{AT}sites/", [1], JSON).status_code == 400

"""Blocks, pools and who had an address, over the API."""

from collections.abc import Callable

from django.test import Client

from caudal.apps.network.models import AddressBlock, Pool
from caudal.apps.network.tests.conftest import Subscribe

ClientAs = Callable[..., Client]
JSON = "application/json"


def test_blocks_are_kept_over_the_api_by_the_same_rules(owner: Client, db: None) -> None:
    values = {"name": "Norte", "network": "10.20.0.0/16", "gateway": "10.21.0.1"}
    answer = owner.post("/api/v1/address-blocks/", values, content_type=JSON)
    assert answer.status_code == 400 and answer.json()["code"] == "outside-network"
    right = values | {"gateway": "10.20.0.1"}
    answer = owner.post("/api/v1/address-blocks/", right, content_type=JSON)
    assert answer.status_code == 201
    address = f"/api/v1/address-blocks/{answer.json()['id']}/"
    changed = owner.patch(address, {"name": "Sur"}, content_type=JSON)
    assert changed.json()["name"] == "Sur"
    assert owner.delete(address).status_code == 204 and not AddressBlock.objects.exists()


def test_free_addresses_say_whether_the_router_was_asked(owner: Client, pool: Pool) -> None:
    address = f"/api/v1/address-pools/{pool.pk}/free/"
    plain = owner.get(address).json()
    assert plain["addresses"][0]["address"] == "10.20.0.2" and not plain["checked"]
    asked = owner.get(address, {"check": "1"}).json()
    assert not asked["checked"] and asked["error"], "this kind of router cannot look"


def test_who_had_an_address_then(owner: Client, subscribe: Subscribe) -> None:
    row = subscribe("Ana", address="10.0.0.5")
    (found,) = owner.get("/api/v1/address-uses/", {"q": "10.0.0.5"}).json()["results"]
    assert found["customer"] == row.service.customer_id and found["until"] is None
    none = owner.get("/api/v1/address-uses/", {"q": "10.0.0.5", "at": "2020-01-01T10:00"}).json()
    assert none["results"] == []
    assert owner.get("/api/v1/address-uses/", {"at": "ayer"}).status_code == 400


def test_a_cashier_may_not(client_as: ClientAs, db: None) -> None:
    assert client_as("cashier").get("/api/v1/address-blocks/").status_code == 403

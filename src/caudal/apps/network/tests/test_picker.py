"""Free addresses are looked for on the router before they are offered."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.network.tests.test_practice import reached_at
from caudal.apps.network.tools.picking import OFFERED, offers
from caudal.practice.routeros import V6, V7_NEW, PracticeRouter

ClientAs = Callable[..., Client]
Subscribe = Callable[..., Connection]


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(params=[V6, V7_NEW])
def practice(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    with PracticeRouter(request.param) as found:
        yield found


@pytest.fixture
def router(db: None, practice: PracticeRouter) -> Router:
    return reached_at(practice)


@pytest.fixture
def pool(router: Router) -> Pool:
    return Pool.objects.create(
        router=router, name="Centro", network="10.20.0.0/24", gateway="10.20.0.1"
    )


def test_addresses_that_somebody_uses_are_offered_last_and_say_why(
    router: Router, pool: Pool, practice: PracticeRouter, subscribe: Subscribe
) -> None:
    subscribe("Ana", pool=pool, address="10.20.0.2")
    practice.plug("vecino", address="10.20.0.3", way="static")
    practice.put(
        "/ip/arp", address="10.20.0.4", mac_address="AA:BB:CC:00:00:04", interface="ether2"
    )
    practice.put("/ip/dhcp-server/lease", address="10.20.0.5", mac_address="AA:BB:CC:00:00:05")
    found = offers(router, [pool], check=True)
    assert found.checked and not found.error and len(found.offers) == OFFERED
    by_address = {offer.address: offer for offer in found.offers}
    assert "10.20.0.2" not in by_address, "rows hold it"
    assert by_address["10.20.0.3"].answers
    assert by_address["10.20.0.4"].neighbour.interface == "ether2"  # type: ignore[union-attr]
    assert by_address["10.20.0.5"].lease is not None
    assert found.offers[0].address == "10.20.0.6" and not found.offers[0].looks_used
    assert {offer.address for offer in found.offers[-3:]} == {f"10.20.0.{n}" for n in (3, 4, 5)}


def test_a_silent_router_leaves_what_the_rows_tell_and_says_so(
    router: Router, pool: Pool, practice: PracticeRouter
) -> None:
    practice.power_off()
    found = offers(router, [pool], check=True)
    assert not found.checked and "listens" in found.error
    assert found.offers[0].address == "10.20.0.2"


def test_a_full_pool_offers_nothing_and_asks_nobody(router: Router) -> None:
    full = Pool.objects.create(
        router=router, name="Lleno", network="10.9.0.0/30", gateway="10.9.0.1"
    )
    full.excluded = "10.9.0.2"
    assert offers(router, [full], check=True).offers == []


def test_overlapping_pools_offer_an_address_once(router: Router, pool: Pool) -> None:
    twin = Pool.objects.create(router=router, name="Otro", network="10.20.0.0/24")
    found = [offer.address for offer in offers(router, [pool, twin], check=False).offers]
    assert len(found) == len(set(found)) == OFFERED


def test_the_picker_shows_what_was_seen_and_fills_the_field(
    client_as: ClientAs, router: Router, pool: Pool, practice: PracticeRouter
) -> None:
    practice.plug("vecino", address="10.20.0.3", way="static")

    def text(client: Client, **query: object) -> str:
        response = client.get(reverse("network:pick_address"), query)
        assert response.status_code == 200
        return response.content.decode()

    owner = client_as("owner")
    page = text(owner, pool=pool.pk)
    assert "answers to ping" in page and "nobody there" in page
    assert 'data-pick="10.20.0.2"' in page and 'data-into="#id_address"' in page
    assert 'data-into="#id_ip_address"' in text(owner, router=router.pk, into="id_ip_address")
    assert 'data-into="#id_address"' in text(owner, at=router.pk, into="password")
    assert "Choose a router" in text(owner) and "Choose a router" in text(owner, pool="x")
    assert "answers to ping" not in text(client_as("cashier"), pool=pool.pk)
    Pool.objects.all().delete()
    assert "has no address pools" in text(owner, router=router.pk)


def test_forms_of_connections_offer_the_picker(
    client_as: ClientAs, pool: Pool, subscribe: Subscribe
) -> None:
    row = subscribe("Ana", pool=pool)
    for name in ("edit_connection", "move"):
        page = client_as("owner").get(reverse(f"network:{name}", args=[row.pk])).content.decode()
        assert reverse("network:pick_address") in page and "caudal/tools" in page

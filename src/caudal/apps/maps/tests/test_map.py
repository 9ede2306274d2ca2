"""The map: who stands on it, in which colour, for whom, and what a chosen pin tells."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer
from caudal.apps.maps import reads
from caudal.apps.maps.tests.conftest import OAXACA, TEST, Town
from caudal.apps.monitoring.models import CheckTemplate, Device
from caudal.apps.network.models import Site
from caudal.apps.staff.models import JournalEntry, Role, User
from caudal.core.areas import read_area
from caudal.web.tiles import image_sources

ClientAs = Callable[..., Client]
WORLD = "-180,-85,180,85"


def pins(client: Client, view: str = WORLD, **query: Any) -> dict[int, int]:
    """Customer -> number of his state, of everybody drawn one by one."""
    answer = client.get(reverse("maps:points"), {"view": view, "zoom": 12, **query})
    flat = answer.json()["pins"]
    return {flat[at]: flat[at + 3] for at in range(0, len(flat), 4)}


def test_every_state_has_a_pin_of_its_own(town: Town, client_as: ClientAs) -> None:
    active, cut, held = (town.customer(name) for name in ("Ana", "Beto", "Caro"))
    both, gone = town.customer("Dora"), town.customer("Eva")
    bare = town.customer("Flor", served=False)
    town.suspend(cut, "unpaid")
    town.suspend(held, "hold")
    for reason in ("manual", "unpaid"):
        town.suspend(both, reason)
    actions.cancel(
        actor=TEST, now=town.now, service=gone.services.get(), last_day=town.now.date(), reason=""
    )
    expected = {active: reads.ACTIVE, cut: reads.CUT, held: reads.HELD, both: reads.CUT,
                gone: reads.NONE, bare: reads.NONE}  # fmt: skip
    assert pins(client_as("owner")) == {who.pk: state for who, state in expected.items()}


def test_of_several_services_the_one_that_asks_most_gives_the_colour(
    town: Town, client_as: ClientAs
) -> None:
    ana = town.customer("Ana")
    second = actions.add_service(
        actor=TEST, now=town.now, customer=ana, plan=town.plan, started_on=town.now.date()
    )
    actions.suspend(
        actor=TEST, now=town.now, today=town.now.date(), service=second, reason="unpaid"
    )
    assert pins(client_as("owner")) == {ana.pk: reads.CUT}


def test_the_map_takes_the_filters_and_the_search_of_the_list(
    town: Town, client_as: ClientAs
) -> None:
    ana, beto = town.customer("Ana"), town.customer("Beto")
    town.customer("Zoe", placed=False)
    town.suspend(beto, "unpaid")
    client = client_as("owner")
    assert pins(client, state="suspended").keys() == {beto.pk}
    assert pins(client, q="ana").keys() == {ana.pk}
    page = client.get(reverse("maps:chart"), {"state": "suspended", "q": "beto"}).content.decode()
    assert 'name="state" value="suspended"' in page
    assert f"{reverse('desk:customers')}?state=suspended&amp;q=beto" in page


def test_only_what_is_in_view_is_sent_and_the_list_can_be_narrowed_to_it(
    town: Town, client_as: ClientAs
) -> None:
    near = town.customer("Ana")
    far = town.customer("Lejos", latitude=Decimal("19.43"), longitude=Decimal("-99.13"))
    Customer.objects.filter(pk=far.pk).update(latitude="19.43", longitude="-99.13")
    client, view = client_as("owner"), "-96.8,17.0,-96.6,17.1"
    assert pins(client, view).keys() == {near.pk}
    page = client.get(reverse("desk:customers"), {"area": view, "list": "1"}).content.decode()
    assert "Ana" in page and "Lejos" not in page
    listed = client.get(reverse("maps:here"), {"view": view}).content.decode()
    assert "Ana" in listed and "Lejos" not in listed
    assert "area=-96.8" in listed


@pytest.mark.parametrize("view", ["", "x", "1,2,3", "10,0,-10,5", "nan,0,1,1", "1e999,0,1,1"])
def test_a_view_that_is_none_shows_nobody(town: Town, client_as: ClientAs, view: str) -> None:
    town.customer("Ana")
    assert pins(client_as("owner"), view) == {}


def test_many_are_counted_by_cell_with_their_states(
    town: Town, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "MOST_PINS", 3)
    people = [town.customer(f"Cliente {n}") for n in range(6)]
    town.suspend(people[0], "unpaid")
    far = town.customer("Lejos")
    Customer.objects.filter(pk=far.pk).update(latitude="19.43", longitude="-99.13")
    client = client_as("owner")
    answer = client.get(reverse("maps:points"), {"view": WORLD, "zoom": 8}).json()
    by_size = sorted(answer["cells"], key=lambda cell: sum(cell[2]))
    alone, many = by_size
    assert (alone[3], sum(alone[2])) == (far.pk, 1)
    assert (many[2][reads.CUT], many[2][reads.ACTIVE], many[3]) == (1, 5, 0)
    assert abs(many[0] - 17.06) < 0.001
    closer = client.get(reverse("maps:points"), {"view": WORLD, "zoom": 19}).json()
    assert len(closer["cells"]) == 7
    assert all(cell[3] for cell in closer["cells"])


def test_a_collector_sees_only_his_own_customers(
    town: Town, client_as: ClientAs, user_with_role: Callable[..., User]
) -> None:
    mine = town.customer("Mía", collector=user_with_role("collector"))
    other = town.customer("Ajena")
    client = client_as("collector")
    Role.objects.filter(code="collector").update(only_own_customers=True)
    assert pins(client).keys() == {mine.pk}
    assert "Ajena" not in client.get(reverse("maps:here"), {"view": WORLD}).content.decode()
    assert client.get(reverse("maps:customer", args=[other.pk])).status_code == 404
    page = client.get(reverse("maps:chart")).content.decode()
    assert page.count("<strong>1</strong>") == 1


def test_who_has_no_position_is_counted_with_a_way_to_him(town: Town, client_as: ClientAs) -> None:
    town.customer("Ana")
    town.customer("Beto", placed=False)
    client = client_as("owner")
    page = client.get(reverse("maps:chart"), {"zone": town.zone.pk}).content.decode()
    assert f"?zone={town.zone.pk}&amp;position=no" in page
    query = {"zone": town.zone.pk, "position": "no", "list": "1"}
    listed = client.get(reverse("desk:customers"), query).content.decode()
    assert "Beto" in listed and "Ana" not in listed


def test_a_card_tells_router_emitter_and_site_and_leads_there(
    town: Town, client_as: ClientAs
) -> None:
    ana = town.customer("Ana")
    card = client_as("owner").get(reverse("maps:customer", args=[ana.pk])).content.decode()
    assert "RB Cerro" in card and "Cerro" in card and "Hogar" in card
    assert "destination=17.060000,-96.720000" in card
    assert 'data-line="17.060000, -96.720000; 17.060000, -96.720000"' in card


def test_a_pin_is_put_elsewhere_and_back(town: Town, client_as: ClientAs) -> None:
    ana = town.customer("Ana")
    client, url = client_as("owner"), reverse("maps:place_customer", args=[ana.pk])
    card = client.post(url, {"place": "17.1, -96.7"}).content.decode()
    ana.refresh_from_db()
    assert (ana.latitude, ana.longitude) == (Decimal("17.1"), Decimal("-96.7"))
    assert 'name="back_from" value="17.100000, -96.700000"' in card
    client.post(url, {"place": "17.060000, -96.720000", "back_from": "17.100000, -96.700000"})
    ana.refresh_from_db()
    assert (ana.latitude, ana.longitude) == OAXACA
    assert JournalEntry.objects.filter(verb="customer.place", customer_id=ana.pk).count() == 2


def test_going_back_leaves_a_pin_alone_that_somebody_else_has_moved(
    town: Town, client_as: ClientAs
) -> None:
    ana = town.customer("Ana")
    url = reverse("maps:place_customer", args=[ana.pk])
    page = client_as("owner").post(url, {"place": "17.0, -96.0", "back_from": "10.0, 10.0"})
    ana.refresh_from_db()
    assert (ana.latitude, ana.longitude) == OAXACA
    assert 'role="alert"' in page.content.decode()


@pytest.mark.parametrize("text", ["", "nowhere", "95, 10", "17.1"])
def test_what_is_no_position_moves_nobody(town: Town, client_as: ClientAs, text: str) -> None:
    ana = town.customer("Ana")
    url = reverse("maps:place_customer", args=[ana.pk])
    page = client_as("owner").post(url, {"place": text}).content.decode()
    ana.refresh_from_db()
    assert (ana.latitude, ana.longitude) == OAXACA
    assert 'role="alert"' in page


def test_who_may_not_edit_moves_nothing(town: Town, client_as: ClientAs) -> None:
    ana = town.customer("Ana")
    for role, url in (("cashier", "place_customer"), ("seller", "place_site")):
        pk = ana.pk if url == "place_customer" else town.site.pk
        answer = client_as(role).post(reverse(f"maps:{url}", args=[pk]), {"place": "1, 1"})
        assert answer.status_code == 403
    assert "data-place-form" not in (
        client_as("cashier").get(reverse("maps:customer", args=[ana.pk])).content.decode()
    )


def test_a_site_is_put_elsewhere_and_lines_lead_to_its_customers(
    town: Town, client_as: ClientAs
) -> None:
    town.customer("Ana")
    town.customer("Sin servicio", served=False)
    client = client_as("owner")
    client.post(reverse("maps:place_site", args=[town.site.pk]), {"place": "17.2, -96.9"})
    assert Site.objects.get().latitude == Decimal("17.2")
    lines = client.get(reverse("maps:lines", args=[town.router.pk])).json()
    assert lines == {"from": [17.2, -96.9], "to": [[17.06, -96.72]]}


def test_sites_hang_from_one_another_on_the_map(town: Town, client_as: ClientAs) -> None:
    far = Site.objects.create(name="Loma", latitude="17.2", longitude="-96.9")
    checks = CheckTemplate.objects.create(name="Normal")
    above = Device.objects.create(
        name="PtP Cerro", address="10.0.0.1", site=town.site, template=checks
    )
    Device.objects.create(
        name="PtP Loma", address="10.0.0.2", site=far, parent=above, template=checks, health="down"
    )
    features = client_as("owner").get(reverse("monitoring:map")).json()["features"]
    lines = [each for each in features if each["geometry"]["type"] == "LineString"]
    assert [line["geometry"]["coordinates"] for line in lines] == [[[-96.72, 17.06], [-96.9, 17.2]]]
    assert lines[0]["properties"]["state"] == "down"


def test_screens_cost_as_many_queries_for_many_as_for_one(town: Town, client_as: ClientAs) -> None:
    client = client_as("owner")
    ana = town.customer("Ana")
    urls = [
        reverse("maps:chart"), f"{reverse('maps:points')}?view={WORLD}",
        f"{reverse('maps:here')}?view={WORLD}", reverse("maps:customer", args=[ana.pk]),
        reverse("maps:site", args=[town.site.pk]), reverse("maps:lines", args=[town.router.pk]),
    ]  # fmt: skip

    def counts() -> list[int]:
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            found.append(len(captured))
        return found

    counts()
    few = counts()
    for n in range(5):
        town.customer(f"Cliente {n}")
    assert counts() == few


def test_an_area_is_read_and_cut_to_the_world() -> None:
    area = read_area("-400,-95,400,95")
    assert area is not None
    assert (area.west, area.south, area.east, area.north) == (-180, -90, 180, 90)


def test_the_api_answers_geojson_within_the_scope_of_its_user(
    town: Town, client_as: ClientAs, user_with_role: Callable[..., User]
) -> None:
    mine = town.customer("Mía", collector=user_with_role("collector"))
    town.customer("Ajena")
    town.suspend(mine, "unpaid")
    Role.objects.filter(code="collector").update(only_own_customers=True)
    answer = client_as("collector").get("/api/v1/customer-map/", {"state": "suspended"}).json()
    assert answer == {
        "type": "FeatureCollection",
        "complete": True,
        "features": [
            {
                "type": "Feature",
                "id": mine.pk,
                "geometry": {"type": "Point", "coordinates": [-96.72, 17.06]},
                "properties": {
                    "code": mine.code, "name": "Mía", "zone": town.zone.pk, "state": "cut",
                },
            }
        ],
    }  # fmt: skip
    assert len(client_as("owner").get("/api/v1/customer-map/").json()["features"]) == 2
    assert client_as("owner").get("/api/v1/customer-map/", {"area": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("tiles", "sources"),
    [
        ("", []),
        ("/tiles/{z}/{x}/{y}.png", []),
        ("https://tile.example/{z}/{x}/{y}.png", ["https://tile.example"]),
        ("https://{s}.tile.example:8443/a/{z}/{x}/{y}.png", ["https://*.tile.example:8443"]),
        ("https://t{s}.tile.example/{z}/{x}/{y}.png", ["https://*.tile.example"]),
        ("javascript:alert(1)", []),
    ],
)
def test_pages_may_load_pictures_from_the_tiles_of_the_setting_alone(
    tiles: str, sources: list[str]
) -> None:
    assert image_sources(tiles) == sources

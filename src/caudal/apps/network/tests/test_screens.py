"""Every screen of the room opens, tells the truth and lets only the right people act."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Zone
from caudal.apps.network import actions
from caudal.apps.network.jobs import reconcile_routers
from caudal.apps.network.models import Connection, Pool, Router, Site
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, fresh, suspend
from caudal.core.access import Kind, Row
from caudal.integrations.access.memory import MemoryRouter
from caudal.practice.routeros import V7, PracticeRouter

ClientAs = Callable[..., Client]
SOON = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def english(settings: object) -> None:
    """Texts are looked for in English, whatever the catalogue says today."""
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the screens stands at the tests' instant."""
    for room in ("routers", "parts", "acts", "addresses", "connections", "dashboard", "zones"):
        monkeypatch.setattr(f"caudal.apps.network.views.{room}.now", lambda: SOON, raising=False)
        monkeypatch.setattr(
            f"caudal.apps.network.views.{room}.today", lambda zone="": SOON.date(), raising=False
        )


def text_of(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"network:{name}", args=args), query)
    assert response.status_code == 200, name
    return response.content.decode()


def test_all_screens_open_while_empty(owner: Client) -> None:
    for name in ("routers", "zones", "pools", "sites", "health", "waiting"):
        assert text_of(owner, name)
    for name in ("new_router", "new_zone", "new_pool", "new_site"):
        assert "<form" in text_of(owner, name)


def test_router_page_tells_what_is_wanted_and_what_was_seen(
    owner: Client, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    box.put(Row(Kind.ACCOUNT, "casa", {"password": "suya"}, "a mano"))
    subscribe("Ana Ruiz", address="10.0.0.5")
    subscribe("Beto Díaz", username="casa")
    reconcile(router, NOW)
    page = text_of(owner, "router", router.pk)
    assert "In service" not in page and router.name in page
    assert "In service" in text_of(owner, "state", router.pk)
    services = text_of(owner, "services", router.pk)
    assert "Ana Ruiz" in services and "On the router" in services
    assert "made by hand" in services, "the conflict is said in words"
    assert "Beto" not in text_of(owner, "services", router.pk, q="ana", part="1")
    assert "Ana" not in text_of(owner, "services", router.pk, show="drift", part="1")
    findings = text_of(owner, "findings", router.pk)
    assert "casa" in findings and "a mano" in findings
    done = router.passes.get()
    assert "Applied" in text_of(owner, "passes", router.pk) or done.outcome == "drift"
    assert "10.0.0.5" in text_of(owner, "pass", done.pk)


def test_no_screen_shows_a_password(
    owner: Client, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe(address="10.0.0.5", password="muysecreta")
    Router.objects.update(password="delrouter")
    dry = reconcile(router, NOW, dry_run=True)
    done = reconcile(router, NOW)
    pages = [
        text_of(owner, "router", router.pk),
        text_of(owner, "edit_router", router.pk),
        text_of(owner, "services", router.pk),
        text_of(owner, "pass", dry.pk),
        text_of(owner, "pass", done.pk),
        text_of(owner, "edit_connection", connection.pk),
        text_of(owner, "proof", connection.service.customer_id),
    ]
    assert not any("muysecreta" in page or "delrouter" in page for page in pages)
    assert "muysecreta" in text_of(owner, "password", connection.pk)


def test_password_is_only_for_who_may_see_secrets(
    client_as: ClientAs, subscribe: Subscribe
) -> None:
    connection = subscribe()
    url = reverse("network:password", args=[connection.pk])
    assert client_as("support").get(url).status_code == 403
    assert client_as("technician").get(url).status_code == 200


def test_sessions_are_listed_and_found(
    owner: Client, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe("Ana Ruiz", address="10.0.0.5")
    reconcile(router, NOW)
    box.dial(connection.username, address="10.0.0.5", speed="2000000/10000000")
    box.dial("vecino", address="10.9.9.9")
    reconcile(router, NOW)
    page = text_of(owner, "sessions", router.pk)
    assert "Ana Ruiz" in page and "vecino" in page
    assert "Ana Ruiz" not in text_of(owner, "sessions", router.pk, q="vecino", part="1")


def test_long_acts_are_left_to_the_worker(
    owner: Client, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    subscribe(address="10.0.0.5")
    owner.post(reverse("network:dry_run", args=[router.pk]))
    state = text_of(owner, "state", router.pk)
    assert "every 1s" in state and "waiting for the worker" in state
    assert not box.rows
    reconcile_routers(Run(), NOW)
    response = owner.get(reverse("network:state", args=[router.pk]), {"busy": "1"})
    assert response["HX-Trigger"] == "refresh" and "every 1s" not in response.content.decode()
    assert router.passes.filter(outcome="dry_run", requested_by="Owner").exists()


def test_brake_shows_who_and_takes_the_typed_count(
    owner: Client, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    crowd = [subscribe(f"Cliente {n}", address=f"10.0.1.{n + 1}") for n in range(21)]
    reconcile(router, NOW)
    for connection in crowd:
        suspend(connection)
    braked = reconcile(router, SOON)
    state = text_of(owner, "state", router.pk)
    assert "21 customers would be cut" in state and "Cliente 7" in state
    assert "21 cuts wait" in text_of(owner, "health")
    url = reverse("network:approve", args=[braked.pk])
    assert "another" in owner.post(url, {"count": "20"}, follow=True).content.decode()
    assert not router.passes.filter(approved_by="Owner").exists()
    owner.post(url, {"count": "21"})
    assert reconcile(router, SOON).outcome == "applied"


@pytest.mark.parametrize("act", ["apply", "freeze", "unfreeze", "accept_serial"])
def test_acts_on_routers_are_not_for_the_counter(
    client_as: ClientAs, router: Router, act: str
) -> None:
    url = reverse(f"network:{act}", args=[router.pk])
    assert client_as("cashier").post(url).status_code == 403
    assert client_as("support").post(url).status_code == 403
    assert client_as("owner").get(url).status_code == 405


def test_router_is_made_edited_and_keeps_its_password(owner: Client, zone: Zone) -> None:
    data = {
        "name": "Torre Norte",
        "driver": "routeros",
        "host": "192.0.2.7",
        "port": "8728",
        "username": "caudal",
        "password": "clave",
        "blocked_list": "morosos",
        "is_active": "on",
        "alarm_after_hours": "2",
        "zones": [zone.pk],
    }
    owner.post(reverse("network:new_router"), data)
    made = Router.objects.get()
    assert made.password == "clave" and list(made.zones.all()) == [zone]
    data |= {"password": "", "name": "Torre Sur"}
    owner.post(reverse("network:edit_router", args=[made.pk]), data)
    made.refresh_from_db()
    assert (made.name, made.password) == ("Torre Sur", "clave")


def test_address_typed_as_a_link_is_refused(owner: Client) -> None:
    response = owner.post(reverse("network:new_router"), {"host": "http://192.0.2.7/"})
    assert "only the address" in response.content.decode() and not Router.objects.exists()


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({}, "HGF09PRACT1"),
        ({"password": "otra"}, "refuses the user or the password"),
        ({"port": "1"}, "nothing listens on that port"),
        ({"tls": "on"}, "encrypted connection failed"),
        ({"host": ""}, "required"),
    ],
)
def test_form_tries_the_router_and_says_what_is_wrong(
    owner: Client, wrong: dict[str, str], said: str
) -> None:
    with PracticeRouter(V7) as practice:
        data = {
            "name": "Torre",
            "driver": "routeros",
            "host": "127.0.0.1",
            "port": str(practice.port),
            "username": "admin",
            "password": "practica",
            "blocked_list": "morosos",
            "alarm_after_hours": "2",
        } | wrong
        response = owner.post(reverse("network:try_new_router"), data)
    assert said in response.content.decode()
    assert not Router.objects.exists()


def test_pool_is_made_and_shows_who_has_what(
    owner: Client, router: Router, subscribe: Subscribe
) -> None:
    data = {"router": router.pk, "name": "Centro", "network": "10.20.0.1/24", "excluded": ""}
    response = owner.post(reverse("network:new_pool"), data)
    assert "not the network itself" in response.content.decode()
    owner.post(reverse("network:new_pool"), data | {"network": "10.20.0.0/24"})
    pool = Pool.objects.get()
    subscribe("Ana Ruiz", pool=pool)
    page = text_of(owner, "pool", pool.pk)
    assert "Ana Ruiz" in page and "1 of 254" in page
    assert "10.20.0.2" in text_of(owner, "pool_map", pool.pk)
    assert "1 of 254" in text_of(owner, "pools")


def test_picker_offers_free_addresses_of_the_chosen_pool(
    owner: Client, pool: Pool, subscribe: Subscribe
) -> None:
    subscribe(pool=pool)
    assert 'value="10.20.0.3"' in text_of(owner, "free_addresses", pool=str(pool.pk))
    assert "option" not in text_of(owner, "free_addresses", pool="")
    assert "option" not in text_of(owner, "free_addresses", pool="x")
    found = owner.get(reverse("network:free_addresses"), {"pool": pool.pk, "as": "json"}).json()
    assert found["addresses"][0] == "10.20.0.3" and len(found["addresses"]) == 60


def test_picker_sends_nothing_but_the_pool(owner: Client, pool: Pool, subscribe: Subscribe) -> None:
    connection = subscribe(pool=pool)
    for name in ("edit_connection", "move"):
        page = text_of(owner, name, connection.pk)
        chosen = page[page.index('<select name="pool"') :]
        assert 'hx-include="this"' in chosen[: chosen.index(">")]
        assert 'id="free-addresses"' in page


def test_zone_form_shows_the_dates_before_saving(owner: Client, zone: Zone) -> None:
    data = {
        "name": "Norte",
        "company": zone.company_id,
        "mode": "prepaid",
        "payment_day": "1",
        "create_style": "before",
        "create_value": "3",
        "notice_style": "before",
        "notice_value": "",
        "cut_style": "grace",
        "cut_value": "3",
        "cut_after": "1",
        "is_active": "on",
    }
    dates = owner.post(reverse("network:zone_dates"), data).content.decode()
    assert "29 Jul" in dates and "1 Aug" in dates and "5 Aug" in dates
    assert not Zone.objects.filter(name="Norte").exists()
    wrong = owner.post(reverse("network:zone_dates"), data | {"payment_day": "32"})
    assert "Complete the dates" in wrong.content.decode()
    router = Router.objects.create(name="R", host="192.0.2.1", username="u")
    owner.post(reverse("network:new_zone"), data | {"routers": [router.pk]})
    made = Zone.objects.get(name="Norte")
    assert list(made.routers.all()) == [router]
    assert "29 Jul" in text_of(owner, "zones", q="norte")


def test_site_is_made(owner: Client) -> None:
    owner.post(reverse("network:new_site"), {"name": "Cerro", "notes": ""})
    assert Site.objects.get().name == "Cerro"
    assert "Cerro" in text_of(owner, "sites")


def test_connection_is_edited_and_moved_from_the_customers_page(
    owner: Client, subscribe: Subscribe, router: Router, pool: Pool
) -> None:
    connection = subscribe(pool=pool)
    data = {
        "username": "otra",
        "password": "",
        "pool": pool.pk,
        "address": "10.99.0.1",
        "local_address": "",
        "mac": "",
    }
    url = reverse("network:edit_connection", args=[connection.pk])
    assert "not a customer address of the pool" in owner.post(url, data).content.decode()
    owner.post(url, data | {"address": "10.20.0.77"})
    assert (fresh(connection).username, fresh(connection).address) == ("otra", "10.20.0.77")
    assert fresh(connection).password == connection.password
    other = Router.objects.create(name="Norte", host="192.0.2.2", username="c", driver="memory")
    new_pool = Pool.objects.create(router=other, name="N", network="10.7.0.0/24")
    owner.post(
        reverse("network:move", args=[connection.pk]),
        {"router": other.pk, "technology": "pppoe", "pool": new_pool.pk, "address": ""},
    )
    assert (fresh(connection).router, fresh(connection).address) == (other, "10.7.0.1")


def test_router_with_its_api_off_warns_on_the_customers_page(
    owner: Client, subscribe: Subscribe, router: Router
) -> None:
    connection = subscribe()
    Router.objects.update(is_active=False)
    assert "API of the router is off" in text_of(owner, "proof", connection.service.customer_id)
    assert "API of this router is off" in text_of(owner, "state", router.pk)
    response = owner.post(reverse("network:read", args=[router.pk]), follow=True)
    assert "changes wait until it is used again" in response.content.decode()


def test_alarm_is_shown_after_its_hours(
    owner: Client, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe()
    box.online = False
    reconcile(router, NOW - timedelta(hours=3))
    box.online = True
    assert "Alarm" in text_of(owner, "routers") and "Alarm" in text_of(owner, "health")
    Connection.objects.update(pending_since=NOW - timedelta(hours=3))
    assert "too long" in text_of(owner, "proof", connection.service.customer_id)
    assert "text-danger" in text_of(owner, "waiting")


def test_released_address_is_given_back_or_says_who_has_it(
    owner: Client, subscribe: Subscribe
) -> None:
    ana = subscribe("Ana", address="10.0.0.5")
    actions.release(actor=CLERK, now=NOW, connection=ana)
    subscribe("Beto", address="10.0.0.5")
    url = reverse("network:return", args=[ana.pk])
    assert "already in use: Beto" in owner.post(url, follow=True).content.decode()


def test_collector_does_not_see_the_network_of_others(
    client_as: ClientAs, subscribe: Subscribe
) -> None:
    connection = subscribe()
    collector = client_as("collector")
    url = reverse("network:proof", args=[connection.service.customer_id])
    assert collector.get(url).status_code in (403, 404)
    assert collector.get(reverse("network:routers")).status_code == 403

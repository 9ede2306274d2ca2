"""What people see of RADIUS, and what they may do there."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync import door
from caudal.apps.network.tests.conftest import Subscribe
from caudal.apps.radius import actions
from caudal.apps.radius.book import RouterBook
from caudal.apps.radius.models import Policy, Rejection
from caudal.apps.radius.tests.conftest import AT, begin
from caudal.apps.staff.models import JournalEntry
from tests.rig.radius import Nas

ClientAs = Callable[..., Client]


@pytest.fixture(autouse=True)
def english(settings: object) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_offered", dict(door._offered))
    quick = {"timeout_s": 0.5, "settle_s": 0.1}
    door.offer("radius", lambda router: {"book": RouterBook(router), **quick})


@pytest.fixture
def owner(client_as: ClientAs) -> Client:
    return client_as("owner")


@pytest.fixture
def ana(subscribe: Subscribe) -> Connection:
    return subscribe("Ana Peña", username="ana", password="clave", address="10.20.0.10")


def text_of(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"radius:{name}", args=args), query)
    assert response.status_code == 200, name
    return response.content.decode()


def refuse(connection: Connection | None = None, **values: object) -> None:
    Rejection.objects.create(
        **{
            "username": "ana", "nas": "127.0.0.1", "reason": "password", "times": 4, "since": AT,
            "latest": AT, "connection": connection,
            "router": connection.router if connection else None, **values,
        }
    )  # fmt: skip


def test_the_empty_screens_say_what_to_do_next(owner: Client, db: None) -> None:
    shown = text_of(owner, "overview")
    assert "Nobody was refused" in shown
    assert "Choose RADIUS as the kind of a router" in shown


def test_refusals_are_told_in_words_and_found(owner: Client, ana: Connection) -> None:
    refuse(ana)
    refuse(username="extraño", reason="unknown", times=1)
    shown = text_of(owner, "overview")
    assert "Wrong password" in shown and "4 times" in shown and "Ana Peña" in shown
    assert "Unknown user" in shown and "Torre Norte" in shown
    found = text_of(owner, "overview", part="1", reason="unknown")
    assert "extraño" in found and "Ana Peña" not in found
    assert "No refusal matches" in text_of(owner, "overview", part="1", q="nadie")


def test_the_customers_page_tells_sessions_and_refusals(
    owner: Client, ana: Connection, nas: Nas
) -> None:
    begin(ana, nas, down_bytes=5 * 2**30, mac="AA:BB:CC:00:00:01")
    begin(ana, ended=AT, cause="User-Request")
    refuse(ana, reason="suspended")
    shown = text_of(owner, "customer", ana.service.customer_id)
    assert "Connected" in shown and "5.0\xa0GB" in shown
    assert "hung up" in shown and "Suspended" in shown


def test_who_is_not_given_by_radius_has_no_log(owner: Client, subscribe: Subscribe) -> None:
    api = Router.objects.create(name="API", driver="memory", host="192.0.2.9")
    other = subscribe("Luis", router=api)
    assert text_of(owner, "customer", other.service.customer_id) == ""
    assert text_of(owner, "router", api.pk) == ""


def test_the_routers_page_tells_who_is_in(
    owner: Client, ana: Connection, router: Router, subscribe: Subscribe
) -> None:
    begin(ana)
    begin(subscribe("Luis Gómez", username="luis"), answer="cut")
    refuse(ana)
    shown = text_of(owner, "router", router.pk)
    assert "Ana Peña" in shown and "Only the notice" in shown and "Wrong password" in shown
    found = text_of(owner, "router", router.pk, part="1", q="luis")
    assert "Luis Gómez" in found and "Ana Peña" not in found


def test_a_session_is_closed_from_the_screen(owner: Client, ana: Connection, nas: Nas) -> None:
    session = begin(ana, nas)
    response = owner.post(reverse("radius:close", args=[session.pk]), follow=True)
    assert "The session was closed." in response.content.decode()
    assert nas.live == {}
    entry = JournalEntry.objects.get(verb="radius.close")
    assert entry.customer_id == ana.service.customer_id


def test_a_router_that_does_not_answer_is_told(owner: Client, ana: Connection, nas: Nas) -> None:
    session = begin(ana, nas)
    nas.mood = "silent"
    response = owner.post(reverse("radius:close", args=[session.pk]), follow=True)
    assert "took too long to answer" in response.content.decode()
    assert not JournalEntry.objects.filter(verb="radius.close").exists()


def test_the_policy_is_saved_and_in_the_journal(owner: Client, db: None) -> None:
    actions.policy()
    url = reverse("radius:policy")
    values = {
        "on_cut": "reject", "on_cancelled": "reject", "on_unknown": "notice",
        "notice_rate": "512k/1M", "interim_s": "120", "notice_pool": "aviso",
    }  # fmt: skip
    assert owner.post(url, {**values, "notice_rate": "rápido"}).status_code == 200
    assert owner.post(url, values).status_code == 302
    policy = Policy.objects.get()
    assert (policy.on_cut, policy.interim_s, policy.notice_rate) == ("reject", 120, "512k/1M")
    assert JournalEntry.objects.filter(verb="radius.policy").exists()


def test_a_collector_sees_only_his_own_refusals(
    client_as: ClientAs, ana: Connection, user_with_role: Callable[..., object]
) -> None:
    refuse(ana)
    support = text_of(client_as("support"), "overview")
    assert "Ana Peña" in support
    assert client_as("collector").get(reverse("radius:overview")).status_code == 403


def test_a_router_that_asks_has_an_address_and_a_secret_but_no_user(
    owner: Client, db: None
) -> None:
    url = reverse("network:new_router")
    values = {
        "name": "Norte", "driver": "radius", "host": "torre.example", "port": "8728",
        "blocked_list": "morosos", "alarm_after_hours": "2", "is_active": "on",
    }  # fmt: skip
    shown = owner.post(url, values).content.decode()
    assert "the IP address that the router asks from" in shown
    assert "the secret that both share" in shown
    owner.post(url, {**values, "host": "192.0.2.4", "password": "x"})
    made = Router.objects.get()
    assert (made.driver, made.port, made.username) == ("radius", 3799, "")
    assert "required" in owner.post(url, {**values, "driver": "routeros"}).content.decode()

"""Is FreeRADIUS at work? When each router last asked and reported, on screen and over the API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from caudal.apps.network.models import Connection, Router
from caudal.apps.network.tests.conftest import Subscribe
from caudal.apps.radius import actions, api, views
from caudal.apps.radius.models import Client, Rejection, Session
from caudal.apps.radius.signs import Sign, heard_of, is_down
from caudal.apps.radius.tests.conftest import AT, begin
from caudal.apps.staff.models import JournalEntry

ClientAs = Callable[..., Browser]
NOW = datetime.fromtimestamp(AT, UTC)
JSON: dict[str, Any] = {"content_type": "application/json"}


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def ana(subscribe: Subscribe) -> Connection:
    return subscribe("Ana Peña", username="ana", password="clave", address="10.20.0.10")


def keep_up(minutes: int = 0) -> None:
    """As the job does, at that many minutes after NOW."""
    at = NOW + timedelta(minutes=minutes)
    actions.note_signs(at)
    actions.close_silent(at)


def sign(minutes: int = 0) -> Sign:
    at = NOW + timedelta(minutes=minutes)
    (found,) = heard_of(Client.objects.all(), actions.policy(), at)
    return found.sign


def test_a_router_that_never_asked_is_told(router: Router) -> None:
    keep_up()
    assert sign() is Sign.NEVER


def test_a_refusal_is_a_sign_of_life_too(router: Router) -> None:
    Rejection.objects.create(
        username="x", nas="127.0.0.1", reason="unknown", since=AT, latest=AT, router=router
    )
    keep_up()
    assert sign() is Sign.IDLE and Client.objects.get().asked == AT


def test_reports_that_stop_are_missed_even_after_the_sessions_were_ended(
    router: Router, ana: Connection
) -> None:
    begin(ana, interim_s=300)
    keep_up()
    assert sign() is Sign.AT_WORK
    keep_up(20)
    assert not Session.objects.open().exists(), "they ended without a word"
    keep_up(30)
    assert sign(30) is Sign.SILENT
    begin(ana, heard=AT + 1900, interim_s=300)
    keep_up(32)
    assert sign(32) is Sign.AT_WORK


def test_who_hangs_up_in_peace_leaves_nobody_silent(router: Router, ana: Connection) -> None:
    session = begin(ana, interim_s=300)
    keep_up()
    Session.objects.filter(pk=session.pk).update(ended=AT + 60, heard=AT + 60)
    keep_up(2)
    assert sign(2) is Sign.IDLE and sign(600) is Sign.IDLE


def test_when_all_are_silent_it_is_freeradius_itself(router: Router, ana: Connection) -> None:
    other = Router.objects.create(name="Sur", driver="radius", host="192.0.2.7", password="x")
    actions.write_clients()
    Client.objects.filter(router=router).update(asked=AT, heard=AT, busy=True)
    late = NOW + timedelta(hours=1)
    found = heard_of(Client.objects.all(), actions.policy(), late)
    assert is_down(found), "the other one never asked: it says nothing"
    fresh = int(late.timestamp())
    Client.objects.filter(router=other).update(asked=fresh, heard=fresh, busy=True)
    assert not is_down(heard_of(Client.objects.all(), actions.policy(), late))
    assert not is_down([])


def test_the_page_tells_who_never_asked_and_what_may_be_down(
    client_as: ClientAs, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, url = client_as("owner"), reverse("radius:overview")
    assert "Never asked" in owner.get(url).content.decode()
    Client.objects.update(asked=AT, heard=AT, busy=True)
    monkeypatch.setattr(views, "machine_time", lambda: NOW + timedelta(hours=2))
    text = owner.get(url).content.decode()
    assert "Silent" in text and "FreeRADIUS may have stopped" in text
    monkeypatch.setattr(views, "machine_time", lambda: NOW)
    text = owner.get(url).content.decode()
    assert "At work" in text and "FreeRADIUS may have stopped" not in text


def test_programs_read_sessions_refusals_and_signs(
    client_as: ClientAs, router: Router, ana: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, base = client_as("owner"), "/api/v1/radius-"
    begin(ana)
    begin(ana, ended=AT, key="x")
    Rejection.objects.create(
        username="x", nas="127.0.0.1", reason="unknown", since=AT, latest=AT, router=router
    )
    keep_up()
    monkeypatch.setattr(api, "machine_time", lambda: NOW)
    (row,) = owner.get(f"{base}sessions/", {"open": "true"}).json()["results"]
    assert (row["username"], row["ended_at"], row["address"]) == ("ana", None, "10.20.0.10")
    assert len(owner.get(f"{base}sessions/").json()["results"]) == 2
    found = owner.get(f"{base}sessions/", {"customer": ana.service.customer_id}).json()
    assert len(found["results"]) == 2
    assert owner.get(f"{base}refusals/").json()["results"][0]["reason"] == "unknown"
    (client,) = owner.get(f"{base}clients/").json()
    assert (client["router"], client["sign"]) == (router.pk, "at-work")
    assert "secret" not in str(client)
    assert client_as("cashier").get(f"{base}sessions/").status_code == 403


def test_programs_change_the_policy_and_close_sessions(
    client_as: ClientAs, router: Router, ana: Connection
) -> None:
    owner, base = client_as("owner"), "/api/v1/radius-"
    done = owner.post(f"{base}policy/", {"on_cut": "reject"}, **JSON).json()
    assert done["on_cut"] == "reject" and actions.policy().on_cut == "reject"
    assert owner.post(f"{base}policy/", {"interim_s": 5}, **JSON).status_code == 400
    assert JournalEntry.objects.filter(verb="radius.policy").exists()
    assert owner.get(f"{base}policy/").json()["on_cut"] == "reject"
    over = begin(ana, ended=AT)
    assert owner.post(f"{base}sessions/{over.pk}/close/", **JSON).json() == {"closed": False}
    assert client_as("technician").post(f"{base}policy/", {}, **JSON).status_code == 403

"""Tools, backups and adoption over the API, asked of a practice router on its real socket."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.catalog.models import Technology
from caudal.apps.clock.jobs import Run
from caudal.apps.network import actions
from caudal.apps.network.actions import backups
from caudal.apps.network.models import Connection, Router, RouterBackup
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, fresh
from caudal.apps.network.tests.test_practice import reached_at
from caudal.apps.network.tools.backups import take
from caudal.apps.network.tools.jobs import forget_backups
from caudal.apps.staff.models import JournalEntry
from caudal.practice.routeros import V6, V7_NEW, PracticeRouter

ClientAs = Callable[..., Client]
Subscribe = Callable[..., Connection]
JSON: dict[str, Any] = {"content_type": "application/json"}
MAC = "02:00:00:00:00:05"
NIGHT = datetime(2026, 7, 5, 12, 0, tzinfo=UTC)


@pytest.fixture(params=[V6, V7_NEW])
def practice(request: pytest.FixtureRequest) -> Iterator[PracticeRouter]:
    with PracticeRouter(request.param, identity="torre-norte") as found:
        yield found


@pytest.fixture
def router(db: None, practice: PracticeRouter) -> Router:
    return reached_at(practice)


def tool(router: Router, name: str) -> str:
    return f"/api/v1/router-tools/{router.pk}/{name}/"


def test_a_program_looks_a_router_up_as_a_person_does(
    owner: Client, subscribe: Subscribe, router: Router, practice: PracticeRouter
) -> None:
    ana = subscribe("Ana", technology=Technology.SIMPLE_QUEUE, address="10.20.0.5")
    practice.put("/ip/arp", address="10.20.0.5", mac_address=MAC, interface="ether2")
    practice.put("/ip/arp", address="10.20.0.9", mac_address=MAC, interface="ether2")
    assert owner.get(tool(router, "vitals")).json()["identity"] == "torre-norte"
    rows = {row["address"]: row for row in owner.get(tool(router, "arp")).json()}
    assert (rows["10.20.0.5"]["match"], rows["10.20.0.9"]["match"]) == ("no-mac", "unknown")
    assert rows["10.20.0.5"]["service"] == ana.service_id
    for name in ("online", "leases", "radios"):
        assert owner.get(tool(router, name)).json() == []
    body = {"addresses": ["10.20.0.5", "10.20.0.9"], "bind_mac": True}
    done = owner.post(tool(router, "import-arp"), body, **JSON).json()
    assert done == {"found": 1, "changed": 1, "refused": []}
    assert fresh(ana).mac == MAC and fresh(ana).bind_mac
    pinged = owner.post(tool(router, "ping"), {"address": "10.20.0.5", "count": 2}, **JSON).json()
    assert pinged["sent"] == 2
    hops = owner.post(tool(router, "trace"), {"address": "10.20.0.5"}, **JSON)
    assert hops.status_code == 200 and isinstance(hops.json(), list)


def test_a_router_that_is_off_is_told_and_words_are_no_addresses(
    owner: Client, router: Router, practice: PracticeRouter
) -> None:
    assert owner.post(tool(router, "ping"), {"address": "a b"}, **JSON).status_code == 400
    practice.power_off()
    told = owner.get(tool(router, "vitals"))
    assert told.status_code == 400 and told.json()["code"] == "unreachable"
    Router.objects.update(is_active=False)
    assert owner.get(tool(router, "vitals")).json()["code"] == "router-off"


def test_looking_takes_one_right_and_importing_another(
    client_as: ClientAs, router: Router, practice: PracticeRouter
) -> None:
    assert client_as("cashier").get(tool(router, "vitals")).status_code == 403
    support = client_as("support")
    assert support.get(tool(router, "vitals")).status_code == 200
    body = {"addresses": ["10.20.0.5"]}
    allowed = support.post(tool(router, "import-arp"), body, **JSON).status_code == 200
    assert allowed is (support.get("/").wsgi_request.user.may("services.edit"))  # type: ignore[union-attr]


def test_backups_are_listed_read_compared_and_taken(
    client_as: ClientAs, owner: Client, router: Router, practice: PracticeRouter
) -> None:
    base = "/api/v1/router-backups/"
    practice.put("/ppp/secret", name="ana", password="clave123")
    first = owner.post(f"{base}take/", {"router": router.pk}, **JSON).json()
    practice.put("/ppp/secret", name="beto", password="otra")
    second = owner.post(f"{base}take/", {"router": router.pk}, **JSON).json()
    assert second["id"] != first["id"] and "text" not in second
    listed = owner.get(base, {"router": router.pk, "q": "beto"}).json()["results"]
    assert [row["id"] for row in listed] == [second["id"]]
    whole = owner.get(f"{base}{second['id']}/").json()["text"]
    assert "beto" in whole and "clave123" not in whole
    lines = owner.get(f"{base}{second['id']}/difference/", {"than": first["id"]}).json()
    assert any(line["sign"] == "+" and "beto" in line["text"] for line in lines)
    assert owner.get(f"{base}{second['id']}/difference/", {"than": "x"}).status_code == 404
    practice.power_off()
    told = owner.post(f"{base}take/", {"router": router.pk}, **JSON)
    assert told.status_code == 400 and told.json()["code"] == "unreachable"
    assert client_as("technician").get(base).status_code == 403


def test_one_row_made_by_hand_is_adopted_for_its_service(
    owner: Client, subscribe: Subscribe, router: Router, practice: PracticeRouter
) -> None:
    practice.put("/ppp/secret", name="casa", password="suya", remote_address="10.20.0.5")
    ana = subscribe("Ana", username="ana", address="10.20.0.7")
    reconcile(router, NOW)
    url = f"/api/v1/routers/{router.pk}/adopt/"
    body = {"kind": "account", "key": "casa", "service": ana.service_id}
    assert owner.post(url, body | {"key": "otra"}, **JSON).status_code == 400
    assert owner.post(url, body | {"service": 999}, **JSON).status_code == 404
    assert owner.post(url, body, **JSON).json() == {"service": ana.service_id}
    reconcile(router, NOW + timedelta(minutes=1))
    (row,) = [r for r in practice.rows("/ppp/secret") if r["name"] == "casa"]
    assert row["comment"].startswith(f"caudal:{ana.service_id}:")
    assert fresh(ana).state == Connection.Sync.IN_SYNC


def test_old_backups_are_forgotten_but_never_the_newest_of_a_router(
    router: Router, practice: PracticeRouter
) -> None:
    take(router, NIGHT)
    practice.put("/ppp/secret", name="beto", password="otra")
    take(router, NIGHT + timedelta(days=10))
    year = NIGHT + timedelta(days=366)
    assert forget_backups(Run(), year.date(), "UTC", NIGHT + timedelta(days=364)) == {}
    assert forget_backups(Run(), year.date(), "UTC", year) == {"forgotten": 1}
    assert "beto" in RouterBackup.objects.get().text
    assert forget_backups(Run(), year.date(), "UTC", NIGHT + timedelta(days=900)) == {}
    backups.keep_for(actor=CLERK, now=NOW, days=None)
    practice.put("/ppp/secret", name="caro", password="otra")
    take(router, NIGHT + timedelta(days=900))
    later = NIGHT + timedelta(days=9000)
    assert forget_backups(Run(), later.date(), "UTC", later) == {}, "for ever"


def test_how_long_backups_are_kept_is_chosen_on_a_page(
    client_as: ClientAs, owner: Client, router: Router
) -> None:
    url = reverse("network:backup_policy")
    assert owner.get(url).status_code == 200
    assert "kept_days" in owner.post(url, {"kept_days": "0"}).content.decode()
    owner.post(url, {"kept_days": "90"})
    assert backups.policy().kept_days == 90
    owner.post(url, {"kept_days": ""})
    assert backups.policy().kept_days is None
    assert JournalEntry.objects.filter(verb="backup.policy").count() == 2
    assert client_as("technician").get(url).status_code == 403
    assert actions.last_reading(router) is None

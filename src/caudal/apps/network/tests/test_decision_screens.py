"""Differences, decisions, undoing and brakes as people and programs meet them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.network import actions
from caudal.apps.network.models import Operation, Router, RowDecision
from caudal.apps.network.sync import reconcile
from caudal.apps.network.tests.conftest import CLERK, NOW, Subscribe, fresh, held, suspend
from caudal.core.access import Kind, Row
from caudal.integrations.access.memory import MemoryRouter

ClientAs = Callable[..., Client]
SOON = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    """Texts are looked for in English, whatever the catalogue says today."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the screens stands at the tests' instant."""
    for room in ("routers", "parts", "acts", "differences", "decisions", "undoing", "safety"):
        monkeypatch.setattr(f"caudal.apps.network.views.{room}.now", lambda: SOON)


@pytest.fixture
def owner(client_as: ClientAs) -> Client:
    return client_as("owner")


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"network:{name}", args=args), query)
    assert response.status_code == 200, name
    return response.content.decode()


def post(client: Client, name: str, *args: object, **data: Any) -> str:
    """The page that follows, with what it says."""
    response = client.post(reverse(f"network:{name}", args=args), data, follow=True)
    assert response.status_code == 200, name
    return response.content.decode()


@pytest.fixture
def mixed(subscribe: Subscribe, router: Router, box: MemoryRouter) -> None:
    """A customer of ours, one whose name somebody holds, a stranger, and a stranger online."""
    subscribe("Ana Ruiz", address="10.0.0.5")
    subscribe("Beto Díaz", username="casa")
    box.put(Row(Kind.ACCOUNT, "casa", {"password": "suya"}, "a mano"))
    box.put(Row(Kind.ACCOUNT, "vecino", {"password": "x", "address": "10.7.7.7"}, "vecino viejo"))
    box.dial("nadie", address="10.8.8.8")
    reconcile(router, NOW)


def test_differences_of_a_router_show_both_directions(
    owner: Client, mixed: None, router: Router
) -> None:
    text = page(owner, "router_differences", router.pk)
    assert "Beto" in text and "made by hand" in text
    assert "vecino viejo" in text and "10.8.8.8" in text and "Verified" in text
    assert "Ana Ruiz" not in text, "who is in sync is no difference"
    assert "vecino viejo" not in page(owner, "router_differences", router.pk, q="casa")
    text = page(owner, "differences")
    assert router.name in text


def test_row_is_ignored_shown_again_and_removed_from_the_screen(
    owner: Client, mixed: None, router: Router, box: MemoryRouter
) -> None:
    row = {"row": "account vecino"}
    assert "1 row is ignored" in post(owner, "decide", router.pk, choice="ignore", **row)
    text = page(owner, "router_differences", router.pk)
    assert 'value="account vecino"' not in text and "Show again" in text
    post(owner, "forget_decision", RowDecision.objects.get().pk)
    assert 'value="account vecino"' in page(owner, "router_differences", router.pk)
    text = post(owner, "decide", router.pk, choice="remove", count="", **row)
    assert "The number is another" in text
    text = post(owner, "decide", router.pk, choice="remove", count="1", **row)
    assert "being removed" in text
    reconcile(router, SOON)
    assert "vecino" not in held(box, Kind.ACCOUNT)
    assert owner.post(reverse("network:decide", args=[router.pk]), {}).status_code == 404


def test_ignored_row_that_changes_is_shown_again(
    owner: Client, mixed: None, router: Router, box: MemoryRouter
) -> None:
    post(owner, "decide", router.pk, choice="ignore", row="account vecino")
    row = held(box, Kind.ACCOUNT)["vecino"]
    box.rows[row.ref] = Row(row.kind, row.key, {"password": "y"}, row.comment, row.ref)
    reconcile(router, SOON)
    assert 'value="account vecino"' in page(owner, "router_differences", router.pk)


def test_row_is_adopted_with_the_password_the_customer_uses(
    owner: Client, mixed: None, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    url = reverse("network:adopt", args=[router.pk]) + "?kind=account&key="
    assert "Beto" in owner.get(url + "casa").content.decode(), "proposed by its name"
    chosen = subscribe("Caro Paz")
    reconcile(router, NOW)
    assert "Caro" not in owner.get(url + "vecino").content.decode()
    assert "Caro" in owner.get(url + "vecino&q=caro").content.decode()
    owner.post(url + "vecino", {"connection": chosen.pk})
    reconcile(router, SOON)
    row = held(box, Kind.ACCOUNT)["vecino"]
    assert row.comment.startswith("caudal:") and row.attrs["password"] == "x"
    seen = fresh(chosen)
    assert (seen.username, seen.address, seen.state) == ("vecino", "10.7.7.7", "in_sync")
    assert len(held(box, Kind.ACCOUNT)) == 3, "his own row was renamed or removed, not doubled"
    assert owner.get(url + "fantasma").status_code == 404


def test_operation_is_undone_from_the_customer_and_from_the_pass(
    owner: Client, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    connection = subscribe("Ana Ruiz", address="10.0.0.5")
    reconcile(router, NOW)
    suspend(connection)
    done = reconcile(router, NOW)
    journal = page(owner, "connection_journal", connection.pk)
    operation = Operation.objects.get(menu=Kind.BLOCK)
    undo = reverse("network:undo", args=[operation.pk])
    assert undo in journal and undo in page(owner, "pass", done.pk)
    assert "put back" in post(owner, "undo", operation.pk)
    assert "Undone by" in page(owner, "connection_journal", connection.pk)
    reconcile(router, SOON)
    assert not held(box, Kind.BLOCK)
    proof = owner.get(reverse("network:proof", args=[connection.service.customer_id]))
    assert "it is left as it is" in proof.content.decode()
    assert "Follow the system again" in page(owner, "router_differences", router.pk)


def test_whole_pass_is_undone_by_typing_its_count(
    owner: Client, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    found = [subscribe(f"Cliente {n}", address=f"10.0.1.{n + 1}") for n in range(3)]
    reconcile(router, NOW)
    for connection in found:
        suspend(connection)
    cuts = reconcile(router, NOW)
    assert "To undo all 3 changes" in page(owner, "pass", cuts.pk)
    assert "The number is another" in post(owner, "undo_pass", cuts.pk, count="2")
    assert "3 changes are being undone" in post(owner, "undo_pass", cuts.pk, count="3")
    reconcile(router, SOON)
    assert not held(box, Kind.BLOCK)


def test_one_button_stops_all_routers(
    owner: Client, client_as: ClientAs, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    subscribe()
    assert "Stop all routers" in page(owner, "safety")
    post(owner, "stop_all")
    reconcile(router, SOON)
    assert not box.rows
    assert "Nothing is written to any router" in page(owner, "state", router.pk)
    assert "Let routers be written again" in page(owner, "safety")
    assert client_as("support").post(reverse("network:resume_all")).status_code == 403
    post(owner, "resume_all")
    reconcile(router, SOON)
    assert box.rows


def test_ceiling_is_set_and_what_waits_is_shown(
    owner: Client, subscribe: Subscribe, router: Router
) -> None:
    found = [subscribe(f"Cliente {n}", address=f"10.0.1.{n + 1}") for n in range(3)]
    reconcile(router, NOW)
    owner.post(reverse("network:safety"), {"cuts_per_hour": "2"})
    assert actions.ceiling() == 2
    for connection in found:
        suspend(connection)
    reconcile(router, SOON)
    text = page(owner, "safety")
    assert "Cuts that wait for the next hour: 1." in text and router.name in text
    owner.post(reverse("network:safety"), {"cuts_per_hour": ""})
    assert actions.ceiling() == 100


def test_api_gives_differences_and_takes_decisions(
    client_as: ClientAs, mixed: None, router: Router, box: MemoryRouter
) -> None:
    api = client_as("owner")
    base = f"/api/v1/routers/{router.pk}/"
    found = api.get(base).json()
    assert found["serial"] == "MEM0001" and found["verified_at"]
    report = api.get(f"{base}differences/").json()
    assert [row["key"] for row in report["unknown"]] == ["casa", "vecino"]
    assert report["missing"][0]["code"] == "unmarked"
    assert report["verified_at"] == found["verified_at"]
    body = {"choice": "remove", "rows": [{"kind": "account", "key": "vecino"}], "count": 1}
    send = {"content_type": "application/json"}
    assert api.post(f"{base}decide/", body | {"count": 4}, **send).status_code == 400
    assert api.post(f"{base}decide/", body, **send).json() == {"decided": 1}
    reconcile(router, SOON)
    assert "vecino" not in held(box, Kind.ACCOUNT)
    decisions = api.get("/api/v1/row-decisions/").json()["results"]
    assert decisions[0]["choice"] == "remove" and decisions[0]["done_at"]
    assert api.get(base).json()["decided"] == 1


def test_api_undoes_stops_and_releases_the_brake(
    client_as: ClientAs, subscribe: Subscribe, router: Router, box: MemoryRouter
) -> None:
    api, send = client_as("owner"), {"content_type": "application/json"}
    found = [subscribe(f"Cliente {n}", address=f"10.0.1.{n + 1}") for n in range(21)]
    reconcile(router, NOW)
    for connection in found:
        suspend(connection)
    braked = reconcile(router, NOW)
    url = f"/api/v1/router-passes/{braked.pk}/"
    assert api.get(url).json()["brakes"] == [{"code": "mass-cut", "count": 21}]
    assert api.post(f"{url}approve/", {"count": 20}, **send).status_code == 400
    assert api.post(f"{url}approve/", {"count": 21}, **send).status_code == 200
    done = reconcile(router, SOON)
    rows = api.get("/api/v1/router-operations/", {"effect": "cut", "sync_pass": done.pk}).json()
    assert len(rows["results"]) == 21
    first = rows["results"][0]
    assert api.post(f"/api/v1/router-operations/{first['id']}/undo/", **send).status_code == 200
    assert api.post(f"/api/v1/router-operations/{first['id']}/undo/", **send).status_code == 400
    assert api.post("/api/v1/network-safety/stop/", **send).json()["stopped_by"]
    assert actions.is_stopped()
    assert api.post("/api/v1/network-safety/resume/", **send).json()["stopped_at"] is None
    asked = api.post(f"/api/v1/routers/{router.pk}/request/", {"kind": "dry_run"}, **send)
    assert asked.json()["requested"] == "dry_run"
    api.post(f"/api/v1/routers/{router.pk}/freeze/", **send)
    router.refresh_from_db()
    assert router.is_frozen
    support = client_as("support")
    assert support.post("/api/v1/network-safety/stop/", **send).status_code == 403
    assert support.get("/api/v1/router-operations/").status_code == 200


def test_clerk_without_the_verb_sees_and_may_not_decide(
    client_as: ClientAs, mixed: None, router: Router
) -> None:
    support = client_as("support")
    assert "Remove the chosen" not in page(support, "router_differences", router.pk)
    for name in ("decide", "adopt"):
        assert support.post(reverse(f"network:{name}", args=[router.pk])).status_code == 403
    assert actions.last_reading(router) is not None and CLERK.name == "test"

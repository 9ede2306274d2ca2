"""Saved views: renamed, ordered, shared and forgotten, on their page and by programs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from caudal.apps.desk.list import kept
from caudal.apps.desk.models import SavedView
from caudal.apps.staff.models import User
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]
API = "/api/v1/saved-views/"
JSON: dict[str, Any] = {"content_type": "application/json"}
PAGE = "/customers/views/keep/"


@pytest.fixture
def mine(owner: User) -> list[SavedView]:
    return [kept.save_view(user=owner, name=name, query="debt=yes") for name in ("Uno", "Dos")]


def names(client: Client) -> list[str]:
    context = client.get(PAGE).context
    return [view.name for view in [*context["mine"], *context["others"]]]


def test_views_are_renamed_ordered_shared_and_forgotten(
    client_as: ClientAs, mine: list[SavedView]
) -> None:
    owner, manager = client_as("owner"), client_as("manager")
    first, second = mine
    assert names(owner) == ["Uno", "Dos"]
    owner.post(f"/customers/views/{second.pk}/up/")
    assert names(owner) == ["Dos", "Uno"]
    assert names(manager) == []
    owner.post(f"/customers/views/{first.pk}/", {"name": "Deudores", "is_shared": "on"})
    assert names(manager) == ["Deudores"]
    assert "Deudores" in manager.get("/customers/views/").content.decode()
    owner.post(f"/customers/views/{second.pk}/", {"name": "Deudores"})
    assert names(owner) == ["Dos", "Deudores"]
    for act in ("", "forget/", "up/"):
        manager.post(f"/customers/views/{first.pk}/{act}", {"name": "Ajena"})
    assert names(owner) == ["Dos", "Deudores"]
    owner.post(f"/customers/views/{first.pk}/forget/?keep=1")
    assert (names(owner), names(manager)) == (["Dos"], [])


def test_the_same_name_again_keeps_place_and_audience(owner: User, mine: list[SavedView]) -> None:
    kept.edit_view(view=mine[0], is_shared=True)
    again = kept.save_view(user=owner, name=" Uno ", query="?state=active&cursor=x")
    assert (again.pk, again.query, again.is_shared) == (mine[0].pk, "state=active", True)


def test_programs_keep_views_as_people_do(client_as: ClientAs, mine: list[SavedView]) -> None:
    owner, manager = client_as("owner"), client_as("manager")
    made = owner.post(API, {"name": "Cortados", "query": "state=suspended"}, **JSON)
    assert made.status_code == 201
    address = f"{API}{made.json()['id']}/"
    assert made.json()["address"] == "/customers/?state=suspended"
    assert owner.get(made.json()["address"]).status_code == 200
    assert owner.post(API, {"name": " "}, **JSON).status_code == 400
    assert owner.patch(address, {"name": "Uno"}, **JSON).status_code == 400
    changed = owner.patch(address, {"name": "Sin internet", "steps": -9}, **JSON).json()
    assert (changed["name"], changed["position"]) == ("Sin internet", 1)
    assert manager.get(address).status_code == 404
    owner.patch(address, {"is_shared": True}, **JSON)
    assert manager.get(address).json()["owner"] == "owner"
    assert [row["name"] for row in manager.get(API).json()["results"]] == ["Sin internet"]
    assert manager.patch(address, {"name": "Mía"}, **JSON).status_code == 404
    assert manager.delete(address).status_code == 404
    assert owner.delete(address).status_code == 204
    assert SavedView.objects.count() == 2


def test_the_page_asks_a_fixed_number_of_queries(
    client_as: ClientAs, mine: list[SavedView], owner: User, user_with_role: Callable[..., User]
) -> None:
    client, other = client_as("owner"), user_with_role("manager")

    def asked() -> int:
        return queries_of(lambda: client.get(PAGE))

    asked()
    few = asked()
    for n in range(8):
        kept.save_view(user=owner, name=f"Vista {n}", query="")
        kept.save_view(user=other, name=f"Vista {n}", query="", is_shared=True)
    assert asked() == few


def test_nobody_keeps_views_without_end(
    client_as: ClientAs, mine: list[SavedView], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    owner = client_as("owner")
    assert owner.post(API, {"name": "Tres"}, **JSON).status_code == 400
    assert owner.post("/customers/views/", {"name": "Tres"}).status_code == 302
    assert SavedView.objects.count() == 2

"""Bulk acts by the API: what there is, what one would do, doing it, its results, taking it back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from caudal.apps.bulk.models import BulkAct
from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.many import ids, states
from caudal.apps.staff.models import Role, User
from caudal.apps.staff.verbs import Verb

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/bulk-acts/"
Browsers = Callable[..., Client]


def post(client: Client, path: str, **data: Any) -> Any:
    return client.post(f"{ADDRESS}{path}", data, content_type="application/json")


def suspend(people: list[Customer], **more: Any) -> dict[str, Any]:
    return {
        "act": "customers.suspend",
        "rows": {"ids": ids(people)},
        "options": {"reason": "manual"},
        **more,
    }


@pytest.fixture
def client(client_as: Browsers) -> Client:
    return client_as("owner")


def test_what_may_be_done_is_told_with_its_options(client: Client) -> None:
    known = {each["act"]: each for each in client.get(f"{ADDRESS}known/").json()}
    assert known["customers.suspend"]["undoable"]
    assert "reason" in {each["name"] for each in known["customers.suspend"]["options"]}
    assert known["customers.delete"]["confirm"] == "eliminar_clientes"


def test_a_preview_counts_and_changes_nothing(client: Client, people: list[Customer]) -> None:
    told = post(client, "preview/", **suspend(people)).json()
    assert told["count"] == 4 and states() == ["active"] * 4
    assert not BulkAct.objects.exists()


def test_an_act_is_done_told_and_taken_back(client: Client, people: list[Customer]) -> None:
    key = str(uuid4())
    asked = [post(client, "", **suspend(people, count=4, confirm="4", key=key)) for _ in "ab"]
    assert [answer.status_code for answer in asked] == [201, 201]
    made = asked[0].json()
    assert (made["status"], made["planned"], made["done"]) == ("done", 4, 4)
    assert BulkAct.objects.count() == 1 and states() == ["suspended"] * 4
    rows = client.get(f"{ADDRESS}{made['id']}/rows/?status=done").json()["results"]
    assert {row["subject_id"] for row in rows} == set(ids(people))
    back = post(client, f"{made['id']}/undo/").json()
    assert back["undoes"] == made["id"] and states() == ["active"] * 4
    assert client.get(f"{ADDRESS}{made['id']}/").json()["undone_by"] == back["id"]
    assert post(client, f"{made['id']}/undo/").status_code == 400


def test_rows_are_chosen_by_codes_and_by_a_filter(client: Client, people: list[Customer]) -> None:
    codes = [people[0].code, "nobody"]
    told = post(client, "preview/", **suspend(people) | {"rows": {"codes": codes}}).json()
    assert (told["count"], told["unknown_codes"]) == (1, ["nobody"])
    every = {"all": True, "query": f"q={people[1].code}"}
    assert post(client, "preview/", **suspend(people) | {"rows": every}).json()["count"] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 3},
        {"act": "customers.nothing"},
        {"rows": {}},
        {"rows": {"ids": [1], "all": True}},
        {"options": {"reason": "because"}},
    ],
)
def test_what_makes_no_sense_is_refused(
    client: Client, people: list[Customer], wrong: dict[str, Any]
) -> None:
    answer = post(client, "", **suspend(people, count=4, confirm="4") | wrong)
    assert answer.status_code == 400 and states() == ["active"] * 4


def test_a_grave_act_wants_its_word(client: Client, people: list[Customer]) -> None:
    grave = suspend(people, count=4) | {"act": "customers.delete", "options": {"reason": "x"}}
    assert "confirm" in post(client, "", **grave).json()
    assert not Customer.objects.exclude(archived_at=None).exists()


def test_each_act_wants_its_own_permission(
    client_as: Browsers, people: list[Customer], user_with_role: Callable[..., User]
) -> None:
    cashier = client_as("cashier")
    assert "customers.suspend" not in str(cashier.get(f"{ADDRESS}known/").json())
    assert post(cashier, "preview/", **suspend(people)).status_code == 403
    assert post(cashier, "", **suspend(people, count=4, confirm="4")).status_code == 403


def test_a_collector_reaches_only_his_own(
    client_as: Browsers, people: list[Customer], user_with_role: Callable[..., User]
) -> None:
    user = user_with_role("collector")
    Role.objects.filter(pk=user.role_id).update(verbs=[verb.value for verb in Verb])
    Customer.objects.filter(pk=people[0].pk).update(collector=user)
    collector = client_as("collector")
    told = post(collector, "preview/", **suspend(people)).json()
    assert told["count"] == 1 and "Cliente 1" not in str(told)
    made = post(collector, "", **suspend(people, count=1, confirm="1")).json()
    assert states() == ["suspended", "active", "active", "active"]
    Customer.objects.filter(pk=people[0].pk).update(collector=None)
    assert client_as("collector").get(f"{ADDRESS}{made['id']}/rows/").json()["results"] == []


def test_the_acts_of_others_are_not_shown(
    client: Client, client_as: Browsers, people: list[Customer], now: datetime
) -> None:
    made = post(client, "", **suspend(people, count=4, confirm="4")).json()
    other = client_as("cashier")
    assert other.get(ADDRESS).json()["results"] == []
    assert other.get(f"{ADDRESS}{made['id']}/").status_code == 404
    assert post(other, f"{made['id']}/undo/").status_code == 404


def test_the_list_takes_the_same_queries_however_many(
    client: Client, people: list[Customer], django_assert_max_num_queries: Any
) -> None:
    for each in people:
        post(client, "", **suspend([each], count=1, confirm="1"))
    with django_assert_max_num_queries(6):
        assert len(client.get(ADDRESS).json()["results"]) == 4
